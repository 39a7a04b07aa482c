"""Answers a consent page by the words on its buttons: rejects where that is possible."""

from __future__ import annotations

from lens_rx.clients.browser.tab import Tab
from lens_rx.facts.errors import Blocked, StageTimeout
from lens_rx.parsing.blocking import CONSENT_ACCEPT_WORDS, CONSENT_REJECT_WORDS

ANSWER_SECONDS = 10.0

#: Returns the button to press: one that rejects beside one that accepts, or either of them on a host that
#: serves consent pages only.
CONSENT_BUTTON = """(rejects, accepts) => {
  const says = (element, words) => {
    const label = (element.innerText || element.value || element.getAttribute('aria-label') || '')
      .replace(/\\s+/g, ' ').trim().toLowerCase();
    return label.length > 0 && label.length <= 60 && words.some(word => label.startsWith(word));
  };
  const seen = element => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== 'hidden';
  };
  const places = 'button, input[type=submit], input[type=button], [role=button], a:not([href^="http"])';
  const buttons = [...document.querySelectorAll(places)];
  const no = buttons.find(button => says(button, rejects) && seen(button));
  const yes = buttons.find(button => says(button, accepts) && !says(button, rejects) && seen(button));
  const only = /^(consent|guce|cmp|privacy-?mgmt|choices)[.]/.test(location.hostname);
  return no && yes ? no : only ? no || yes || null : null;
}"""
CONSENT_WORDS = (list(CONSENT_REJECT_WORDS), list(CONSENT_ACCEPT_WORDS))

_IS_ANSWERED = f"(...words) => document.readyState !== 'loading' && !({CONSENT_BUTTON})(...words)"


async def answer_consent(tab: Tab) -> bool:
    """Answer the consent dialog of the page and wait until it is gone; return False where there is none.

    Raises `Blocked` where the dialog stays.
    """
    if not await tab.click(CONSENT_BUTTON, *CONSENT_WORDS):
        return False
    try:
        await tab.wait_until(_IS_ANSWERED, *CONSENT_WORDS, seconds=ANSWER_SECONDS)
    except StageTimeout:
        raise Blocked("The site's question for consent does not go away.", "consent") from None
    return True

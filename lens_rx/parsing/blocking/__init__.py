"""Block pages: whether a response is the page that was asked for, or a captcha, consent wall or error."""

from lens_rx.parsing.blocking.consent import CONSENT_ACCEPT_WORDS, CONSENT_REJECT_WORDS
from lens_rx.parsing.blocking.page_outcome import PageVerdict, classify_page

__all__ = ["CONSENT_ACCEPT_WORDS", "CONSENT_REJECT_WORDS", "PageVerdict", "classify_page"]

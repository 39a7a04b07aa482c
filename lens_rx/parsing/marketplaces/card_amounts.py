"""The price of a card: the texts that are an amount of money and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from lens_rx.parsing.marketplaces.listing_cards import CardText
from lens_rx.parsing.prices import PriceHint, parse_price
from lens_rx.parsing.prices.currency_signs import candidates
from lens_rx.parsing.prices.normalize import CJK_SCALE, fold_key
from lens_rx.parsing.terms import LazyPattern, load_alternation, load_lists, load_pattern, load_terms

_NUMBER = r"\d(?:[\d.,'’\s]*\d)?(?:[.,:]?[-–—]{1,2})?"
_MONEY = re.compile(
    rf"(?P<before>[SB]/\.?|[^\d,(+/]{{0,6}}?)\s?(?P<number>{_NUMBER})\s?(?P<after>[^\d+/(]{{0,5}})"
)
#: "20.-", "1'200,–", "1 200:-": a price without its currency, as Switzerland and Scandinavia write it.
_WHOLE = re.compile(r"\d[\d.,'’ ]*[.,:][-–—]{1,2}")
#: "1,200", "1 200": what makes a single letter before it a currency ("R 1 200").
_GROUPED = re.compile(r"\d{1,3}(?:[,.' ]\d{3})+")
#: "120.00": a price where the site leaves its currency out.
_DECIMAL = re.compile(r"\d[\d,'’ ]*\.\d\d|\d[\d.'’ ]*,\d\d")
_OTHER_AMOUNT = load_pattern("lens_rx.parsing.marketplaces", "offer_phrases", "delivery")
_LONGEST_AMOUNT = 60
_BARE = re.compile(_NUMBER)
#: What stands directly behind a price and is lower than this share of it is the cost of something else.
_LOWEST_SHARE = Decimal("0.2")
_DIGIT = re.compile(r"\d")
_FRACTION = re.compile(r"[.,]\d{1,2}")
_SCALES = sorted(
    {
        term
        for terms in load_lists("lens_rx.parsing.prices", "scales").values()
        for term in terms
        if len(term) > 1 or not term.isascii()
    }
    | CJK_SCALE.keys(),
    key=len,
    reverse=True,
)
_FORMER = frozenset(load_terms("lens_rx.parsing.prices", "words_before_amount", "was"))
_LONGEST_LABEL = 40
#: Characters of one amount, and of a range of two.
_LONGEST_MONEY, _LONGEST_AMOUNTS = 40, 80
_BETWEEN = re.compile(r"[^\W\d_]{1,4}|[-–—~～〜]")


def _phrases(section: str) -> str:
    return load_alternation("lens_rx.parsing.marketplaces", "offer_phrases", section)


_MONEY_AMONG_WORDS = re.compile(
    rf"(?:(?<![^\W\d_])[^\W\d_]{{1,3}}\s?)?[^\w\s+(]?\s?{_NUMBER}(?:\s?[^\d\s+(/]{{1,4}})?"
)
#: What may stand before the highest bid of an auction, or before an amount that was converted.
_BEFORE_AMOUNT = LazyPattern(lambda: re.compile(rf"^{_phrases('current_bid')}\s*:?\s*", re.IGNORECASE))
#: What may stand behind it: that the seller takes less, or does not.
_AFTER_AMOUNT = LazyPattern(
    lambda: re.compile(
        rf"[\s(/·,-]*(?:{_phrases('negotiable')}|(?<!\w){_phrases('fixed_price')})\W*$", re.IGNORECASE
    )
)


@dataclass(frozen=True, slots=True)
class CardAmount:
    """The price of a card, with the upper end of a range; `struck`: the only amount is struck out."""

    low: Decimal
    high: Decimal | None
    currency: str
    struck: bool = False


def _is_currency(token: str, *, behind: bool = False) -> bool:
    """Tell whether a text is a currency's sign or code, or both ("US $", "C $", "zł", "S/.")."""
    joined = "".join(token.split()).rstrip(".")
    return bool(joined) and bool(candidates(joined, behind=behind) or candidates(joined.upper()))


def _without_scale(after: str) -> str:
    """Return what stands behind a number without a word that makes it larger: "円" of "万円", "" of "jt"."""
    folded = fold_key(after)
    scale = next((it for it in _SCALES if folded.startswith(it)), "")
    rest = after[len(scale) :] if len(folded) == len(after) else after
    return rest if not rest or not (scale.isascii() and rest[0].isalpha()) else after


def is_money(text: str) -> bool:
    """Tell whether a text is one amount with its currency and nothing else."""
    return len(text) < _LONGEST_MONEY and _DIGIT.search(text) is not None and _is_amount(text)


@lru_cache(maxsize=4096)  # a card's texts are looked at for its title, its price and its shipping
def _is_amount(text: str) -> bool:
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        return False
    before, after = found["before"].strip(), found["after"].strip()
    if not before and not after:
        return _WHOLE.fullmatch(found["number"]) is not None
    if len(before) == 1 and not after and candidates(before, alone=True):
        return _is_currency(before) or _GROUPED.fullmatch(found["number"]) is not None
    rest = _without_scale(after)
    return (_is_currency(before) and not rest) or (_is_currency(rest, behind=True) and not before)


def amounts_in(text: str) -> list[str]:
    """Return the amounts a text consists of: one, two of a range ("5 € bis 6 €"), or none."""
    first = _DIGIT.search(text) if len(text) <= _LONGEST_AMOUNTS else None
    if first is None:
        return []
    if is_money(text):
        return [text]
    for found in _BETWEEN.finditer(text, first.end(), text.rindex(_DIGIT.findall(text)[-1])):
        ends = [text[: found.start()].strip(), text[found.end() :].strip()]
        if any(map(is_money, ends)) and all(is_money(end) or _BARE.fullmatch(end) for end in ends):
            return ends
    return []


def find_money(text: str) -> str | None:
    """Return the first amount with its currency among other words ("+EUR 5,49 Versand")."""
    for found in _MONEY_AMONG_WORDS.finditer(text[:200]):
        words = found[0].split()
        for start in range(len(words)):
            for end in range(len(words), start, -1):
                if is_money(candidate := " ".join(words[start:end]).strip(".,;")):
                    return candidate
    return None


@lru_cache(maxsize=4096)  # a text is looked at with each of those before it
def without_lead(text: str) -> str:
    """Return a text without what may stand around its amount: "current bid:", "negotiable"."""
    return _AFTER_AMOUNT.sub("", _BEFORE_AMOUNT.sub("", text))


def asking_price(texts: Sequence[CardText], hint: PriceHint) -> tuple[CardAmount | None, int]:
    """Return the price of a card and the index of its text; None and the number of texts without one.

    It is the first text that is money and nothing else, with the second end of a range. One that is struck
    out, or behind a label such as "originally", is taken only where there is no other: a sale at an accepted
    offer is shown so.
    """
    texts = _with_fractions(texts)
    for struck in (False, True):
        for at, it in enumerate(texts):
            is_former = it.struck or (at > 0 and is_former_price_label(texts[at - 1].text))
            if is_former is struck and not it.hidden and (found := _amounts_at(texts, at)):
                amount = _amount(found, hint, struck=struck)
                if amount is not None:
                    return _reduced(texts, at, amount, hint), at
    return None, len(texts)


def _with_fractions(texts: Sequence[CardText]) -> Sequence[CardText]:
    """Return the texts with each that is ",50" or ".5" added to the number before it, and empty itself."""
    joined = list(texts)
    for at, it in enumerate(texts[1:], 1):
        if _FRACTION.fullmatch(it.text) and joined[at - 1].text[-1:].isdigit():
            joined[at - 1] = replace(joined[at - 1], text=joined[at - 1].text + it.text)
            joined[at] = replace(it, text="")
    return joined


def is_former_price_label(text: str) -> bool:
    """Tell whether a text is nothing but what stands before a price of the past: "was", "originally:"."""
    return len(text) <= _LONGEST_LABEL and fold_key(text).strip(" .:,;") in _FORMER


def price_among_words(texts: Sequence[CardText], hint: PriceHint) -> CardAmount | None:
    """Return the first amount that stands among other words, or without a currency where the page has one."""
    shown = (it.text for it in texts if not it.struck and not it.hidden and len(it.text) <= _LONGEST_AMOUNT)
    found = (money for text in shown if (money := loose_money(text)))
    return next((amount for money in found if (amount := _amount([money], hint, struck=False))), None)


def loose_money(text: str) -> str:
    """Return the amount in a short text ("Price: $50 or best offer", "120.00"), "" where it is no price."""
    if _DECIMAL.fullmatch(text):
        return text
    return "" if _OTHER_AMOUNT.search(text) else find_money(text) or ""


def _reduced(texts: Sequence[CardText], at: int, amount: CardAmount, hint: PriceHint) -> CardAmount:
    """Return the lower amount that follows directly as the price: the first is what it was before."""
    if at + 1 >= len(texts) or texts[at + 1].struck or not is_money(texts[at + 1].text):
        return amount
    following = _amount([texts[at + 1].text], hint, struck=amount.struck)
    lower = following is not None and following.currency == amount.currency and following.low < amount.low
    return following if following and lower and following.low >= amount.low * _LOWEST_SHARE else amount


def _amounts_at(texts: Sequence[CardText], at: int) -> list[str]:
    """Return the amounts that begin at a text: alone, in two halves ("¥", "300"), or as a range."""
    if not texts[at].text:
        return []
    here = [without_lead(it.text) for it in texts[at : at + 5] if it.text][:3]
    if not here[0]:
        return []
    if len(here) == 3 and is_money(here[0]) and is_money(here[2]) and _BETWEEN.fullmatch(here[1]):
        return [here[0], here[2]]
    if found := amounts_in(here[0]):
        return found
    if len(here) < 2 or not is_money("".join(here[:2])) or is_money(here[1]):
        return []
    # "12", "€", "450": what stands behind a currency belongs to it, not what stands before
    is_before_another = here[0][0].isdigit() and len(here) > 2 and here[2][:1].isdigit()
    return [] if is_before_another else ["".join(here[:2])]


def _amount(texts: list[str], hint: PriceHint, *, struck: bool) -> CardAmount | None:
    readings = [parse_price(write_codes(text), hint) for text in texts]
    amounts = sorted(amount for reading in readings for amount in reading.amounts)
    currency = next((reading.currency for reading in readings if reading.currency), None)
    if not amounts or currency is None:
        return None
    return CardAmount(amounts[0], amounts[-1] if len(amounts) > 1 else None, currency, struck)


def write_codes(text: str) -> str:
    """Replace letters and a dollar sign by the currency's code: "C $25.00" is "CAD 25.00", "COP $70" is "COP 70"."""

    def code(found: re.Match[str]) -> str:
        known = candidates(found[1].upper() if len(found[1]) == 3 else "") or candidates(f"{found[1]}$")
        return f"{known[0]} " if known else found[0]

    return re.sub(r"\b([A-Za-z]{1,3})\s?\$\s?", code, text)

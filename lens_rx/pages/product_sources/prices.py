"""Amounts in the visible text, each with how likely it is the price: by place, emphasis and the words around."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from selectolax.lexbor import LexborNode

from lens_rx.money import PriceHint, PriceKind
from lens_rx.pages.product_sources import words
from lens_rx.pages.product_sources.amounts import read
from lens_rx.pages.product_sources.landmarks import Landmarks
from lens_rx.pages.product_sources.outline import Outline, Run
from lens_rx.pages.tree import ancestors, attribute, text_of

_MAX_CANDIDATES = 250
_SHORT = 48

_BEFORE_NUMBER = (
    r"(?:US|CA|CAD|AU|AUD|NZ|HK|NT|SG|S|C|A|R|MX|Mex|RD|USD|CLP|ARS)?\s?\$|[€£¥₹₽₩₴₺₪฿₫₦₱₡₲₸₼₾₮₵₭﷼]|Rs\.?|Rp\.?|RM|S/\.?|CHF|Fr\.|kr\.?|EUR|GBP|USD|PLN|SEK|NOK|DKK"
    r"|[A-Z]{3}|د\.إ|ج\.م|TL|zł"
)
_AFTER_NUMBER = (
    r"[€£$¥₹₽₩₴₺₪฿₫₦₱₸₼₾₮]|zł|Kč|kr\.?|k[nN]\b|Kn|lei|RON|Ft|руб\.?|р\.|грн\.?|тг\.?|тенге|лв\.?|дин\.?|din\.?|RSD|KM|円|元|원|บาท|TL|ر\.س|ريال|د\.إ|ج\.م|جنيه|درهم|تومان|ریال|ש\"ח|ש״ח|đ|VN[ĐD]|EUR|euro[s]?|p\.|Bs\.?|сом|сум|[A-Z]{3}\b"
)
_NUMBER = r"\d[\d.,'’ \u00a0\u202f٬٫]*(?:[-–—]{1,2})?"
_MONEY = re.compile(rf"(?:{_BEFORE_NUMBER})\s?{_NUMBER}|{_NUMBER}\s?(?:{_AFTER_NUMBER})")
_DIGITS = re.compile(r"\d")
_BARE = re.compile(r"(?:from|ab|od|от|à partir de|desde)?\s*\d[\d.,'’ \u00a0\u202f]*(?:[-–—]{1,2})?")
_TWO_DIGITS = re.compile(r"\d{2}(?!\d)")
_PRICE_NAME = re.compile(r"price|prix|preis|precio|preco|prezzo|prijs|cena|cijena|pris(?![a-z])|hinta|fiyat|цен|amount", re.IGNORECASE)
_NOW_NAME = re.compile(r"current|sale|final|now(?![a-z])|special|offer|actual|sell|promo|discounted|new", re.IGNORECASE)
_OTHER_NAME = re.compile(
    r"shipping|delivery|install?ment|monthly|finance|points|saving|save(?![a-z])|unit-?_?price|price-?_?(?:per|unit)|per-?_?unit"
    r"|deposit|credit|loan|coupon|voucher|cross-?sell|up-?sell|related|recommend|similar|recently|minicart|mini-?_?basket|cart-(?:total|summary)|also|accessor|carousel|slider|swiper|bundle",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """An amount on the visible page; `score` above 2 is likely the price, below 0 likely another."""

    amount: Decimal
    high: Decimal | None
    currency: str
    text: str
    order: int
    score: float
    struck: bool = False


def seen_prices(page: Outline, marks: Landmarks, hint: PriceHint) -> list[Seen]:
    """Return the amounts of the visible page, best first; struck ones are kept and told so."""
    found: list[Seen] = []
    done: set[int] = set()
    for run in page.runs:
        if len(found) >= _MAX_CANDIDATES:
            break
        if run.place.hidden or not _DIGITS.search(run.text) or len(run.text) > 240:
            continue
        for text, node in _texts(run, page, done):
            found.extend(_seen(text, node, run, page, marks, hint))
    said = Counter(one.amount for one in found if one.score > -1)
    again = [_with_score(one, one.score + 0.3 * min(said[one.amount] - 1, 3)) if said[one.amount] > 1 else one for one in found]
    return sorted(again, key=lambda one: (-one.score, one.order))


def _texts(run: Run, page: Outline, done: set[int]) -> Iterator[tuple[str, LexborNode]]:
    """Yield the price text a run belongs to: itself, or the small element that its parts make up."""
    if _MONEY.search(run.text):
        whole = _composed(run.node.parent, page) if _splits(run) and run.node.parent is not None else ""
        yield whole if whole and len(whole) <= _SHORT else run.text, run.node
        return
    if len(run.text) > 20:
        return
    for above in (run.node, *ancestors(run.node, 4)):
        text = text_of(above)
        if len(text) > _SHORT:
            break
        if above.mem_id in done:
            return
        if _MONEY.search(text) or (_price_named(above) and _BARE.fullmatch(text)):
            done.add(above.mem_id)
            yield _composed(above, page), above
            return


def _splits(run: Run) -> bool:
    """Tell whether a run may be the whole part of a price whose cents stand in the next element."""
    after = run.node.next
    return after is not None and after.tag in ("sup", "small", "span") and _TWO_DIGITS.match(text_of(after)) is not None


def _composed(node: LexborNode | None, page: Outline) -> str:
    """Join the runs of a small element: struck ones left out, raised cents set off by a dot."""
    if node is None:
        return ""
    text = ""
    end = page.marks[node.mem_id] + 12 if node.mem_id in page.marks else 0
    for run in page.runs[page.order_of(node) : end]:
        inside = run.node.mem_id == node.mem_id or any(one.mem_id == node.mem_id for one in ancestors(run.node, 5))
        if not inside:
            break
        if run.place.struck:
            continue
        cents = text and text[-1].isdigit() and _TWO_DIGITS.fullmatch(run.text) and _raised(run.node)
        text += f".{run.text}" if cents else f" {run.text}" if text and not _joins(text, run.text) else run.text
    return text


def _joins(before: str, after: str) -> bool:
    return after[0] in ".,-–" or (before[-1] in ".," and after[0].isdigit())


def _raised(node: LexborNode) -> bool:
    return node.tag in ("sup", "small", "sub") or bool(
        re.search(r"cent|decimal|fraction|kop|groszy|haler|sup|small|penny|pence|minor", attribute(node, "class"), re.IGNORECASE)
    )


def _seen(text: str, node: LexborNode, run: Run, page: Outline, marks: Landmarks, hint: PriceHint) -> Iterator[Seen]:
    parts = [text] if len(text) <= _SHORT else [match[0] for match in list(_MONEY.finditer(text))[:4]]
    for part in parts:
        reading = read(part, hint)
        if reading.kind is PriceKind.NONE or not reading.amounts or reading.amounts[0] <= 0:
            continue
        high = reading.amounts[1] if len(reading.amounts) > 1 else None
        score = _score(part, text, node, run, page, marks)
        if reading.kind is PriceKind.PER_UNIT:
            score -= 3
        yield Seen(reading.amounts[0], high, reading.currency or "", part, run.order, score, run.place.struck)


def _score(part: str, text: str, node: LexborNode, run: Run, page: Outline, marks: Landmarks) -> float:
    score = 0.0
    if run.place.struck:
        score -= 8
    elif run.place.maybe_struck:
        score -= 3
    if _MONEY.search(part):
        score += 1
    if len(text) > _SHORT:
        score -= 1.5
    return score + _by_words(part, text, run, page) + _by_names(node) + _by_place(run, marks)


def _by_words(part: str, text: str, run: Run, page: Outline) -> float:
    own = text.replace(part, " ", 1) if len(text) > len(part) else re.sub(_NUMBER, " ", text)
    before = page.runs[run.order - 1].text if run.order else ""
    before = before[-40:] if not _MONEY.search(before) else ""
    after = page.runs[run.order + 1].text[:25] if run.order + 1 < len(page.runs) else ""
    told = f"{before} {own[:80]}"
    score = 0.0
    for pattern in (words.SHIPPING, words.INSTALMENT, words.SAVING, words.BEFORE):
        if pattern.search(told):
            score -= 4
    if words.PER_UNIT.search(f"{own} {after[:12]}") or words.INSTALMENT.match(after.lstrip(" /*")):
        score -= 3
    return score


def _by_names(node: LexborNode) -> float:
    names = " ".join(f"{attribute(one, 'class')} {attribute(one, 'id')} {attribute(one, 'itemprop')}" for one in (node, *ancestors(node, 3)))
    wide = " ".join(f"{attribute(one, 'class')} {attribute(one, 'id')}" for one in ancestors(node, 9))
    score = 0.6 if _PRICE_NAME.search(names) else 0.0
    score += 0.4 if _NOW_NAME.search(names) else 0.0
    return score - (2.5 if _OTHER_NAME.search(wide) or _OTHER_NAME.search(names) else 0.0)


def _by_place(run: Run, marks: Landmarks) -> float:
    score = 0.3 * min(run.place.strong, 2)
    if run.place.region in ("nav", "footer", "aside", "header"):
        score -= 2
    if marks.leads_away(run.place.href):
        score -= 2
    if marks.related is not None and run.order > marks.related:
        score -= 3
    if marks.heading is not None:
        distance = run.order - marks.heading
        score += max(0.0, 1.5 - distance / 60) if distance >= 0 else max(-1.0, 0.6 + distance / 60)
    if marks.buys:
        nearest = min(abs(run.order - buy) for buy in marks.buys)
        score += max(0.0, 1.5 - nearest / 20)
    return score - (2.5 if marks.in_card(run) else 0.0)


def _price_named(node: LexborNode) -> bool:
    return _PRICE_NAME.search(f"{attribute(node, 'class')} {attribute(node, 'id')} {attribute(node, 'itemprop')}") is not None


def _with_score(one: Seen, score: float) -> Seen:
    return Seen(one.amount, one.high, one.currency, one.text, one.order, score, one.struck)

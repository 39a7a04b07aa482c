"""Rules over the visible text of a product page: name, price, description, material."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

_AMOUNT = r"(?:\d[\d.,'’\u00a0\u202f ]*\d|\d)(?:[.,][-–])?"
_SIGN = r"(?:US ?\$|[€$£¥￥円]|kr\b|Fr\.|CHF|EUR|USD|GBP|SEK|JPY)"
_PRICE: Final = re.compile(rf"{_SIGN}\s?{_AMOUNT}|{_AMOUNT}\s?{_SIGN}", re.IGNORECASE)
#: Lines whose amounts are not the thing's current price.
_OTHER_AMOUNT: Final = re.compile(
    r"~~|\b(?:was|rrp|uvp|instead|statt|avant|antes|prima|ord|before|save|spar\w*|shipping|delivery|versand|livraison"
    r"|env[ií]o|spedizione|frakt|cover|warranty|schutz|garantie|garanzia|garant[ií]a|skydd|instal?ments?|payments?"
    r"|raten?|rate|plazos|mensualit\w+|paiements|delbetalning\w*|monat\w*|months?|mois|mes|mese|gift card)\b"
    r"|送料|回払い|保証|希望小売",
    re.IGNORECASE,
)
#: Headings after which the page is about other things.
_RELATED: Final = re.compile(
    r"you may also like|related products|customers also|auch gefallen|aimerez aussi|piacerti anche|también te"
    r"|kanske också|vindt u misschien|może ci się|おすすめの商品",
    re.IGNORECASE,
)
_MATERIAL: Final = re.compile(
    r"(?:main )?(?:material[eni]?|matériau|matériel|matière|composition|materiał|素材)\s*[:：]?\s*(.*)",
    re.IGNORECASE,
)
_NOTICE: Final = re.compile(r"cookie|kakor|code\b|newsletter", re.IGNORECASE)


def price(lines: Sequence[str]) -> str:
    """Return the current price as written, "" if there is none."""
    found = (_PRICE.search(line) for line in _before_related(lines) if not _OTHER_AMOUNT.search(line))
    return next((amount.group().strip() for amount in found if amount), "")


def name(lines: Sequence[str]) -> str:
    """Return the longer of the last two title-like lines before the price; of all such lines if there is no price."""
    own = list(_before_related(lines))
    end = next((at for at, line in enumerate(own) if _PRICE.search(line)), None)
    names = [line for line in own[:end] if 1 <= line.count(" ") <= 11 and line[-1] not in ".!?。…"]
    return max(names if end is None else names[-2:], key=len, default="")


def description(lines: Sequence[str]) -> str:
    """Return at most two sentences of the first line that is a full sentence about the thing."""
    spoken = (
        line
        for line in _before_related(lines)
        if line.count(" ") > 3
        and line[-1] in ".。"
        and not _OTHER_AMOUNT.search(line)
        and not _NOTICE.search(line)
    )
    return " ".join(re.split(r"(?<=[.!?。])\s+", next(spoken, ""))[:2])


def material(lines: Sequence[str]) -> str:
    """Return the text after a label for material, on its line or the next."""
    for line, following in pairwise([*_before_related(lines), ""]):
        if found := _MATERIAL.fullmatch(line):
            return found[1].strip() or following
    return ""


def _before_related(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines before the first heading of related products."""
    for line in lines:
        if _RELATED.search(line):
            return
        yield line

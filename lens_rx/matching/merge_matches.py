"""The matches of several photos or sources as one list, each page once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from urllib.parse import parse_qsl, urlencode, urlsplit

from lens_rx.facts import Match, MatchKind

#: Query parameters that only track a visitor.
_TRACKING = frozenset("gclid fbclid msclkid srsltid dclid yclid igshid mc_cid mc_eid _ga".split())
_EBAY_ITEM = re.compile(r"(?:^|\.)ebay\..*?/itm/(?:[^/]*/)?(\d{9,})")
_STRENGTH = {None: 0, MatchKind.SIMILAR: 1, MatchKind.PARTIAL: 2, MatchKind.FULL: 3}


def merge_matches(lists: Sequence[Sequence[Match]]) -> tuple[Match, ...]:
    """Return the first match of each list, then the second of each, and so on; each page once.

    A page found more than once keeps its first title and link, and gains what the others know of it.
    """
    unique: dict[str, Match] = {}
    for match in chain.from_iterable(zip_longest(*lists)):
        if match:
            key = link_key(match.link)
            unique[key] = _combined(unique[key], match) if key in unique else match
    return tuple(unique.values())


def link_key(link: str) -> str:
    """Return what all addresses of one page share: no scheme, `www.`, fragment, tracking or final slash.

    A listing on eBay is the same on all its sites.
    """
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return link
    if not host:
        return link
    if item := _EBAY_ITEM.search(f"{host}{parts.path}"):
        return f"ebay {item[1]}"
    query = [(name, value) for name, value in parse_qsl(parts.query) if not _is_tracking(name.lower())]
    return f"{host}{parts.path.rstrip('/')}?{urlencode(query)}"


def _is_tracking(name: str) -> bool:
    return name in _TRACKING or name.startswith("utm_")


def _combined(first: Match, other: Match) -> Match:
    sources = [name for it in (first, other) for name in it.found_by.split(",") if name]
    return replace(
        first,
        title=first.title or other.title,
        source=first.source or other.source,
        thumbnail=first.thumbnail or other.thumbnail,
        price=first.price or other.price,
        in_stock=first.in_stock if first.in_stock is not None else other.in_stock,
        exact=first.exact or other.exact,
        found_by=",".join(dict.fromkeys(sources)),
        kind=max(first.kind, other.kind, key=_STRENGTH.__getitem__),
        offer=first.offer or other.offer,
        photos=tuple(sorted({*first.photos, *other.photos})),
    )

"""The stand-in for a web search: consent and gate like the real one, ads first, resellers among producers."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aiohttp import web
from markupsafe import Markup, escape
from yarl import URL

from lens_rx.sandbox.catalogue import Catalogue
from lens_rx.sandbox.responses import Mangler, language_of, page
from lens_rx.sandbox.sites.engine_phrases import LANGUAGES, WORDS
from lens_rx.sandbox.sites.index import Document, Kind, documents, words
from lens_rx.sandbox.sites.session_gate import Session, SessionGate

PER_PAGE = 10
ADS = 2
#: Share of the query's weight that a page must hold to be shown.
ENOUGH = 0.45
#: How much an engine likes a kind of page, beside its words.
LIKING = {Kind.PRODUCT: 0.2, Kind.HOME: 0.12, Kind.FAMILY: 0.05, Kind.RESELLER: 0.1, Kind.OFFER: 0.0}
#: A reseller may come before the producer by as much.
LUCK = 0.25


@dataclass(frozen=True)
class Index:
    """All documents, and how much each word tells."""

    documents: tuple[Document, ...]

    @cached_property
    def _bags(self) -> list[frozenset[str]]:
        return [frozenset(words(f"{each.title} {each.snippet} {each.link}")) for each in self.documents]

    @cached_property
    def _spread(self) -> Counter[str]:
        return Counter(word for bag in self._bags for word in bag)

    def _weight(self, word: str) -> float:
        """Return what a word tells: much where few pages hold it, nothing where none does."""
        pages = self._spread[word]
        return math.log(1 + len(self.documents) / pages) if pages else 0.0

    def find(self, query: str) -> list[Document]:
        """Return the pages for the query, best first; quotes, `site:` and a leading minus are understood."""
        wanted = Query.read(query)
        total = sum(map(self._weight, wanted.words))
        if not total:
            return []
        scored = []
        for document, bag in zip(self.documents, self._bags, strict=True):
            share = sum(self._weight(word) for word in wanted.words if word in bag) / total
            if share >= ENOUGH and wanted.allows(document, bag):
                scored.append((share + _liking(document), document))
        return [document for _, document in sorted(scored, key=lambda pair: -pair[0])]


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart."""

    words: frozenset[str]
    phrases: tuple[str, ...]
    banned: frozenset[str]
    site: str

    @classmethod
    def read(cls, text: str) -> Query:
        """Return the parts of a query as typed."""
        site = re.search(r"(?<!\S)site:(\S+)", text)
        text = re.sub(r"(?<!\S)site:\S+", " ", text)
        phrases = tuple(" ".join(words(phrase)) for phrase in re.findall(r'"([^"]+)"', text))
        banned = frozenset(word for part in re.findall(r"(?<!\S)-(\S+)", text) for word in words(part))
        rest = re.sub(r"(?<!\S)-\S+", " ", text)
        return cls(frozenset(words(rest)), phrases, banned, site[1] if site else "")

    def allows(self, document: Document, bag: frozenset[str]) -> bool:
        """Tell whether a page breaks none of the query's rules."""
        text = " ".join(words(f"{document.title} {document.snippet}"))
        host = URL(document.link).host or ""
        return (
            not (self.banned & bag)
            and all(phrase in text for phrase in self.phrases)
            and (not self.site or host == self.site or host.endswith("." + self.site))
        )


def _liking(document: Document) -> float:
    """Return the part of a page's rank that its words do not make: kind and luck, the same each time."""
    return LIKING.get(document.kind, -0.05) + random.Random(document.link).random() * LUCK


class SearchSite:
    """All pages of the search host."""

    def __init__(self, gate: SessionGate, index: Index) -> None:
        self._gate = gate
        self._index = index

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the search host."""
        return [web.get("/", self._start), web.get("/search", self._results)]

    async def _start(self, request: web.Request) -> web.Response:
        wall = self._gate.wall(request, script=False)
        if wall is not None:
            return wall
        language = language_of(request, LANGUAGES)
        answer = page(
            "search_start.html", language=language, words=WORDS[language], name=Mangler(random.random())
        )
        return self._gate.admitted(answer, self._gate.session(request) or Session())

    async def _results(self, request: web.Request) -> web.Response:
        wall = self._gate.wall(request)
        if wall is not None:
            return wall
        query, name = request.query.get("q", ""), Mangler(random.random())
        start = int(request.query["start"]) if request.query.get("start", "").isdigit() else 0
        spoken = request.query.get("hl", "")[:2]
        language = spoken if spoken in WORDS else language_of(request, LANGUAGES)
        found, wanted = self._index.find(query), Query.read(query).words
        return page(
            "search_results.html",
            result=True,
            query=query,
            language=language,
            words=WORDS[language],
            results=[_row(document, wanted, name) for document in found[start : start + PER_PAGE]],
            ads=[_row(document, wanted, name) for document in _ads(found)] if not start else [],
            pictured=[_row(document, wanted, name) for document in found[:3]],
            pages=_pages(request, math.ceil(len(found) / PER_PAGE)),
            current=start // PER_PAGE + 1,
            name=name,
        )


def _pages(request: web.Request, count: int) -> list[tuple[int, str]]:
    """Return the number and the address of each page of results."""
    starts = (number * PER_PAGE for number in range(count))
    return [(start // PER_PAGE + 1, str(request.rel_url.update_query(start=start))) for start in starts]


def _ads(found: Sequence[Document]) -> list[Document]:
    """Return who pays for the query: resellers of what was found."""
    return [document for document in found[:PER_PAGE] if document.kind is Kind.RESELLER][:ADS]


def _row(document: Document, wanted: frozenset[str], name: Mangler) -> dict[str, Any]:
    """Return what a result's template needs."""
    url = URL(document.link)
    trail = " › ".join(part for part in url.path.split("/") if part)
    return {
        "title": document.title,
        "link": document.link,
        "source": document.source,
        "home": f"{url.scheme}://{url.host}",
        "trail": f" › {trail}" if trail else "",
        "snippet": _marked(document.snippet, wanted),
        "foreign": document.language not in ("en", ""),
        "ved": name(f"ved {document.link}"),
    }


def _marked(text: str, wanted: frozenset[str]) -> Markup:
    """Return the snippet with the wanted words emphasised."""
    parts = re.split(r"(\W+)", text)
    return Markup("").join(
        Markup("<em>%s</em>") % part if words(part) and set(words(part)) <= wanted else escape(part)
        for part in parts
    )


def routes(gate: SessionGate, catalogue: Catalogue) -> list[web.RouteDef]:
    """Return the routes of the search host over everything in the catalogue."""
    return SearchSite(gate, Index(documents(catalogue))).routes()

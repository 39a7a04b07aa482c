"""The stand-in for Google Search: consent and script check, advertisements, resellers ranked among producers."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from aiohttp import web
from markupsafe import Markup, escape
from yarl import URL

from lens_rx.sandbox.catalogue import Catalogue
from lens_rx.sandbox.responses import NameObfuscator, html_response, preferred_language
from lens_rx.sandbox.sites.engine_phrases import LANGUAGES, PHRASES
from lens_rx.sandbox.sites.index import Document, PageKind, documents, tokenize
from lens_rx.sandbox.sites.session_gate import Session, SessionGate

PER_PAGE = 10
ADS = 2
#: Share of the query's weight that a result must contain.
MIN_MATCH = 0.45
#: Rank of a kind of page, beside the match of its words.
KIND_RANK = {
    PageKind.PRODUCT: 0.2,
    PageKind.HOME: 0.12,
    PageKind.FAMILY: 0.05,
    PageKind.RESELLER: 0.1,
    PageKind.OFFER: 0.0,
}
#: The random part of the rank, so that a reseller may come before the producer.
MAX_RANDOM_RANK = 0.25


@dataclass(frozen=True)
class SearchIndex:
    """A full-text index of all documents, with inverse document frequencies as weights."""

    documents: tuple[Document, ...]

    @cached_property
    def _token_sets(self) -> list[frozenset[str]]:
        return [frozenset(tokenize(f"{each.title} {each.snippet} {each.link}")) for each in self.documents]

    @cached_property
    def _document_counts(self) -> Counter[str]:
        return Counter(word for bag in self._token_sets for word in bag)

    def _weight(self, word: str) -> float:
        """Return a word's inverse document frequency, 0 for a word that no document contains."""
        pages = self._document_counts[word]
        return math.log(1 + len(self.documents) / pages) if pages else 0.0

    def find(self, query: str) -> list[Document]:
        """Return the documents for the query, best first; supports quotes, `site:` and a leading minus."""
        wanted = Query.parse(query)
        total = sum(map(self._weight, wanted.words))
        if not total:
            return []
        scored = []
        for document, bag in zip(self.documents, self._token_sets, strict=True):
            share = sum(self._weight(word) for word in wanted.words if word in bag) / total
            if share >= MIN_MATCH and wanted.allows(document, bag):
                scored.append((share + _page_rank(document), document))
        return [document for _, document in sorted(scored, key=lambda pair: -pair[0])]


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query."""

    words: frozenset[str]
    phrases: tuple[str, ...]
    excluded: frozenset[str]
    site: str

    @classmethod
    def parse(cls, text: str) -> Query:
        """Parse a query as typed."""
        site = re.search(r"(?<!\S)site:(\S+)", text)
        text = re.sub(r"(?<!\S)site:\S+", " ", text)
        phrases = tuple(" ".join(tokenize(phrase)) for phrase in re.findall(r'"([^"]+)"', text))
        banned = frozenset(word for part in re.findall(r"(?<!\S)-(\S+)", text) for word in tokenize(part))
        rest = re.sub(r"(?<!\S)-\S+", " ", text)
        return cls(frozenset(tokenize(rest)), phrases, banned, site[1] if site else "")

    def allows(self, document: Document, bag: frozenset[str]) -> bool:
        """Return whether a document satisfies exclusions, phrases and `site:`."""
        text = " ".join(tokenize(f"{document.title} {document.snippet}"))
        host = URL(document.link).host or ""
        return (
            not (self.excluded & bag)
            and all(phrase in text for phrase in self.phrases)
            and (not self.site or host == self.site or host.endswith("." + self.site))
        )


def _page_rank(document: Document) -> float:
    """Return the part of a document's rank that is independent of the query: its kind, and a seeded random part."""
    return KIND_RANK.get(document.kind, -0.05) + random.Random(document.link).random() * MAX_RANDOM_RANK


class SearchSite:
    """All pages of the search host."""

    def __init__(self, gate: SessionGate, index: SearchIndex) -> None:
        self._gate = gate
        self._index = index

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the search host."""
        return [web.get("/", self._start), web.get("/search", self._results)]

    async def _start(self, request: web.Request) -> web.Response:
        wall = self._gate.check(request, script=False)
        if wall is not None:
            return wall
        language = preferred_language(request, LANGUAGES)
        response = html_response(
            "search_start.html",
            language=language,
            words=PHRASES[language],
            name=NameObfuscator(random.random()),
        )
        return self._gate.set_session(response, self._gate.session(request) or Session())

    async def _results(self, request: web.Request) -> web.Response:
        wall = self._gate.check(request)
        if wall is not None:
            return wall
        query, name = request.query.get("q", ""), NameObfuscator(random.random())
        start = int(request.query["start"]) if request.query.get("start", "").isdigit() else 0
        spoken = request.query.get("hl", "")[:2]
        language = spoken if spoken in PHRASES else preferred_language(request, LANGUAGES)
        results, wanted = self._index.find(query), Query.parse(query).words
        return html_response(
            "search_results.html",
            result=True,
            query=query,
            language=language,
            words=PHRASES[language],
            results=[_row(document, wanted, name) for document in results[start : start + PER_PAGE]],
            ads=[_row(document, wanted, name) for document in _ads(results)] if not start else [],
            pictured=[_row(document, wanted, name) for document in results[:3]],
            pages=_pages(request, math.ceil(len(results) / PER_PAGE)),
            current=start // PER_PAGE + 1,
            name=name,
        )


def _pages(request: web.Request, count: int) -> list[tuple[int, str]]:
    """Return number and address of each page of results."""
    starts = (number * PER_PAGE for number in range(count))
    return [(start // PER_PAGE + 1, str(request.rel_url.update_query(start=start))) for start in starts]


def _ads(results: Sequence[Document]) -> list[Document]:
    """Return the advertisements: resellers among the results."""
    return [document for document in results[:PER_PAGE] if document.kind is PageKind.RESELLER][:ADS]


def _row(document: Document, wanted: frozenset[str], name: NameObfuscator) -> dict[str, Any]:
    """Return what a result's template needs."""
    url = URL(document.link)
    trail = " › ".join(part for part in url.path.split("/") if part)
    return {
        "title": document.title,
        "link": document.link,
        "source": document.source,
        "home": f"{url.scheme}://{url.host}",
        "trail": f" › {trail}" if trail else "",
        "snippet": _highlight(document.snippet, wanted),
        "foreign": document.language not in ("en", ""),
        "ved": name(f"ved {document.link}"),
    }


def _highlight(text: str, wanted: frozenset[str]) -> Markup:
    """Return the snippet with the query's words emphasised."""
    parts = re.split(r"(\W+)", text)
    return Markup("").join(
        Markup("<em>%s</em>") % part if tokenize(part) and set(tokenize(part)) <= wanted else escape(part)
        for part in parts
    )


@lru_cache(maxsize=2)
def search_index(catalogue: Catalogue) -> SearchIndex:
    """Return the index of all documents of a catalogue, which is made once."""
    return SearchIndex(documents(catalogue))


def routes(gate: SessionGate, catalogue: Catalogue) -> list[web.RouteDef]:
    """Return the routes of the search host over everything in the catalogue."""
    return SearchSite(gate, search_index(catalogue)).routes()

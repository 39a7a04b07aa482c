"""lens: photos -> similar images, each photo looked up on its own, the results merged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from itertools import chain, zip_longest
from typing import Any

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from lens_rx.clients.protocols import Lens
from lens_rx.facts import AnalysisState, Fact, Failed, Match, Matches, Photo, Stage
from lens_rx.facts.errors import NoResults, ParseError
from lens_rx.parsing.google import lens as google_lens
from lens_rx.reactive.attempt import Attempt, attempt, failures, results
from lens_rx.reactive.interop import from_coroutine
from lens_rx.reactive.stage import Operator

PhotoSearch = Callable[[Photo], Coroutine[Any, Any, Matches]]


def search_photo(site: Lens) -> PhotoSearch:
    """Return the search for one photo; its page is parsed in a thread."""

    async def search(photo: Photo) -> Matches:
        page = await site.search_image(photo)
        found = await asyncio.to_thread(google_lens.matches_from_html, page.html, page.url)
        if found:
            return Matches(tuple(found))
        if await asyncio.to_thread(google_lens.says_none, page.html):
            raise NoResults("Google Lens knows nothing that looks like this.")
        raise ParseError("Google Lens answered with a page that could not be read.")

    return search


def lens(search: PhotoSearch, max_concurrent: int = 2) -> Operator:
    """Return the operator: one `Matches` of all photos, and a `Failed` for each photo that failed.

    Where no photo has a result it fails as the first failed photo did.
    """

    def search_each(state: AnalysisState) -> Observable[Attempt[Matches]]:
        searches = [attempt(str(n), partial(search, photo)) for n, photo in enumerate(state.item.photos, 1)]
        return rx.from_iterable(searches).pipe(
            ops.map(from_coroutine), ops.merge(max_concurrent=max_concurrent)
        )

    def operator(source: Observable[AnalysisState]) -> Observable[Fact]:
        return source.pipe(ops.flat_map(search_each), ops.to_list(), ops.flat_map(_to_facts))

    return operator


def _to_facts(attempts: Sequence[Attempt[Matches]]) -> Observable[Fact]:
    found = results(attempts)
    facts: list[Fact] = [
        Failed(f"{Stage.LENS}.{name}", it.outcome, str(it)) for name, it in failures(attempts)
    ]
    return rx.from_iterable([*facts, interleave(found)])


def interleave(found: Sequence[Matches]) -> Matches:
    """Return the first match of each photo, then the second of each, and so on; each link once."""
    unique: dict[str, Match] = {}
    for match in chain.from_iterable(zip_longest(*(it.matches for it in found))):
        if match:
            unique.setdefault(match.link, match)
    read_at = min((it.observed_at for it in found if it.observed_at), default=None)
    return Matches(tuple(unique.values()), read_at)

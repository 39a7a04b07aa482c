"""lens: photos -> look-alikes, each photo by itself, merged."""

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

Look = Callable[[Photo], Coroutine[Any, Any, Matches]]


def similar_images(site: Lens) -> Look:
    """Return the look-up of one photo: the site's page, read off the loop."""

    async def search(photo: Photo) -> Matches:
        page = await site.search_image(photo)
        found = await asyncio.to_thread(google_lens.matches_from_html, page.html, page.url)
        if found:
            return Matches(tuple(found))
        if await asyncio.to_thread(google_lens.says_none, page.html):
            raise NoResults("Google Lens knows nothing that looks like this.")
        raise ParseError("Google Lens answered with a page that could not be read.")

    return search


def lens(look: Look, at_once: int = 2) -> Operator:
    """Return the operator: one `Matches` of all photos; a photo that fails is a `Failed` beside it.

    Fails as the first photo did where no photo had a result.
    """

    def each(known: AnalysisState) -> Observable[Attempt[Matches]]:
        looks = [attempt(str(n), partial(look, photo)) for n, photo in enumerate(known.item.photos, 1)]
        return rx.from_iterable(looks).pipe(ops.map(from_coroutine), ops.merge(max_concurrent=at_once))

    def operator(source: Observable[AnalysisState]) -> Observable[Fact]:
        return source.pipe(ops.flat_map(each), ops.to_list(), ops.flat_map(_merged))

    return operator


def _merged(parts: Sequence[Attempt[Matches]]) -> Observable[Fact]:
    found = results(parts)
    facts: list[Fact] = [Failed(f"{Stage.LENS}.{name}", it.outcome, str(it)) for name, it in failures(parts)]
    return rx.from_iterable([*facts, interleaved(found)])


def interleaved(found: Sequence[Matches]) -> Matches:
    """Return the best of each photo first, then the second of each, …; every link once."""
    unique: dict[str, Match] = {}
    for match in chain.from_iterable(zip_longest(*(it.matches for it in found))):
        if match:
            unique.setdefault(match.link, match)
    read_at = min((it.observed_at for it in found if it.observed_at), default=None)
    return Matches(tuple(unique.values()), read_at)

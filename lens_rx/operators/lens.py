"""lens: photos -> similar images, each photo looked up on its own, the results merged."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from lens_rx.clients.protocols import ImageSearch
from lens_rx.facts import AnalysisState, Fact, Failed, Matches, Photo, Stage
from lens_rx.matching.merge_matches import merge_matches
from lens_rx.reactive.attempt import Attempt, attempt, failures, results
from lens_rx.reactive.interop import from_coroutine
from lens_rx.reactive.stage import Operator

PhotoSearch = Callable[[Photo], Coroutine[Any, Any, Matches]]


def search_photo(source: ImageSearch) -> PhotoSearch:
    """Return the search for one photo. Raises what the source raises."""

    async def search(photo: Photo) -> Matches:
        found = await source.search_image(photo)
        return Matches(tuple(found.matches), labels=tuple(found.labels))

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
    numbered = [_numbered(it) for it in attempts] if len(attempts) > 1 else attempts
    found = results(numbered)
    facts: list[Fact] = [
        Failed(f"{Stage.LENS}.{name}", it.outcome, str(it)) for name, it in failures(attempts)
    ]
    return rx.from_iterable([*facts, interleave(found)])


def _numbered(ended: Attempt[Matches]) -> Attempt[Matches]:
    """Return a photo's result with the photo's number on each match."""
    if ended.result is None:
        return ended
    number = (int(ended.name),)
    matches = tuple(replace(it, photos=number) for it in ended.result.matches)
    return replace(ended, result=replace(ended.result, matches=matches))


def interleave(found: Sequence[Matches]) -> Matches:
    """Return the first match of each photo, then the second of each, and so on; each page once."""
    read_at = min((it.observed_at for it in found if it.observed_at), default=None)
    labels = dict.fromkeys(label for it in found for label in it.labels)
    return Matches(merge_matches([it.matches for it in found]), read_at, tuple(labels))

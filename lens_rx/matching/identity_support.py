"""How sure the name of a thing is: what it could be as well, with the support of each, and what speaks against it.

Support is counted in independent sources. The weights are fitted to the sandbox's photos with wrong names in the mix
(`benchmarks/certainty_quality.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lens_rx.facts import (
    AnalysisState,
    Candidate,
    Caption,
    Decider,
    Identity,
    IdentityCandidates,
    Match,
    Stage,
)
from lens_rx.matching.categories import categories_in, common_categories, same_category
from lens_rx.matching.consensus import consensus
from lens_rx.matching.likely_identity import named_in_caption, titles_of
from lens_rx.matching.title_match import mismatch
from lens_rx.matching.title_sources import sources_of, trusted_titles
from lens_rx.matching.title_words import contains_words
from lens_rx.parsing.instructions import is_instruction

MAX_CANDIDATES = 5
#: Sources that a name is given and denied beforehand, and as how many a rival's source counts that has as many.
_PRIOR_FOR, _PRIOR_AGAINST, _RIVAL_WEIGHT = 2.0, 0.4, 1.2
#: Factors on the odds of a name that contradicts the caption, or that a photo's own look-alikes contradict.
_OTHER_KIND, _OTHER_PHOTO = 0.12, 0.05
#: Factors on the odds of a name that one source alone tells, and of one that none does.
_SOLE_SOURCE, _NO_SOURCE = 0.7, 0.2
#: Factor on the odds for each photo whose search failed while that of another did not.
_PHOTO_FAILED = 0.8
#: Share of the name's sources from which another candidate is a doubt.
_CLOSE_SHARE = 0.4
#: Probability of a name that the photo alone tells, and of one that the user gave.
PHOTO_NAME_CERTAINTY, USER_NAME_CERTAINTY = 0.6, 0.98
PHOTO_NAME_DOUBT: Final = (
    "The name is only what is written on the thing; nothing else that was found says so."
)


@dataclass(frozen=True, slots=True)
class _Doubt:
    """What makes a name less likely: a factor on its odds, and the reason for the user."""

    odds: float
    reason: str


def weigh_identity(identity: Identity, state: AnalysisState) -> IdentityCandidates:
    """Return the candidates, the decided one first, how likely that one is right, and the doubts in words.

    Takes some milliseconds for 80 titles.
    """
    titles = trusted_titles(titles_of(state))
    decided = _candidate(identity, titles, decided=True)
    by_photo = _other_photos(identity, titles)
    others = _other_candidates(identity, titles, by_photo.values())
    doubts = [*_doubts(identity, decided, others, state)]
    doubts += [
        _Doubt(_OTHER_PHOTO, f"Photo {number} seems to show another thing: {it.producer} {it.model}.")
        for number, it in by_photo.items()
    ]
    supported, rival = decided.sources + _PRIOR_FOR, max((it.sources for it in others), default=0)
    # a rival with few sources is one of the things that are often shown beside it
    odds = supported / (_PRIOR_AGAINST + _RIVAL_WEIGHT * rival * min(1.0, rival / supported))
    for doubt in doubts:
        odds *= doubt.odds
    certainty = odds / (1 + odds)
    if identity.decider is Decider.PHOTO:
        certainty = min(certainty, PHOTO_NAME_CERTAINTY)
    return IdentityCandidates((decided, *others), round(certainty, 3), tuple(it.reason for it in doubts))


def weigh_given_name(identity: Identity, state: AnalysisState) -> tuple[float, tuple[str, ...]]:
    """Return how likely the name that the user gave is right, and the doubt in words where the photo contradicts it.

    The user may be right, so that it stays likelier than not.
    """
    looks_like = state.caption and (
        _other_kind_on_photo(state.caption, identity, state) or _other_name_on_photo(state.caption, identity)
    )
    if not looks_like:
        return USER_NAME_CERTAINTY, ()
    odds = _OTHER_KIND * USER_NAME_CERTAINTY / (1 - USER_NAME_CERTAINTY)
    doubt = f"You named it {identity.producer} {identity.model}; the photo looks like {looks_like}."
    return odds / (1 + odds), (doubt,)


def _other_kind_on_photo(caption: Caption, identity: Identity, state: AnalysisState) -> str:
    """Return the kind of thing on the photo where name or offers tell another one, else ""."""
    shown = categories_in(caption.category)
    offers = state.offers.offers if state.offers else ()
    named = frozenset(categories_in(f"{identity.model} {identity.category}")) or common_categories(
        [it.title for it in offers]
    )
    if not shown or not named or any(same_category(one, other) for one in shown for other in named):
        return ""
    return f"another kind of thing: {next(iter(shown.values()))}"


def _other_name_on_photo(caption: Caption, identity: Identity) -> str:
    """Return the name that stands on the thing where nothing there bears the given one, else ""."""
    seen = f"{caption.visible_text} {caption.sentence}"
    is_borne = contains_words(identity.producer, seen) or contains_words(identity.model, seen)
    other = None if is_borne or is_instruction(seen) else named_in_caption(caption)
    return f"{other.producer} {other.model}" if other else ""


def _candidate(identity: Identity, titles: Sequence[Match], *, decided: bool) -> Candidate:
    bearing = [it for it in titles if not mismatch(it.title, identity)]
    return Candidate(
        identity.producer,
        identity.model,
        len(sources_of(bearing)),
        decided,
        next((it.title for it in bearing), ""),
    )


def _other_candidates(
    identity: Identity, titles: Sequence[Match], by_photo: Iterable[Identity]
) -> tuple[Candidate, ...]:
    """Return what the titles that do not name the thing agree on, most support first."""
    found = list({(it.producer, it.model): it for it in by_photo}.values())
    rest = [it for it in titles if all(mismatch(it.title, one) for one in (identity, *found))]
    while len(found) < MAX_CANDIDATES - 1 and (other := consensus(rest)):
        found.append(other)
        remaining = [it for it in rest if it.title not in other.titles and mismatch(it.title, other)]
        if len(remaining) == len(rest):
            break
        rest = remaining
    weighed = [_candidate(it, titles, decided=False) for it in found]
    return tuple(sorted((it for it in weighed if it.sources), key=lambda it: -it.sources))


def _doubts(
    identity: Identity,
    decided: Candidate,
    others: Sequence[Candidate],
    state: AnalysisState,
) -> Iterator[_Doubt]:
    if identity.decider is Decider.PHOTO:
        yield _Doubt(1.0, PHOTO_NAME_DOUBT)
    elif decided.sources == 1:
        yield _Doubt(_SOLE_SOURCE, "Only one source names it.")
    if others and others[0].sources >= max(1, _CLOSE_SHARE * decided.sources):
        other = others[0]
        yield _Doubt(
            1.0,
            f"It could be {other.producer} {other.model} as well: "
            f"{other.sources} sources say so, {decided.sources} say {decided.producer} {decided.model}.",
        )
    if state.matches is None and not state.no_lens_matches:
        failed = any(it.stage == Stage.LENS for it in state.failures)
        why = "The photo could not be looked up" if failed else "No photo was looked up"
        yield _Doubt(1.0 if decided.sources else _NO_SOURCE, f"{why}, so nothing confirms the name.")
    for photo in (it for it in state.failures if it.stage.startswith(f"{Stage.LENS}.")):
        number = photo.stage.partition(".")[2]
        yield _Doubt(_PHOTO_FAILED, f"Photo {number} could not be looked up.")
    yield from _caption_doubts(identity, decided, others, state)
    yield from _hint_doubts(identity, decided, others, state.item.options.hint)


def _caption_doubts(
    identity: Identity, decided: Candidate, others: Sequence[Candidate], state: AnalysisState
) -> Iterator[_Doubt]:
    """Yield what the caption says against the name: another kind of thing, or another name on the thing."""
    if state.caption is None:
        return
    if kinds := _contradicting_kinds(state.caption.category, identity, decided):
        yield _Doubt(_OTHER_KIND, "The photo shows a {}, the name is that of a {}.".format(*kinds))
    if other := _contradicting_name(state.caption.visible_text, identity, others):
        yield _Doubt(_OTHER_KIND, f"On the thing stands {other.producer}, not {identity.producer}.")


def _hint_doubts(
    identity: Identity, decided: Candidate, others: Sequence[Candidate], hint: str
) -> Iterator[_Doubt]:
    """Yield what the user's hint says against the name: another kind of thing, or another of the candidates."""
    if kinds := _contradicting_kinds(hint, identity, decided):
        yield _Doubt(_OTHER_KIND, "The hint is of a {}, the name is that of a {}.".format(*kinds))
    elif other := _contradicting_name(hint, identity, others):
        yield _Doubt(_OTHER_KIND, f"The hint says {other.producer}, not {identity.producer}.")


def _contradicting_kinds(text: str, identity: Identity, decided: Candidate) -> tuple[str, str] | None:
    """Return a kind of thing that a text names and one that the name is of, None where they may be the same."""
    if not (said := categories_in(text)):
        return None
    named = categories_in(f"{decided.title} {identity.model} {identity.category}")
    if not named or any(same_category(one, other) for one in said for other in named):
        return None
    return next(iter(said.values())), next(iter(named.values()))


def _contradicting_name(text: str, identity: Identity, others: Sequence[Candidate]) -> Candidate | None:
    """Return another candidate whose producer a text names, where it does not name the decided one."""
    if contains_words(identity.producer, text):
        return None
    named = (it for it in others if it.producer != identity.producer and contains_words(it.producer, text))
    return next(named, None)


def _other_photos(identity: Identity, titles: Sequence[Match]) -> dict[int, Identity]:
    """Return the photos, by number, whose look-alikes agree on another thing than the name."""
    found = {}
    numbers = {number for it in titles for number in it.photos}
    for number in sorted(numbers):
        own = [it for it in titles if number in it.photos]
        other = consensus(own)
        if other is None or not mismatch(f"{other.producer} {other.model}", identity):
            continue
        bearing = sources_of(it for it in own if not mismatch(it.title, identity))
        if len(bearing) < other.sources:
            found[number] = other
    return found

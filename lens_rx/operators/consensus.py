"""What the titles of look-alikes agree on: producer and model without any language model.

A phrase that many independent titles share is the name of the thing; a phrase of one title is noise.
Where the producer's name ends inside the phrase is told by the links: a producer has a host of its
own, or titles of its other things.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lens_rx.facts import Decider, Identity, Match
from lens_rx.operators.words import fold, host_labels, letters, segments, words

#: Words that titles add to the name of a thing: state, trade, size, and nothing of the thing itself.
NOISE = frozenset(
    """
    new used neu neuf nuevo nuovo nieuw gebraucht occasion usado usato tweedehands sale shop store buy kaufen
    acheter comprar online official offiziell price prices preis prix precio free shipping versand livraison
    size groesse taille talla taglia maat xs s m l xl xxl xxxl men mens women womens herren damen homme femme
    uomo donna unisex kids vintage rare mint good very condition zustand etat stato review reviews test best
    the a an of for with and und et y e en de la le les der die das mit fur avec per con by von from at in on
    ebay amazon etsy vinted mercari carousell depop grailed poshmark brand original authentic genuine look
    second hand secondhand preowned pre-owned refurbished wie like top ovp boxed box vgc nwt bnwt
    """.split()
)
#: Share of titles that must carry a phrase, and the fewest titles that may.
SHARE, FEWEST = 0.3, 2
LONGEST_PHRASE = 7


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    support: int

    @property
    def score(self) -> float:
        """Longer phrases say more, but not twice as much for twice the words."""
        return float(self.support * (len(self.words) ** 0.8))


def consensus(matches: Sequence[Match], category: str = "") -> Identity | None:
    """Return what the titles agree on, with the titles that support it; None where they do not agree."""
    spelled = [_words(match.title) for match in matches]
    phrase = _best_phrase([[fold(word) for word in title] for title in spelled])
    if phrase is None:
        return None
    named = _as_written(phrase.words, spelled)
    cut = _producer_words(phrase.words, matches)
    if cut >= len(named):
        return None
    support = tuple(m.title for m, title in zip(matches, spelled, strict=True) if _has(phrase.words, title))
    return Identity(
        " ".join(named[:cut]), " ".join(named[cut:]), support, category=category, decider=Decider.CONSENSUS
    )


def _words(title: str) -> list[str]:
    """Return the words of a title's segments in a row, without noise."""
    return [word for part in segments(title) for word in words(part) if fold(word) not in NOISE]


def _phrases(title: Sequence[str]) -> set[tuple[str, ...]]:
    spans = range(2, LONGEST_PHRASE + 1)
    return {tuple(title[i : i + n]) for n in spans for i in range(len(title) - n + 1)}


def _best_phrase(titles: Sequence[Sequence[str]]) -> _Phrase | None:
    counts = Counter(phrase for title in titles for phrase in _phrases(title))
    enough = max(FEWEST, SHARE * len(titles))
    candidates = [_Phrase(phrase, n) for phrase, n in counts.items() if n >= enough]
    return max(candidates, key=lambda it: (it.score, it.words), default=None)


def _has(phrase: Sequence[str], title: Sequence[str]) -> bool:
    return letters("".join(phrase)) in letters("".join(title))


def _as_written(phrase: Sequence[str], titles: Sequence[Sequence[str]]) -> list[str]:
    """Return the phrase in the spelling that most titles use."""
    spellings: list[Counter[str]] = [Counter() for _ in phrase]
    for title in titles:
        for word in title:
            for place, wanted in enumerate(phrase):
                if fold(word) == wanted:
                    spellings[place][word] += 1 if word.isupper() else 2
    return [counter.most_common(1)[0][0] for counter in spellings]


def _producer_words(phrase: Sequence[str], matches: Sequence[Match]) -> int:
    """Return how many words of the phrase are the producer: the longest that a host is named after."""
    hosts = {letters(label) for match in matches for label in host_labels(match.link)}
    for cut in range(len(phrase) - 1, 0, -1):
        if letters("".join(phrase[:cut])) in hosts:
            return cut
    return 1

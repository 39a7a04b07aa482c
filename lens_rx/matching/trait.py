"""What tells things of one name apart: a size, a capacity, a colour; as stated, and on which scale it is compared."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lens_rx.matching.size_words import SearchText


class Trait(ABC):
    """A size or another trait as a text states it; `str` of it is for the user."""

    __slots__ = ()

    @property
    def system(self) -> str:
        """In which of several systems it is stated: what is stated in the same one is compared first."""
        return ""

    @abstractmethod
    def is_same(self, other: Trait) -> bool:
        """Return whether two traits of one scale are the same."""


@dataclass(frozen=True, slots=True)
class Level(Trait):
    """A trait that is a number, or the number of a word; two that differ by the larger `tolerance` at most are the same."""

    number: float
    shown: str
    tolerance: float = 0.0

    def is_same(self, other: Trait) -> bool:
        """Return whether the numbers are the same."""
        if not isinstance(other, Level):
            return False
        return abs(self.number - other.number) <= max(self.tolerance, other.tolerance)

    def __str__(self) -> str:
        """Return the words for the user."""
        return self.shown


@dataclass(frozen=True, slots=True)
class Scale:
    """One way to state a trait: how it is found in a text, and what another one does to the price.

    Scales of one `kind` ("size") state the same in other words. `other_log_sd` is the standard deviation of the
    logarithm of the price between two traits, None where they are priced as different things; `unknown_log_sd` is
    that of an offer that does not state it.
    """

    kind: str
    find: Callable[[SearchText], Iterable[Trait]]
    other_log_sd: float | None
    unknown_log_sd: float

"""What sellers write, by language: conditions, additions to a title, and titles of listings that are no comparables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lens_rx.facts import Condition
from lens_rx.sandbox.responses import phrases


@dataclass(frozen=True, slots=True)
class SellerPhrases:
    """The phrases of one language; title templates may use `{name}` (producer and model), `{kind}` and `{count}`."""

    conditions: Mapping[Condition, str]
    additions: tuple[str, ...]
    bundles: tuple[str, ...]
    replicas: tuple[str, ...]
    accessories: tuple[str, ...]
    variants: tuple[str, ...]
    other_kinds: tuple[str, ...]


def _parse(row: Mapping[str, Any]) -> SellerPhrases:
    conditions = {Condition(grade): text for grade, text in row["conditions"].items()}
    titles = {name: tuple(texts) for name, texts in row.items() if name != "conditions"}
    return SellerPhrases(conditions, **titles)


SELLER_PHRASES: Mapping[str, SellerPhrases] = {
    language: _parse(row) for language, row in phrases("sellers").items()
}

"""The vocabulary: what goes into a run, what its stages find, and what they tell.

Everything here is a frozen value. Amounts are kept as they were read (`Money`: a `Decimal` and an
ISO 4217 code); nothing is converted before it leaves the house. `observed_at` (UTC) is when a thing
was read outside, which is before it was told where a kept result is told again.
"""

from lens_rx.facts.enums import Basis, Condition, Decider, EstimateBasis, Money, Outcome, PageKind, Stage
from lens_rx.facts.findings import (
    Caption,
    Identity,
    MarketplaceOffers,
    Match,
    Matches,
    Offer,
    Offers,
    ProducerPage,
    Product,
    Rejected,
    Retail,
    SearchResult,
)
from lens_rx.facts.item import Item, Options, Page, PageSnapshot, Photo, PhotoCopy, TextBox
from lens_rx.facts.results import (
    AnalysisState,
    Comparable,
    Complete,
    Estimate,
    Extra,
    Fact,
    Failed,
    PriceEvidence,
    Progress,
)

__all__ = [
    "AnalysisState",
    "Basis",
    "Caption",
    "Comparable",
    "Complete",
    "Condition",
    "Decider",
    "Estimate",
    "EstimateBasis",
    "Extra",
    "Fact",
    "Failed",
    "Identity",
    "Item",
    "MarketplaceOffers",
    "Match",
    "Matches",
    "Money",
    "Offer",
    "Offers",
    "Options",
    "Outcome",
    "Page",
    "PageKind",
    "PageSnapshot",
    "Photo",
    "PhotoCopy",
    "PriceEvidence",
    "ProducerPage",
    "Product",
    "Progress",
    "Rejected",
    "Retail",
    "SearchResult",
    "Stage",
    "TextBox",
]

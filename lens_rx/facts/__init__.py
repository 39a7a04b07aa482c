"""The vocabulary: the input of a run, what its stages find, and what they emit.

All are frozen values. Amounts are kept as they were read (`Money`: a `Decimal` and an ISO 4217 code)
and converted only for output. `observed_at` (UTC) is when something was read from its source; for a
cached result that is before the run.
"""

from lens_rx.facts.enums import (
    Basis,
    Condition,
    Decider,
    EstimateBasis,
    MatchKind,
    Money,
    Outcome,
    PageKind,
    Stage,
)
from lens_rx.facts.findings import (
    Candidate,
    Caption,
    Identity,
    IdentityCandidates,
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
    "Candidate",
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
    "IdentityCandidates",
    "Item",
    "MarketplaceOffers",
    "Match",
    "MatchKind",
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

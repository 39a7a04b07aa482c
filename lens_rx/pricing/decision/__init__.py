"""From an estimate to a decision: list prices with their chances, what is left of them, and what to pay at most. Pure."""

from lens_rx.pricing.decision.decide import DEFAULT_TERMS, Decision, Terms, decide
from lens_rx.pricing.decision.price_rules import PriceRules
from lens_rx.pricing.decision.rules_parser import RulesError, accepted_marketplaces, parse_rules

__all__ = [
    "DEFAULT_TERMS",
    "Decision",
    "PriceRules",
    "RulesError",
    "Terms",
    "accepted_marketplaces",
    "decide",
    "parse_rules",
]

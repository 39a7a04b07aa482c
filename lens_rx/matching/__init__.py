"""Is this the same thing: titles, brands, categories, variants, and the screening of offers."""

from lens_rx.matching.brand_hosts import is_brand_host, is_non_brand_host, resembles_brand
from lens_rx.matching.categories import categories_in, same_category
from lens_rx.matching.identity_support import weigh_identity
from lens_rx.matching.match_offers import offers_from_matches
from lens_rx.matching.name_cleanup import cleaned_name
from lens_rx.matching.name_support import verified
from lens_rx.matching.offer_screening import screen_offers, without_duplicates
from lens_rx.matching.quotes import line_states_price, quoted_in
from lens_rx.matching.title_match import mismatch

__all__ = [
    "categories_in",
    "cleaned_name",
    "consensus",
    "is_brand_host",
    "is_non_brand_host",
    "line_states_price",
    "mismatch",
    "offers_from_matches",
    "quoted_in",
    "resembles_brand",
    "same_category",
    "screen_offers",
    "verified",
    "weigh_identity",
    "without_duplicates",
]

"""Second-hand marketplaces: pure, no network. A new one is one file here and one line below."""

from lens_rx.marketplaces import ebay
from lens_rx.marketplaces.marketplace import Marketplace, marketplace

MARKETPLACES: tuple[Marketplace, ...] = (
    marketplace(ebay),
)  # fmt: skip

__all__ = ["MARKETPLACES", "Marketplace"]

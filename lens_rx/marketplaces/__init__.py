"""Second-hand marketplaces: pure, no network. A new one is one file here and one line below."""

from lens_rx.marketplaces import carousell, ebay, ebay_sold, mercari, vinted
from lens_rx.marketplaces.marketplace import Marketplace, marketplace

MARKETPLACES: tuple[Marketplace, ...] = (
    marketplace(ebay),
    marketplace(ebay_sold),
    marketplace(vinted),
    marketplace(mercari),
    marketplace(carousell),
)

__all__ = ["MARKETPLACES", "Marketplace"]

"""Price texts in any language and notation: the amount that is asked now, and its currency."""

from lens_rx.parsing.prices.parser import parse_price
from lens_rx.parsing.prices.price_reading import PriceHint, PriceKind, PriceReading

__all__ = ["PriceHint", "PriceKind", "PriceReading", "parse_price"]

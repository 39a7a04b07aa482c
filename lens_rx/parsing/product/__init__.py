"""A shop's product page: what is sold, for how much, and whether it is in stock."""

from lens_rx.parsing.product.reader import product_from_html

__all__ = ["product_from_html"]

"""ebay."""

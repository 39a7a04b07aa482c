"""Stand-ins of official APIs, as strict as their documentation: Brave, Custom Search, Cloud Vision, eBay."""

"""Is this the same thing: titles, brands, categories, variants, and the screening of offers."""

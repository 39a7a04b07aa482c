"""The places where a shop's page says what it sells, one module each, and how they are weighed."""

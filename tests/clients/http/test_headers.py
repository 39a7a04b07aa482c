from __future__ import annotations

import pytest

from lens_rx.clients.http.headers import accept_language, headers_for
from lens_rx.clients.http.rate_limiter import MAX_HOSTS, RateLimiter


@pytest.mark.parametrize(
    ("country", "value"),
    [
        ("", "en-US,en;q=0.9"),
        ("US", "en-US,en;q=0.9"),
        ("DE", "de-DE,de;q=0.9,en;q=0.8"),
        ("JP", "ja-JP,ja;q=0.9,en;q=0.8"),
        ("BE", "nl-BE,nl;q=0.9,fr;q=0.8,de;q=0.7,en;q=0.6"),
    ],
)
def test_language(country: str, value: str):
    """We ask for the country's languages, most spoken first, and for English after them."""
    assert accept_language(country) == value


@pytest.mark.parametrize(
    ("host", "first"),
    [
        ("www.shop.de", "de-DE"),
        ("www.shop.co.uk", "en-GB"),
        ("shop.com", "fr-FR"),
        ("shop.io", "fr-FR"),
        ("shop.sandbox.test", "fr-FR"),
        ("shop.zz", "fr-FR"),
        ("", "fr-FR"),
    ],
)
def test_host_before_country(host: str, first: str):
    """A host's own country comes before the one that was asked for."""
    assert headers_for(host, "FR")["Accept-Language"].startswith(first)


async def test_pace_forgets():
    """The pace of a bounded number of hosts is remembered."""
    pace = RateLimiter(1_000)
    for n in range(MAX_HOSTS + 10):
        await pace.acquire(f"shop{n}.example")
    assert len(pace._limiters) == MAX_HOSTS
    assert "shop0.example" not in pace._limiters

"""How sites are treated: headers, rate and cooldown."""

from __future__ import annotations

import pytest

from lens_rx.clients.http.crawl_policy import (
    MAX_HOSTS,
    HostCooldown,
    RateLimiter,
    accept_language,
    headers_for,
)
from lens_rx.facts.errors import Blocked

NOON = 1_000.0


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


async def test_the_rate_of_a_bounded_number_of_hosts_is_remembered():
    """The hosts that were asked longest ago are forgotten."""
    limiter = RateLimiter(1_000)
    for n in range(MAX_HOSTS + 10):
        await limiter.acquire(f"shop{n}.example")
    assert len(limiter._limiters) == MAX_HOSTS
    assert "shop0.example" not in limiter._limiters


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


def test_a_blocked_site_is_left_alone_for_a_while():
    """Every page of a host is refused until its cooldown is over; other hosts are not concerned."""
    clock = Clock()
    cooldown = HostCooldown(60, clock)
    cooldown.check("http://a.example/x")
    cooldown.begin("http://a.example/x", "captcha")
    cooldown.check("http://b.example/")
    with pytest.raises(Blocked, match="left alone for 60 s more") as failure:
        cooldown.check("http://a.example/other")
    assert failure.value.wall == "captcha"
    clock.now = NOON + 60
    cooldown.check("http://a.example/x")


def test_the_cooldowns_are_bounded():
    """However many hosts block, no more than a fixed number is remembered."""
    cooldown = HostCooldown(60, Clock())
    for n in range(MAX_HOSTS + 5):
        cooldown.begin(f"http://{n}.example/", "captcha")
    assert len(cooldown._blocked_until) == MAX_HOSTS

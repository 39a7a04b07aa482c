"""A site that showed a wall is left alone for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lens_rx.clients.http.host_cooldown import MAX_HOSTS, HostCooldown
from lens_rx.facts.errors import Blocked

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def test_a_site_rests_and_is_asked_again_afterwards():
    """Every page of a host is refused until its rest is over; other hosts are not concerned."""
    clock = Clock()
    rest = HostCooldown(60, clock)
    rest.check("http://a.example/x")
    rest.begin("http://a.example/x", "captcha")
    rest.check("http://b.example/")
    with pytest.raises(Blocked, match="left alone for 60 s more") as failure:
        rest.check("http://a.example/other")
    assert failure.value.wall == "captcha"
    clock.now = NOON + timedelta(seconds=60)
    rest.check("http://a.example/x")


def test_what_rests_is_bounded():
    """However many hosts show walls, no more than a fixed number is remembered."""
    rest = HostCooldown(60, Clock())
    for n in range(MAX_HOSTS + 5):
        rest.begin(f"http://{n}.example/", "captcha")
    assert len(rest._blocked_until) == MAX_HOSTS

"""Only addresses differ between the live web and a sandbox."""

from __future__ import annotations

import pytest

from lens_rx.clients.endpoints import Endpoints
from lens_rx.sandbox.endpoints import sandbox_endpoints

LIVE = Endpoints()
SANDBOX = sandbox_endpoints(4711, "abc")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (
            "https://www.ebay.co.uk/sch/i.html?_nkw=a+b#top",
            "http://www.ebay.co.uk.sandbox.test/sch/i.html?_nkw=a+b",
        ),
        ("https://jp.mercari.com/search?keyword=x", "http://jp.mercari.com.sandbox.test/search?keyword=x"),
        ("HTTPS://WWW.VINTED.FR/catalog", "http://www.vinted.fr.sandbox.test/catalog"),
        ("http://www.ebay.de.sandbox.test/itm/1", "http://www.ebay.de.sandbox.test/itm/1"),
        ("http://norrvik.sandbox.test/", "http://norrvik.sandbox.test/"),
        ("https://www.example.org/ebay", "https://www.example.org/ebay"),
        ("https://notebay.example/", "https://notebay.example/"),
    ],
)
def test_marketplaces_have_stand_ins_in_the_sandbox(url: str, address: str):
    """A marketplace's host is kept whole before the sandbox's suffix; any other address is itself."""
    assert SANDBOX.resolve(url) == address


def test_the_live_world_changes_no_address():
    """Live, an address is what it says."""
    assert LIVE.resolve("https://www.ebay.de/x") == "https://www.ebay.de/x"
    assert not LIVE.is_sandbox


def test_worlds_of_different_catalogues_are_told_apart():
    """The name that goes into a run's key follows the catalogue's version."""
    assert len({LIVE.name, SANDBOX.name, sandbox_endpoints(4711, "abd").name}) == 3
    assert sandbox_endpoints(1, "abc").name == SANDBOX.name
    assert SANDBOX.is_sandbox

"""Addresses as pages write them."""

import pytest

from lens_rx.parsing.html.urls import public_host, public_host_of, site_name


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("www.ebay.co.uk.sandbox.test", "www.ebay.co.uk"),
        ("norrvik.sandbox.test", "norrvik"),
        ("sandbox.test", "sandbox.test"),
        ("shop.test", "shop.test"),
        ("www.ebay.de", "www.ebay.de"),
        ("latest.test.example", "latest.test.example"),
        ("", ""),
    ],
)
def test_a_sandbox_host_stands_for_a_public_one(host: str, public: str):
    """A name under `.test` stands for what comes before its last two labels; any other stands for itself."""
    assert public_host(host) == public
    assert public_host_of(f"http://{host}/x") == public


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("www.hm.com", "hm"),
        ("m.hm.com", "hm"),
        ("www2.depop.com", "depop"),
        ("depop.co.uk", "depop"),
        ("", ""),
    ],
)
def test_the_name_of_a_site(host: str, name: str):
    """A site's name is the longest label of its host, however short it is beside `www`."""
    assert site_name(f"http://{host}/x") == name

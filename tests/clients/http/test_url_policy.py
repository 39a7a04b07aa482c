from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lens_rx.clients.endpoints import Route
from lens_rx.clients.http.url_policy import check_url, is_public, is_routed
from lens_rx.facts.errors import PolicyError

ROUTE = Route(".sandbox.test", "127.0.0.1", 4711)
PRIVATE = (
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *("192.0.0.8", "192.0.2.1", "198.18.0.1", "192.88.99.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "2001:0:1::1", "2002:7f00:1::"),
    *("168.63.129.16", "100.100.100.200", "192.0.0.192", "169.254.170.2", "169.254.0.23", "192.80.8.124"),
    *(
        "161.26.0.10",
        "166.9.250.1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fd00:c1::a9fe:a9fe",
        "::ffff:168.63.129.16",
    ),
    *("64:ff9b::7f00:1", "64:ff9b:1::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "5f00::1"),
)
PUBLIC = (
    "8.8.8.8",
    "168.63.129.15",
    "161.27.0.1",
    "93.184.215.14",
    "2606:4700::1",
    "2a00:1450:4001:81b::200e",
)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://127.1/",
            "http://0x7f000001/",
            "http://2130706433/",
            "http://0177.0.0.1/",
            "http://127.0.0.1./",
        ),
        *("http://0/", "http://0x7f.1/", "http://1.2.3.4.5/", "http://256.1.1.1/", "http://a.b.0x10/"),
        *(
            "http://127。0。0。1/",
            "http://１２７.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:169.254.169.254]/",
        ),
        *("http://[fe80::1%25eth0]/", "http://[64:ff9b::1]/", "http://100.64.1.1/", "http://[::127.0.0.1]/"),
        *(
            "http://a\\@b/",
            "http://a\\b.example/",
            "http://user@shop.example/",
            "http://u:p@shop.example/",
            "http://@a.b/",
        ),
        *(
            "http://shop.example:8080/",
            "http://shop.example:22/",
            "https://shop.example:0/",
            "http://shop.example:99999/",
        ),
        *(
            "file:///etc/passwd",
            "data:text/html,x",
            "view-source:http://shop.example/",
            "ftp://shop.example/",
        ),
        *(
            "javascript:alert(1)",
            "blob:http://shop.example/1",
            "//shop.example/",
            "/p/1",
            "",
            "http://",
            "http:///p",
        ),
        *(
            "http://localhost/",
            "http://intranet/",
            "http://a.localhost/",
            "http://printer.local/",
            "http://db.internal/",
        ),
        *(
            "http://shop.example/\r\nHost: a",
            "http://shop .example/",
            "http://shop..example/",
        ),
        *(
            "http://sh%6fp.example%2f@b/",
            "http://h%2ede/",
            "http://-shop.example/",
            "http://[",
            "http://[::1",
            "\x00",
        ),
        "http://shop.example/" + "a" * 5_000,
        "http://" + "a" * 64 + ".example/",
    ],
)
def test_refused(url: str):
    """An address that is not public, oddly written or not of the web is refused."""
    with pytest.raises(PolicyError):
        check_url(url)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://shop.example/p/1?a=b#c", "https://shop.example/p/1?a=b"),
        ("http://shop.example:80/", "http://shop.example/"),
        ("HTTPS://Shop.Example:443/", "https://shop.example/"),
        ("https://exämple.de/ü", "https://xn--exmple-cua.de/%C3%BC"),
        ("https://shop.example./p", "https://shop.example./p"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://[2606:4700::1]/", "http://[2606:4700::1]/"),
        ("https://a_b.shop.example/a%2Fb", "https://a_b.shop.example/a%2Fb"),
    ],
)
def test_allowed(url: str, asked: str):
    """A public address is asked for as it stands, without its fragment."""
    assert str(check_url(url)) == asked


@pytest.mark.parametrize("address", PRIVATE)
def test_private(address: str):
    """No address of a private, local, reserved or translating network is public."""
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str):
    """Addresses of the public network are."""
    assert is_public(address)


@pytest.mark.parametrize(
    "text", ["", "localhost", "127.1", "1.2.3", "8.8.8.8 ", "0x7f000001", "fe80::1%eth0"]
)
def test_no_address(text: str):
    """What is no full address is not public."""
    assert not is_public(text)


@given(
    st.sampled_from(["127.0.0.0/8", "10.0.0.0/8", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"]),
    st.data(),
)
def test_every_notation(network: str, data: st.DataObject):
    """A private address is refused in every notation that some parser takes."""
    value = data.draw(st.sampled_from(range(0, ipaddress.ip_network(network).num_addresses, 251)))
    address = ipaddress.ip_network(network)[value]
    number, octets = int(address), address.packed
    for host in (
        str(address),
        str(number),
        hex(number),
        ".".join(map(hex, octets)),
        ".".join(f"0{octet:o}" for octet in octets),
        f"{octets[0]}.{number & 0xFFFFFF}",
        f"[::ffff:{address}]",
        f"[64:ff9b::{address}]",
    ):
        with pytest.raises(PolicyError):
            check_url(f"http://{host}/")


@given(st.text(max_size=60))
def test_anything(text: str):
    """Whatever is asked for is refused or is an http(s) address with a host, without a user and a port."""
    for url in (text, f"http://{text}", f"http://shop.example/{text}"):
        try:
            found = check_url(url)
        except PolicyError:
            continue
        assert found.scheme in ("http", "https")
        assert found.host
        assert found.user is None
        assert found.port in (80, 443)


def test_routed():
    """The sandbox's names are allowed where there is a sandbox, and no name that merely looks like them."""
    assert str(check_url("http://lens.sandbox.test/x", ROUTE)) == "http://lens.sandbox.test/x"
    assert is_routed("LENS.sandbox.test.", ROUTE)
    assert not is_routed("lens.sandbox.test", None)
    assert not is_routed("sandbox.test.evil.example", ROUTE)
    assert not is_routed("evilsandbox.test", ROUTE)
    for url in ("http://127.0.0.1/", "http://localhost/", "http://lens.sandbox.test:4711/"):
        with pytest.raises(PolicyError):
            check_url(url, ROUTE)

"""Headers of proxies, from those who may send them and from those who may not."""

from __future__ import annotations

from http.cookies import SimpleCookie
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request
from served import Served, serve
from token_holders import Tokens, bearer

from lens_rx.settings import Settings
from lens_rx.web.auth import SESSION_COOKIE, Authenticator
from lens_rx.web.client_address import client_name
from lens_rx.web.failed_attempts import BURST

PROXIES = (ip_network("10.0.0.0/8"), ip_network("::1/128"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["1.1.1.1, 203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["1.1.1.1", "203.0.113.7, 10.9.9.9"], "203.0.113.7"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["127.0.0.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.7, 10.0.0.2, "], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.7:4711"], "203.0.113.7"),
        ("::ffff:10.0.0.1", ["[2001:db8::5]:443"], "2001:db8::/64"),
        ("::1", ["2001:db8::5"], "2001:db8::/64"),
        ("203.0.113.9", ["10.0.0.1"], "203.0.113.9"),
        ("203.0.113.9", ["127.0.0.1"], "203.0.113.9"),
        ("2001:db8:0:1::9", [], "2001:db8:0:1::/64"),
    ],
)
def test_the_client_is_whom_the_last_trusted_proxy_saw(peer: str, forwarded: list[str], client: str):
    """The rightmost address that is no trusted proxy counts, and nothing that an untrusted peer says."""
    request = make_mocked_request("GET", "/", headers=[("X-Forwarded-For", it) for it in forwarded]).clone(
        remote=peer
    )
    assert client_name(request, PROXIES) == client


async def test_an_untrusted_peer_escapes_no_limit(guarded: Served):
    """Another `X-Forwarded-For` each time is still the same client, whose guesses are limited."""
    statuses = []
    for number in range(BURST + 1):
        headers = bearer("guess") | {"X-Forwarded-For": f"203.0.113.{number}"}
        async with guarded.client.get("/suppliers", headers=headers) as response:
            statuses.append(response.status)
    assert statuses == [401] * BURST + [429]


@pytest.fixture
def behind(settings: Settings) -> Settings:
    return settings.model_copy(
        update={"trusted_proxies": (ip_network("127.0.0.0/8"),), "hosts": ("prices.example",)}
    )


async def test_clients_of_a_trusted_proxy_are_counted_apart(behind: Settings, tokens: Tokens):
    """One that guesses locks out itself alone; `/metrics` is for those whom the proxy saw on loopback."""
    async with serve(behind, Authenticator(tokens.file)) as served:
        for address, status in (("203.0.113.1", 401),) * BURST + (("203.0.113.1", 429), ("203.0.113.2", 401)):
            headers = bearer("guess") | {"X-Forwarded-For": address}
            async with served.client.get("/suppliers", headers=headers) as response:
                assert response.status == status
        for address, status in (("203.0.113.3", 401), ("127.0.0.1", 200)):
            async with served.client.get("/metrics", headers={"X-Forwarded-For": address}) as response:
                assert response.status == status


@pytest.mark.parametrize(("scheme", "secure"), [("https", True), ("http", False), ("https, http", False)])
async def test_the_cookie_is_secure_behind_https(behind: Settings, tokens: Tokens, scheme: str, secure: bool):
    """What a trusted proxy says of the scheme decides."""
    headers = {
        "X-Forwarded-Proto": scheme,
        "Host": "prices.example",
        "Origin": f"{scheme[:5].strip(',')}://prices.example",
    }
    async with (
        serve(behind, Authenticator(tokens.file)) as served,
        served.client.post(
            "/login", data={"token": tokens.ann}, headers=headers, allow_redirects=False
        ) as response,
    ):
        assert bool(SimpleCookie(response.headers["Set-Cookie"])[SESSION_COOKIE]["secure"]) is secure


async def test_an_untrusted_peer_makes_no_cookie_secure(guarded: Served, tokens: Tokens):
    """Its word about the scheme means nothing."""
    headers = {"X-Forwarded-Proto": "https", "Sec-Fetch-Site": "same-origin"}
    async with guarded.client.post(
        "/login", data={"token": tokens.ann}, headers=headers, allow_redirects=False
    ) as response:
        assert "Secure" not in response.headers["Set-Cookie"]


def test_networks_are_checked_at_start(tmp_path: Path):
    """What is no network is no setting."""
    assert Settings(trusted_proxies="10.0.0.0/8, 192.168.1.7").trusted_proxies[1].num_addresses == 1
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings(trusted_proxies="proxy.example")

"""Who may use the service: its own page, its own names, allowed origins, and programs."""

from __future__ import annotations

import aiohttp
import pytest
from served import Served

from lens_rx.settings import Settings
from lens_rx.web.request_origin import is_own_host

ALLOWED = "http://localhost:3001"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Return settings with a host name of the service."""
    return settings.model_copy(update={"hosts": ("prices.example",)})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": ALLOWED, "Sec-Fetch-Site": "same-site"}, 200),
        ({"Origin": "http://prices.example", "Host": "prices.example"}, 200),
        ({"Origin": "https://prices.example", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://evil.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
    ids=["a program", "the frontend", "our page", "our page behind a proxy", "another", "a file", "a form"],
)
async def test_a_foreign_page_starts_no_run(served: Served, headers: dict, status: int):
    """A simple cross-site POST is 403 with words that name the setting, and nothing runs."""
    async with served.client.post("/classify", data=served.form(), headers=headers) as response:
        assert response.status == status
        body = await response.text()
    assert ("LENS_RX_CORS_ORIGINS" in body) == (status == 403)
    assert await served.live() == (status == 200)


async def test_a_foreign_page_deletes_no_run(served: Served):
    """A run outlives a DELETE that a page of another origin sends."""
    async with served.client.post("/classify", data=served.form()) as response:
        await response.read()
        run = f"/runs/{response.headers['X-Run-Key']}"
    async with served.client.delete(run, headers={"Origin": "http://evil.test"}) as response:
        assert response.status == 403
    async with served.client.get(run) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1:5000", True),
        ("[::1]:5000", True),
        ("192.168.1.7", True),
        ("localhost:3002", True),
        ("LOCALHOST", True),
        ("shop.localhost", True),
        ("lens-rx:5000", True),
        ("host.docker.internal:3002", True),
        ("intake.local", True),
        ("local.evil.test", False),
        ("prices.example", True),
        ("prices.example.:443", True),
        ("rebind.evil.test", False),
        ("127.0.0.1.evil.test:5000", False),
        ("prices.example.evil.test", False),
        ("localhost.evil.test", False),
    ],
)
def test_a_host_name_is_the_services_own(host: str, own: bool):
    """Addresses, local names and the settings' names are; a name that anybody may point here is not."""
    assert is_own_host(host, ("prices.example",)) is own
    assert is_own_host(host, ("*",))


@pytest.mark.parametrize("path", ["/", "/metrics", "/runs/1", "/ws", "/openapi.json"])
async def test_a_rebound_name_gets_nothing(served: Served, path: str):
    """A request for a foreign host name is 421, and says which setting names the service's own."""
    async with served.client.get(path, headers={"Host": "rebind.evil.test"}) as response:
        assert response.status == 421
        assert "LENS_RX_HOSTS" in (await response.json())["error"]


async def test_health_is_told_to_any_name(served: Served):
    """A proxy may check health under a name of its own."""
    async with served.client.get("/healthz", headers={"Host": "backend.internal.test"}) as response:
        assert response.status == 200


async def test_a_rebound_name_opens_no_socket(served: Served):
    """The same for a WebSocket whose Origin is the rebound name itself."""
    headers = {"Host": "rebind.evil.test", "Origin": "http://rebind.evil.test"}
    with pytest.raises(aiohttp.WSServerHandshakeError, match="421"):
        await served.client.ws_connect("/ws", headers=headers)

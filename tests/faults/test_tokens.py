"""Tokens attacked: none, wrong, guessed, revoked, stolen, leaked, and sought past by odd paths and methods."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import aiohttp
import orjson
import pytest
import structlog
from served import Served, photo
from structlog.testing import capture_logs
from token_holders import Tokens, bearer, cookie

from lens_rx.settings import Settings
from lens_rx.web.auth import SESSION_COOKIE, Authenticator, requires_token
from lens_rx.web.failed_attempts import BURST, REFILL_SECONDS, FailedAttempts
from lens_rx.web.token_file import TokenFile, TokenFileError, session_value

ALLOWED = "http://localhost:3001"
PROTECTED = [
    "/",
    "/app.js",
    "/runs/abc",
    "/runs/abc/events",
    "/suppliers",
    "/openapi.json",
    "/ws",
    "/nothing",
]
#: Ways to write paths so that a check of their beginning or end is passed.
TRICKS = [
    "//runs/abc",
    "/healthz/../runs/abc",
    "/healthz%2f..%2fsuppliers",
    "/%68ealthz/",
    "/healthz/",
    "/login/../suppliers",
    "/style.css/../suppliers",
    "/suppliers?x=/healthz",
    "/suppliers;/healthz",
    "/SUPPLIERS",
    "/%2e%2e/suppliers",
    "/readyz/%2e%2e/suppliers",
]


@pytest.fixture
def log() -> Iterator[list[dict]]:
    with capture_logs() as lines:
        yield lines


@pytest.mark.parametrize("path", PROTECTED)
async def test_without_a_token_nothing_is_told(guarded: Served, path: str):
    """Every address is 401 in words, with a challenge, whether there is anything at it or not."""
    async with guarded.client.get(path) as response:
        assert response.status == 401
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="lens_rx"'
        assert "token is needed" in (await response.json())["error"]


async def test_a_photo_without_a_token_starts_nothing(guarded: Served):
    """Both upload addresses are 401, and nothing runs."""
    for path in ("/", "/classify"):
        async with guarded.client.post(path, data=guarded.form()) as response:
            assert response.status == 401
    assert await guarded.live() == 0


@pytest.mark.parametrize("path", ["/healthz", "/login", "/style.css", "/icon.svg", "/login.js"])
async def test_probes_and_the_login_are_open(guarded: Served, path: str):
    """What a probe and a browser need before there is a token is told to anybody."""
    async with guarded.client.get(path) as response:
        assert response.status == 200


async def test_readiness_is_open_too(guarded: Served):
    """A probe of Kubernetes sends no token; it gets its answer, ready or not."""
    async with guarded.client.get("/readyz") as response:
        assert response.status == 503
        assert (await response.json())["log"] is True


@pytest.mark.parametrize("path", TRICKS)
async def test_no_way_of_writing_leads_past_the_token(guarded: Served, path: str):
    """The path is judged by the route that it leads to; no method and no override changes that."""
    host, port = guarded.url.removeprefix("http://").split(":")
    for method in ("GET", "HEAD", "OPTIONS", "POST", "DELETE", "PROPFIND"):
        reader, writer = await asyncio.open_connection(host, int(port))
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: x\r\nX-HTTP-Method-Override: GET\r\nContent-Length: 0\r\n"
            "Connection: close\r\n\r\n"
        )
        writer.write(head.encode())
        first = (await reader.readline()).split()
        writer.close()
        assert first[1] in (b"401", b"400", b"403", b"405"), method


async def test_a_preflight_needs_no_token_and_tells_nothing(guarded: Served):
    """Browsers send no token with it; an allowed origin learns that Authorization may be sent, and reads a 401."""
    asked = {
        "Origin": ALLOWED,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    async with guarded.client.options("/classify", headers=asked) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Headers"] == "authorization"
    async with guarded.client.get("/runs/abc", headers={"Origin": ALLOWED}) as response:
        assert (response.status, response.headers["Access-Control-Allow-Origin"]) == (401, ALLOWED)


async def test_a_bearer_token_opens_all_ways(guarded: Served, tokens: Tokens):
    """Upload, JSON, EventSource and WebSocket work with the header."""
    async with guarded.client.post("/classify", data=guarded.form(), headers=bearer(tokens.ann)) as response:
        assert (await response.read()).count(b"data: ") == 5
        key = response.headers["X-Run-Key"]
    for path in (f"/runs/{key}", f"/runs/{key}/events", "/metrics", "/suppliers", "/openapi.json"):
        async with guarded.client.get(path, headers=bearer(tokens.ann)) as response:
            assert response.status == 200
    async with guarded.client.ws_connect("/ws", headers=bearer(tokens.ann)) as ws:
        await ws.send_bytes(photo())
        assert orjson.loads((await ws.receive()).data)["key"] == key


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer wrong", "Basic {}", "Bearer {}x", "bearer {} {}", "{}", "Bearer \u00e9{}"],
)
async def test_a_token_that_is_not_exact_is_wrong(guarded: Served, tokens: Tokens, header: str):
    """Another scheme, a part of a token, or more than one is 401."""
    sent = header.replace("{}", tokens.ann)
    async with guarded.client.get("/suppliers", headers={"Authorization": sent}) as response:
        assert response.status == 401


@pytest.mark.parametrize(
    "sent", ["", "=", ";;", "lens_rx_session", 'lens_rx_session="', "lens_rx_session=a;" * 99, "\u00e9=1"]
)
async def test_an_odd_cookie_is_no_session(guarded: Served, sent: str):
    """Whatever stands in it, the answer is 401 or 429, and no error of the server."""
    async with guarded.client.get("/suppliers", headers={"Cookie": sent}) as response:
        assert response.status == 401


async def test_a_wrong_token_is_not_made_good_by_a_cookie(guarded: Served, tokens: Tokens):
    """A request that names a token stands by it."""
    async with guarded.client.get("/suppliers", headers=cookie(tokens.ann) | bearer("wrong")) as response:
        assert response.status == 401


async def test_the_scheme_may_be_written_in_any_case(guarded: Served, tokens: Tokens):
    """`bearer` is `Bearer` (RFC 9110)."""
    async with guarded.client.get(
        "/suppliers", headers={"Authorization": f"bearer {tokens.ann}"}
    ) as response:
        assert response.status == 200


async def test_guesses_are_limited_and_a_valid_token_is_not(guarded: Served, tokens: Tokens):
    """After ten wrong tokens a client gets 429 with `Retry-After` for more; those with a valid one work on."""
    for _ in range(BURST):
        async with guarded.client.get("/suppliers", headers=bearer("guess")) as response:
            assert response.status == 401
    async with guarded.client.get("/suppliers", headers=bearer("guess")) as response:
        assert response.status == 429
        assert 0 < int(response.headers["Retry-After"]) <= REFILL_SECONDS
    async with guarded.client.get("/suppliers", headers=bearer(tokens.ann)) as response:
        assert response.status == 200


async def test_a_stolen_cookie_is_no_token(guarded: Served, tokens: Tokens):
    """What a cookie holds cannot be used as a bearer token, nor the stored hashes as either."""
    stored = tokens.file.read()[0]
    for value in (session_value(tokens.ann), stored.digest, stored.session_digest):
        async with guarded.client.get("/suppliers", headers=bearer(value)) as response:
            assert response.status == 401
    for value in (stored.digest, stored.session_digest, tokens.ann):
        async with guarded.client.get(
            "/suppliers", headers={"Cookie": f"{SESSION_COOKIE}={value}"}
        ) as response:
            assert response.status == 401


async def test_revoking_ends_the_token_and_its_sessions_at_once(guarded: Served, tokens: Tokens):
    """Without a restart; the other tokens go on."""
    for headers in (bearer(tokens.ann), cookie(tokens.ann)):
        async with guarded.client.get("/suppliers", headers=headers) as response:
            assert response.status == 200
    tokens.file.revoke("ann")
    for headers in (bearer(tokens.ann), cookie(tokens.ann)):
        async with guarded.client.get("/suppliers", headers=headers) as response:
            assert response.status == 401
    async with guarded.client.get("/suppliers", headers=bearer(tokens.bo)) as response:
        assert response.status == 200


async def test_a_new_token_is_valid_at_once(guarded: Served, tokens: Tokens):
    """A token that is added while the service runs needs no restart."""
    late = TokenFile(tokens.file.path).add("late")
    async with guarded.client.get("/suppliers", headers=bearer(late)) as response:
        assert response.status == 200


async def test_a_broken_file_lets_nobody_in_and_says_so(guarded: Served, tokens: Tokens, log: list[dict]):
    """The log has one line, whatever the number of requests."""
    tokens.file.path.write_text("{")
    for _ in range(3):
        async with guarded.client.get("/suppliers", headers=bearer(tokens.ann)) as response:
            assert response.status == 401
    assert [line["event"] for line in log] == ["no token is valid"]


async def test_no_token_reaches_log_metrics_or_words(guarded: Served, tokens: Tokens, log: list[dict]):
    """Whatever is wrong with a request, no token of it is repeated."""
    structlog.get_logger().info("marker")
    guarded.world.facts["lens"] = RuntimeError("broken")
    said = ""
    for path in ("/suppliers", "/runs/x", f"/?token={tokens.ann}wrong", f"/login?reason={tokens.ann}"):
        for headers in (bearer(tokens.ann), bearer(f"{tokens.ann}wrong")):
            async with guarded.client.get(path, headers=headers, allow_redirects=False) as response:
                said += await response.text() + str(response.headers)
    async with guarded.client.post("/classify", data=guarded.form(), headers=bearer(tokens.ann)) as response:
        said += await response.text()
    assert any(line["event"] == "marker" for line in log)
    assert tokens.ann not in said + str(log) + guarded.metrics.render().decode()


async def test_metrics_are_for_this_machine_without_a_token(guarded: Served):
    """A scraper on loopback needs none; one that a proxy speaks for, as a container's bridge, does."""
    async with guarded.client.get("/metrics") as response:
        assert response.status == 200
    for header in ({"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}):
        async with guarded.client.get("/metrics", headers=header) as response:
            assert response.status == 401


async def test_a_socket_needs_a_token_as_well(guarded: Served):
    """A WebSocket is refused before it is one."""
    with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
        await guarded.client.ws_connect("/ws")


def test_the_file_holds_hashes_and_is_its_owners(tokens: Tokens):
    """No token stands in it, and nobody else can read it."""
    content = tokens.file.path.read_text()
    assert not any(it in content for it in (tokens.ann, tokens.bo, session_value(tokens.ann)))
    assert stat.S_IMODE(tokens.file.path.stat().st_mode) == 0o600
    assert [it.name for it in tokens.file.path.parent.iterdir()] == ["tokens.json"]


def test_a_file_that_others_can_write_is_not_used(tokens: Tokens):
    """Anybody could add a token to it."""
    tokens.file.path.chmod(0o602)
    with pytest.raises(TokenFileError, match="chmod 600"):
        tokens.file.read()


def test_tokens_added_at_once_are_all_there(tmp_path: Path):
    """Several who add tokens at the same time lose none of each other's."""
    file = tmp_path / "tokens.json"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: TokenFile(file).add(str(number)), range(20)))
    assert len(TokenFile(file).read()) == 20


@pytest.mark.parametrize(
    ("name", "tenant"), [("", "a"), ("a\n", "a"), ("a", "A"), ("a", "a.b"), ("a", ""), ("a", "a/b")]
)
def test_names_that_could_mean_something_else_are_refused(tmp_path: Path, name: str, tenant: str):
    """A tenant is the beginning of keys, so it has no dot."""
    with pytest.raises(TokenFileError):
        TokenFile(tmp_path / "tokens.json").add(name, tenant)


@pytest.mark.parametrize(
    ("host", "auth", "file", "required"),
    [
        ("127.0.0.1", "auto", None, False),
        ("::1", "auto", None, False),
        ("localhost", "auto", None, False),
        ("0.0.0.0", "auto", None, True),
        ("::", "auto", None, True),
        ("", "auto", None, True),
        ("192.168.1.7", "auto", None, True),
        ("lens.example", "auto", None, True),
        ("127.0.0.1", "auto", Path("tokens.json"), True),
        ("127.0.0.1", "token", None, True),
        ("0.0.0.0", "none", None, False),
    ],
)
def test_a_token_is_required_beyond_loopback(host: str, auth: str, file: Path | None, required: bool):
    """By itself everywhere but on loopback; a file of tokens or the setting asks for one there, too."""
    assert requires_token(Settings(auth=auth, tokens_file=file), host) is required


def test_all_tokens_are_compared_whole(tokens: Tokens, monkeypatch: pytest.MonkeyPatch):
    """No comparison ends at the first difference, and none is left out after a match."""
    compared = []

    def compare(one: str, other: str) -> bool:
        compared.append(other)
        return one == other

    monkeypatch.setattr("lens_rx.web.auth.compare_digest", compare)
    authenticator = Authenticator(tokens.file)
    for secret in (tokens.ann, "wrong"):
        compared.clear()
        assert (authenticator.find_token(secret) is None) == (secret == "wrong")
        assert len(compared) == 3


def test_failures_are_forgotten_and_few_are_remembered(monkeypatch: pytest.MonkeyPatch):
    """One more try comes back every few seconds; the clients remembered are bounded."""
    now = [0.0]
    attempts = FailedAttempts(lambda: now[0])
    for _ in range(BURST):
        assert attempts.seconds_to_wait("a") == 0
        attempts.record("a")
    assert attempts.seconds_to_wait("a") == REFILL_SECONDS
    now[0] += REFILL_SECONDS
    assert attempts.seconds_to_wait("a") == 0
    monkeypatch.setattr("lens_rx.web.failed_attempts.MAX_CLIENTS", 5)
    for number in range(9):
        attempts.record(str(number))
    assert len(attempts._forgotten_at) <= 6

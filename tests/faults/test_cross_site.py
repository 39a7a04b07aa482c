"""Other sites' pages: cross-site requests, rebound names, stolen cookies, and signing somebody in as somebody else."""

from __future__ import annotations

from http.cookies import SimpleCookie

import aiohttp
import pytest
from served import Served
from token_holders import Tokens, bearer, cookie

from lens_rx.web.auth import SESSION_COOKIE
from lens_rx.web.failed_attempts import BURST
from lens_rx.web.login import token_in
from lens_rx.web.token_file import session_value

EVIL = {"Origin": "http://evil.test", "Sec-Fetch-Site": "cross-site"}
ALLOWED = {"Origin": "http://localhost:3001", "Sec-Fetch-Site": "same-site"}
OWN = {"Sec-Fetch-Site": "same-origin"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (EVIL, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({}, 403),
        (OWN, 200),
        (ALLOWED, 200),
        (OWN | {"Origin": "null"}, 200),
    ],
    ids=["another", "a file", "a form", "a neighbour", "nobody", "our page", "the frontend", "our form"],
)
async def test_a_cookie_is_not_enough_to_start_a_run(
    guarded: Served, tokens: Tokens, headers: dict, status: int
):
    """A request that has its access from a cookie has to come from the service's page or an allowed origin."""
    sent = cookie(tokens.ann) | headers
    async with guarded.client.post("/classify", data=guarded.form(), headers=sent) as response:
        assert response.status == status
        await response.read()
    assert await guarded.live() == (status == 200)


@pytest.mark.parametrize(("headers", "status"), [(EVIL, 403), ({}, 403), (OWN, 101), (ALLOWED, 101)])
async def test_a_cookie_is_not_enough_to_open_a_socket(
    guarded: Served, tokens: Tokens, headers: dict, status: int
):
    """The same for a WebSocket: browsers send its Origin always, so that one without comes from no page of ours."""
    connecting = guarded.client.ws_connect("/ws", headers=cookie(tokens.ann) | headers)
    if status == 101:
        async with connecting:
            return
    with pytest.raises(aiohttp.WSServerHandshakeError, match=str(status)):
        await connecting


async def test_a_bearer_token_needs_no_origin_and_no_host(guarded: Served, tokens: Tokens):
    """A program with a token may reach the service by any name; a foreign page may not even with one."""
    headers = bearer(tokens.ann) | {"Host": "any.example"}
    async with guarded.client.post("/classify", data=guarded.form(), headers=headers) as response:
        assert response.status == 200
        await response.read()
    async with guarded.client.post("/classify", data=guarded.form(), headers=headers | EVIL) as response:
        assert response.status == 403


@pytest.mark.parametrize("path", ["/", "/login", "/runs/abc", "/metrics", "/style.css"])
async def test_a_rebound_name_gets_nothing(guarded: Served, tokens: Tokens, path: str):
    """With a cookie, with a wrong token and with none a foreign host name is 421."""
    for headers in ({}, cookie(tokens.ann), bearer("wrong")):
        async with guarded.client.get(path, headers=headers | {"Host": "rebind.evil.test"}) as response:
            assert response.status == 421
            assert "LENS_RX_HOSTS" in (await response.json())["error"]


async def test_signing_in_sets_a_cookie_that_no_script_reads(guarded: Served, tokens: Tokens):
    """It is HttpOnly and SameSite=Strict, holds no token, and opens the page."""
    async with guarded.client.post(
        "/login", data={"token": tokens.ann}, headers=OWN, allow_redirects=False
    ) as response:
        assert (response.status, response.headers["Location"]) == (303, "./")
        set_cookie = response.headers["Set-Cookie"]
    morsel = SimpleCookie(set_cookie)[SESSION_COOKIE]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Strict"
    assert morsel["path"] == "/"
    assert not morsel["secure"]
    assert tokens.ann not in set_cookie
    async with guarded.client.get("/", headers=cookie(tokens.ann)) as response:
        assert 'data-session="cookie"' in await response.text()


async def test_a_wrong_token_is_told_in_words(guarded: Served):
    """The login page comes again with a sentence, and without what was typed."""
    async with guarded.client.post("/login", data={"token": "<b>oops"}, headers=OWN) as response:
        assert response.status == 401
        assert "Set-Cookie" not in response.headers
        text = await response.text()
    assert "not a valid token" in text
    assert "oops" not in text


async def test_the_login_limits_guesses(guarded: Served, tokens: Tokens):
    """After ten wrong tokens even the right one has to wait, and the page says how long."""
    for _ in range(BURST):
        async with guarded.client.post("/login", data={"token": "guess"}, headers=OWN) as response:
            assert response.status == 401
    async with guarded.client.post("/login", data={"token": tokens.ann}, headers=OWN) as response:
        assert response.status == 429
        assert f"wait {response.headers['Retry-After']} seconds" in await response.text()
    link = f"/?token={tokens.ann}"
    async with guarded.client.get(link, allow_redirects=False) as response:
        assert response.headers["Location"] == "login?reason=wait"


async def test_another_site_signs_nobody_in(guarded: Served, tokens: Tokens):
    """A form of a foreign page is 403; a link on one is not followed, for it could hold a stranger's token."""
    async with guarded.client.post("/login", data={"token": tokens.cy}, headers=EVIL) as response:
        assert response.status == 403
        assert "Set-Cookie" not in response.headers
    for site in ("cross-site", "same-site"):
        async with guarded.client.get(
            f"/?token={tokens.cy}", headers={"Sec-Fetch-Site": site}, allow_redirects=False
        ) as response:
            assert (response.status, response.headers["Location"]) == (303, "login?reason=foreign")
            assert "Set-Cookie" not in response.headers


async def test_another_site_signs_nobody_out(guarded: Served, tokens: Tokens):
    """`POST /logout` of a foreign page is 403; that of the own page takes the cookie away."""
    async with guarded.client.post("/logout", headers=cookie(tokens.ann) | EVIL) as response:
        assert response.status == 403
    async with guarded.client.post(
        "/logout", headers=cookie(tokens.ann) | OWN, allow_redirects=False
    ) as response:
        assert response.status == 303
        assert SimpleCookie(response.headers["Set-Cookie"])[SESSION_COOKIE]["max-age"] == "0"


async def test_the_link_becomes_a_cookie_and_leaves_the_address(guarded: Served, tokens: Tokens):
    """`/?token=` answers with a redirect to the bare page and the cookie; a wrong one with one to the login."""
    async with guarded.client.get(f"/?token={tokens.ann}", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "./")
        assert session_value(tokens.ann) in response.headers["Set-Cookie"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "no-store"
    async with guarded.client.get("/?token=wrong", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "login?reason=link")


@pytest.mark.parametrize("path", ["/runs/abc", "/suppliers", "/ws", "/classify"])
async def test_a_token_in_another_address_counts_for_nothing(guarded: Served, tokens: Tokens, path: str):
    """Addresses are written into logs, so only the page's link holds one."""
    async with guarded.client.get(f"{path}?token={tokens.ann}") as response:
        assert response.status == 401


async def test_a_browser_without_a_session_comes_to_the_login(guarded: Served, tokens: Tokens):
    """The page leads to the login, and says so where a session has ended, whose cookie it takes away."""
    page = {"Accept": "text/html,application/xhtml+xml"}
    async with guarded.client.get("/", headers=page, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "login")
    tokens.file.revoke("ann")
    async with guarded.client.get("/", headers=page | cookie(tokens.ann), allow_redirects=False) as response:
        assert response.headers["Location"] == "login?reason=ended"
        assert "Max-Age=0" in response.headers["Set-Cookie"]


async def test_the_login_page_has_no_other_sites_in_it(guarded: Served):
    """Its policy lets it load from and post to the service alone; it can stand in no frame."""
    async with guarded.client.get("/login?reason=%3Cscript%3E") as response:
        policy = response.headers["Content-Security-Policy"]
        assert "<script>" not in await response.text()
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("body", [b"token=" + b"x" * 20_000, b"\xff\xfe=1", b""])
async def test_an_odd_form_is_refused(guarded: Served, body: bytes):
    """Too long, no text, or empty: the answer is in words, and no error of the server."""
    async with guarded.client.post("/login", data=body, headers=OWN | FORM) as response:
        assert response.status in (400, 413)


async def test_without_tokens_there_is_no_login(served: Served):
    """The login leads to the page, which is open."""
    async with served.client.get("/login", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "./")
    async with served.client.post("/login", data={"token": "x"}, allow_redirects=False) as response:
        assert response.headers["Location"] == "./"
    async with served.client.get("/?token=old") as response:
        assert 'data-session="none"' in await response.text()


@pytest.mark.parametrize(
    "pasted", ["lrx_abc", " lrx_abc\n", "http://127.0.0.1:5000/?token=lrx_abc", "/?token=lrx_abc&x=1"]
)
def test_a_pasted_link_is_as_good_as_its_token(pasted: str):
    """Who copies the whole link, or a blank with it, is let in."""
    assert token_in(pasted) == "lrx_abc"

"""The page where the service asks for a token: signing in, working, being signed out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio
from pyppeteer.errors import NetworkError
from served import Served, photo, serve
from ui_driver import UiDriver

from lens_rx.settings import Settings
from lens_rx.web.auth import Authenticator
from lens_rx.web.token_file import TokenFile

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def file(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "tokens.json")


@pytest_asyncio.fixture(loop_scope="session")
async def guarded(file: TokenFile) -> AsyncIterator[Served]:
    """Run a service whose stages answer at once, and which asks for a token."""
    async with serve(Settings(heartbeat_seconds=5.0), Authenticator(file)) as running:
        yield running


@pytest.fixture
def jacket(tmp_path: Path) -> Path:
    path = tmp_path / "jacket.png"
    path.write_bytes(photo())
    return path


async def wait_through(ui: UiDriver, script: str) -> None:
    """Wait until the script is true, on whichever page the tab comes to meanwhile."""
    while True:
        with suppress(NetworkError):  # the page that was asked is gone
            await ui.wait_for(script)
            return


async def sign_in(ui: UiDriver, token: str) -> None:
    """Type a token and press the button."""
    await wait_through(ui, "() => Boolean(document.getElementById('token'))")
    await ui.tab.type("#token", token)
    await ui.click(".login-form .button")


async def test_from_the_login_to_a_price_and_out_again(
    blank_ui: UiDriver, guarded: Served, file: TokenFile, jacket: Path
):
    """A wrong token is told; the right one opens the page, a photo is priced over its WebSocket; no script sees the cookie."""
    ui, token = blank_ui, file.add("anna", "north")
    await ui.open(guarded.url, width=390, touch=True)
    assert ui.tab.url == f"{guarded.url}/login"
    assert await ui.evaluate("() => document.documentElement.scrollWidth") <= 390
    await sign_in(ui, "wrong")
    await wait_through(
        ui, "() => document.getElementById('message').textContent.includes('not a valid token')"
    )
    await sign_in(ui, f" {guarded.url}/?token={token} ")
    await wait_through(ui, "() => document.getElementById('account')?.hidden === false")
    assert ui.tab.url == f"{guarded.url}/"
    assert await ui.evaluate("() => document.cookie") == ""
    await ui.choose(jacket)
    assert (await ui.wait_for_things())[0].startswith("Done")
    await ui.click("#sign-out")
    await wait_through(ui, "() => document.getElementById('message')?.textContent === 'You are signed out.'")
    assert await ui.evaluate("() => [sessionStorage.length, localStorage.length]") == [0, 0]
    await ui.tab.goto(guarded.url)
    assert ui.tab.url == f"{guarded.url}/login"
    assert await ui.evaluate("() => window.violations") == []


async def test_a_revoked_token_is_told_where_the_work_is(
    blank_ui: UiDriver, guarded: Served, file: TokenFile, jacket: Path
):
    """A photo of a page whose session has ended is not accepted, in words; after signing in anew it can be sent."""
    ui = blank_ui
    await ui.open(f"{guarded.url}/?token={file.add('anna')}")
    assert ui.tab.url == f"{guarded.url}/"
    file.revoke("anna")
    await ui.choose(jacket)
    assert await ui.wait_for_things() == ["Not accepted."]
    assert "You are signed out" in await ui.evaluate("() => document.querySelector('.notices').innerText")
    assert await ui.texts("#sign-in") == ["Sign in again"]
    await ui.evaluate(
        "(body) => fetch('login', {method: 'POST', body: new URLSearchParams(body)})",
        {"token": file.add("bea")},
    )
    await ui.click(".notices button")
    await ui.wait_for_message("Done")


async def test_who_is_signed_in_passes_the_login(blank_ui: UiDriver, guarded: Served, file: TokenFile):
    """The login leads on to the page: a link on another site's page comes here without the cookie."""
    await blank_ui.open(f"{guarded.url}/?token={file.add('anna')}")
    await blank_ui.tab.goto(f"{guarded.url}/login")
    await wait_through(blank_ui, "() => document.getElementById('account')?.hidden === false")


async def test_who_signs_in_sees_their_own_list(
    blank_ui: UiDriver, guarded: Served, file: TokenFile, jacket: Path
):
    """A list of somebody whose session ended is not shown to the next one, and is there when its owner is back."""
    ui = blank_ui
    anna, bea = file.add("anna"), file.add("bea")
    await ui.open(f"{guarded.url}/?token={anna}")
    await ui.choose(jacket)
    await ui.wait_for_things()
    for token, things in ((bea, 0), (anna, 1)):
        await ui.tab.deleteCookie({"name": "lens_rx_session", "url": guarded.url})
        await ui.tab.goto(f"{guarded.url}/?token={token}")
        await wait_through(ui, "() => document.getElementById('account')?.hidden === false")
        assert await ui.evaluate("() => document.querySelectorAll('.thing').length") == things
    other = await ui.another_tab()
    await other.open(guarded.url)
    await ui.click("#sign-out")
    await wait_through(
        other, "() => document.getElementById('message')?.textContent === 'You are signed out.'"
    )
    assert not await other.evaluate("() => Object.keys(localStorage).some((name) => name.includes('.list.'))")

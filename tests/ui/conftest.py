"""One Chromium for all tests here, and a fresh tab for each."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pyppeteer import launch
from sandbox_service import SandboxService
from shared_directory import unseen_copy
from ui_driver import CuttableProxy, UiDriver

from lens_rx.clients.browser.flags import FLAGS


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Any]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("there is no Chromium on PATH")
    browser = await launch(
        executablePath=found,
        args=[
            *FLAGS,  # without what Chromium would start or request by itself
            "--no-sandbox",  # a user and a container may lack it
            *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),  # a camera of its own
        ],
        # the last list of features would be in force
        ignoreDefaultArgs=["--disable-features=site-per-process"],
        handleSIGINT=False,
        handleSIGTERM=False,
        handleSIGHUP=False,
    )
    yield browser
    await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def blank_ui(chromium: Any, tmp_path: Path) -> AsyncIterator[UiDriver]:
    """Return a tab of its own, that has kept nothing of another test, where nothing has been opened."""
    context = await chromium.createIncognitoBrowserContext()
    ui = UiDriver(await context.newPage(), tmp_path / "downloads")
    yield ui
    await context.close()
    assert ui.errors == []


@pytest_asyncio.fixture(loop_scope="session")
async def ui(blank_ui: UiDriver, service: SandboxService) -> UiDriver:
    """Return a tab with the page open."""
    await blank_ui.open(service.url)
    return blank_ui


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def module_ui(
    chromium: Any, shared_service: SandboxService, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[UiDriver]:
    context = await chromium.createIncognitoBrowserContext()
    ui = UiDriver(await context.newPage(), tmp_path_factory.mktemp("downloads"))
    await ui.open(shared_service.url)
    yield ui
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def reloaded_ui(module_ui: UiDriver) -> AsyncIterator[UiDriver]:
    """Return the module's tab with the page loaded anew, for tests that leave nothing in the browser."""
    await module_ui.reload()
    yield module_ui
    assert module_ui.errors == []


@pytest_asyncio.fixture(loop_scope="session")
async def proxy(service: SandboxService) -> AsyncIterator[CuttableProxy]:
    async with CuttableProxy(service.url) as proxy:
        yield proxy


@pytest.fixture
def parka(photos: Path, tmp_path: Path) -> Path:
    """Return a photo of a parka that nobody has sent before: what follows the picture makes it another file."""
    return unseen_copy(photos / "01.jpg", tmp_path)


@pytest.fixture
def known_parka(photos: Path) -> Path:
    """Return a photo of a parka whose run other tests may have seen the end of: enough where the page alone is tried."""
    return photos / "01.jpg"


@pytest.fixture
def not_a_photo(tmp_path: Path) -> Path:
    path = tmp_path / "letter.png"
    path.write_text("Dear Sir or Madam, this is a text.")
    return path


@pytest.fixture
def broken_photo(tmp_path: Path) -> Path:
    """Return a file that begins like a photo and that the service refuses."""
    path = tmp_path / "broken.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 Dear Sir or Madam, this was a photo.")
    return path


@pytest.fixture
def three(parka: Path, photos: Path, broken_photo: Path) -> list[Path]:
    """Return a photo of a thing with a price, of one without, and a file that is refused."""
    return [parka, unseen_copy(photos / "46.jpg", parka.parent), broken_photo]

"""The page loads nothing from elsewhere, and nothing foreign runs in it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sandbox_service import SandboxService
from ui_driver import UiDriver

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_whole_run_asks_no_other_address(ui: UiDriver, service: SandboxService, parka: Path):
    """From the first byte to the last offer every request goes to the service itself, and no rule is broken."""
    await ui.choose(parka)
    await ui.wait_for_things()
    hosts = {urlsplit(url).netloc for url in ui.requests if not url.startswith(("blob:", "data:"))}
    assert hosts == {urlsplit(service.url).netloc}
    assert await ui.evaluate("() => window.violations") == []


@pytest.mark.parametrize(
    ("attempt", "rule"),
    [
        ("script.textContent = 'window.hacked = 1'", "script-src-elem"),
        ("script.src = 'https://elsewhere.test/x.js'", "script-src-elem"),
        ("button.setAttribute('onclick', 'window.hacked = 1'); button.click()", "script-src-attr"),
        ("button.setAttribute('style', 'color: red')", "style-src-attr"),
        ("image.src = 'https://elsewhere.test/x.png'", "img-src"),
        ("fetch('https://elsewhere.test/').catch(() => 0)", "connect-src"),
    ],
)
async def test_the_policy_forbids(reloaded_ui: UiDriver, attempt: str, rule: str):
    """Script and style within the page, and anything from another address, is stopped by the browser."""
    made = """const [script, button, image] = ["script", "button", "img"].map((name) => document.createElement(name))"""
    await reloaded_ui.evaluate(f"() => {{ {made}; {attempt}; document.body.append(script, button, image); }}")
    assert rule in await reloaded_ui.wait_for("() => window.violations.length && window.violations")
    assert await reloaded_ui.evaluate("() => window.hacked") is None


async def test_no_file_of_the_page_holds_style_or_script_within(reloaded_ui: UiDriver):
    """The page as it is served has no script and no style of its own inside."""
    assert (
        await reloaded_ui.evaluate(
            "() => document.querySelectorAll('script:not([src]), style, [style], [onclick], [onload]').length"
        )
        == 0
    )

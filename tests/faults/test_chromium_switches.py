"""Every switch that Chromium is started with is one that it knows."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil
import pytest
from local_pages import LocalWeb, pid_of
from structlog.testing import capture_logs

from lens_rx.clients.browser import flags
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.browser.switch_check import missing_guards, unknown_switches
from lens_rx.facts.errors import UpstreamError


async def test_this_chromium_knows_all_its_switches(live_browser: BrowserPool):
    """The running program holds each switch and feature of its own command line, WebRTC's by one of its names."""
    process = psutil.Process(pid_of(live_browser))
    given = {it.partition("=")[0].removeprefix("--") for it in process.cmdline()}
    assert given >= {"remote-debugging-pipe", "user-data-dir", "headless", *GUARDS}
    # Debian's script adds some, of which Chromium knows not all
    ours = [*flags.FLAGS, *(f"--{it}" for it in ("remote-debugging-pipe", "headless", "no-sandbox", *GUARDS))]
    unknown = await asyncio.to_thread(unknown_switches, Path(process.exe()), ours)
    assert unknown == []


def program(directory: Path, *texts: str) -> Path:
    file = directory / "chrome"
    file.write_bytes(b"\x7fELF\0" + b"x" * (1 << 20) + b"".join(text.encode() + b"\0" for text in texts))
    return file


GUARDS = ("proxy-server", "proxy-bypass-list", "host-resolver-rules", "webrtc-ip-handling-policy")


def test_an_unknown_switch_is_said(tmp_path: Path):
    """A switch that has no effect is in the log, by name; so is a feature."""
    file = program(tmp_path, "user-data-dir", "disable-features", "aKnownFeature", *GUARDS)
    with capture_logs() as log:
        flags.log_unknown_flags(
            file,
            [
                "--gone=1",
                "--disable-features=Gone,KnownFeature",
                *(f"--{it}" for it in GUARDS),
                "about:blank",
            ],
        )
    assert [line["flags"] for line in log] == [["feature:Gone", "gone"]]


@pytest.mark.parametrize("guard", GUARDS)
def test_without_a_guard_it_is_not_used(tmp_path: Path, guard: str):
    """A Chromium that does not know a switch that guards the network is refused, in words that say which."""
    file = program(tmp_path, "user-data-dir", *(it for it in GUARDS if it != guard))
    with pytest.raises(UpstreamError, match=f"does not know --{guard}"):
        flags.check_guards(file, [f"--{it}" for it in GUARDS] + ["--force-webrtc-ip-handling-policy"])


def test_an_earlier_name_is_as_good(tmp_path: Path):
    """A Chromium that knows WebRTC's switch by its earlier name is guarded as well."""
    file = program(tmp_path, "user-data-dir", *GUARDS[:3], "force-webrtc-ip-handling-policy")
    unknown = unknown_switches(file, [f"--{it}" for it in GUARDS] + ["--force-webrtc-ip-handling-policy"])
    assert unknown == []
    assert missing_guards(unknown) == []


def test_another_program_is_said(tmp_path: Path):
    """Where what runs is no Chromium itself, its switches cannot be checked, and the log says so."""
    with capture_logs() as log:
        flags.check_guards(program(tmp_path, "something"), ["--proxy-server=x"])
    assert "cannot be checked" in log[0]["event"]


async def test_a_chromium_without_a_guard_does_not_start(
    local_web: LocalWeb, monkeypatch: pytest.MonkeyPatch
):
    """The check is made of the program that really runs, before it opens a page."""
    monkeypatch.setattr(flags, "unknown_switches", lambda *_: ["proxy-server"])
    monkeypatch.setattr("lens_rx.clients.browser.pool.START_ATTEMPTS", 1)
    browser = BrowserPool(flags.Settings(), local_web.world)
    try:
        with pytest.raises(UpstreamError, match="does not know --proxy-server"):
            await browser.start()
    finally:
        await browser.aclose()

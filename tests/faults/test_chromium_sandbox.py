"""Chromium's own sandbox is on, unless root starts it or the setting says otherwise, and the log says which."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from local_pages import LocalWeb
from structlog.testing import capture_logs

from lens_rx.clients.browser import pool
from lens_rx.clients.browser.flags import chromium_flags, describe_own_sandbox
from lens_rx.clients.browser.health_page import HealthPage
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.endpoints import Endpoints
from lens_rx.facts.errors import UpstreamError
from lens_rx.settings import Settings

ROOT = Path(__file__).parents[2]
AS_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") if os.geteuid() == 0 else ()
#: Starts a browser, opens a page on loopback and prints what stands around its renderer.
START = """
import asyncio, json, psutil
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.endpoints import Endpoints
from lens_rx.cli.process_privacy import hide_from_other_processes
from lens_rx.settings import Settings

async def main():
    hide_from_other_processes()
    browser = BrowserPool(Settings(tabs=1), Endpoints())
    await browser.start()
    async with browser.tab() as tab:
        two = await tab.evaluate("() => 1 + 1")
        children = psutil.Process(browser._chromium.pid).children(recursive=True)
        renderer = next(
            it for it in children if it.status() != "zombie" and "--type=renderer" in it.cmdline()
        )
        status = dict(line.split(":", 1) for line in open(f"/proc/{renderer.pid}/status"))
    print(json.dumps({"sum": two, "line": renderer.cmdline(), "status": status}))
    await browser.aclose()
    print(json.dumps([it.pid for it in psutil.Process().children(recursive=True)]))

asyncio.run(main())
"""


def has_user_namespaces() -> bool:
    call = [*AS_NOBODY, "unshare", "--user", "--map-root-user", "--pid", "--fork", "true"]
    return subprocess.run(call, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_user_namespaces(), reason="an ordinary user has no user namespaces here")
def test_an_ordinary_user_has_it(tmp_path: Path):
    """Started by an ordinary user, renderers have system calls filtered and a process namespace of their own."""
    tmp_path.chmod(0o777)
    done = subprocess.run(
        [*AS_NOBODY, sys.executable, "-c", START],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{_packages()}", "HOME": "/nowhere"},
        cwd="/",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen, left = map(json.loads, done.stdout.splitlines()[-2:])
    assert seen["sum"] == 2
    assert "--no-sandbox" not in seen["line"]
    assert seen["status"]["Seccomp"].strip() == "2"
    assert len(seen["status"]["NSpid"].split()) > 1
    assert left == []
    assert "its own sandbox is on" in done.stdout + done.stderr


def _packages() -> str:
    return next(path for path in sys.path if path.endswith("site-packages"))


@pytest.mark.parametrize(
    ("user", "wanted", "words", "is_on"),
    [
        (1000, True, "its own sandbox is on", True),
        (0, True, "its own sandbox is OFF: this user is root", False),
        (1000, False, "its own sandbox is OFF: LENS_RX_CHROMIUM_SANDBOX says so", False),
    ],
)
def test_it_is_off_for_root_alone_or_by_the_setting(
    monkeypatch: pytest.MonkeyPatch, user: int, wanted: bool, words: str, is_on: bool
):
    """`--no-sandbox` is given to root, and elsewhere where it is asked for."""
    monkeypatch.setattr(os, "geteuid", lambda: user)
    settings = Settings(chromium_sandbox=wanted)
    assert describe_own_sandbox(settings) == words
    flags = chromium_flags(settings, Endpoints(), "socks5://127.0.0.1:1", HealthPage())
    assert ("--no-sandbox" in flags) is not is_on


async def test_where_it_cannot_be_chromium_does_not_start(
    local_web: LocalWeb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A Chromium that finds no usable sandbox is not started without one; the words say what to do."""
    monkeypatch.setattr(pool, "START_ATTEMPTS", 1)
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho '[FATAL:zygote_host_impl_linux.cc] No usable sandbox!' >&2\nexit 1\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    browser = BrowserPool(Settings(chromium=str(program)), local_web.world)
    try:
        with pytest.raises(UpstreamError, match="LENS_RX_CHROMIUM_SANDBOX=false"), capture_logs() as log:
            await browser.start()
    finally:
        await browser.aclose()
    assert [line["sandbox"] for line in log if line["event"] == "chromium starts"]

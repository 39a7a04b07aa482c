"""Keys stay in the service: neither Chromium's processes nor any other process of its user reads them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from local_pages import LocalWeb, pid_of

from lens_rx.clients.browser.pool import BrowserPool

MakeBrowser = Callable[..., Awaitable[BrowserPool]]

ROOT = Path(__file__).parents[2]
NOBODY = 65534
SECRET = "sk-nobody-may-read-this"  # no real one
#: What leads to a process' environment, memory and descriptors.
DOORS = ("environ", "mem", "maps", "auxv", "io", "fd", "cwd", "exe", "root")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


def python(code: str, *arguments: str) -> list[str]:
    """Return the call of Python code as an ordinary user: from root nothing is hidden."""
    user = (
        ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups") if os.geteuid() == 0 else ()
    )
    return [*user, sys.executable, "-c", code, *arguments]


def environment(**values: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": "/nowhere", **values}


@contextmanager
def running(code: str) -> Iterator[subprocess.Popen[str]]:
    """Run Python code that prints a line when it is ready, with a key in its environment."""
    process = subprocess.Popen(
        python(code),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(OPENAI_API_KEY=SECRET),
        cwd="/",
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.communicate()


HIDDEN = """
from lens_rx.cli.process_privacy import hide_from_other_processes
hide_from_other_processes()
"""
READY = """
print(flush=True)
input()
"""
READ = """
import os, sys
for door in sys.argv[2:]:
    path = f'/proc/{sys.argv[1]}/{door}'
    try:
        if door == 'fd': os.listdir(path)
        elif door in ('cwd', 'exe', 'root'): os.readlink(path)
        else: open(path, 'rb').read(1)
        print(door)
    except PermissionError: pass
    except OSError as error: print(door, error)
"""


def opened_by_another(pid: int) -> list[str]:
    """Return which of `DOORS` another process of the same user opens."""
    call = python(READ, str(pid), *DOORS)
    return subprocess.run(call, stdout=subprocess.PIPE, text=True, cwd="/", check=True).stdout.splitlines()


def test_another_process_of_the_user_reads_nothing():
    """Environment, memory and descriptors are closed to every process of the same user."""
    with running(HIDDEN + READY) as process:
        assert opened_by_another(process.pid) == []
    with running(READY) as process:
        assert "environ" in opened_by_another(process.pid)


def test_the_command_line_hides_itself():
    """Each command of `lens-rx` is hidden before it does anything."""
    code = "from lens_rx.cli import main as cli\ndef app():\n print(flush=True)\n input()\ncli.app = app\ncli.main()"
    with running(code) as process:
        assert opened_by_another(process.pid) == []


def test_the_service_still_sees_itself():
    """What the service asks of itself works as before: its metrics, and programs that it starts."""
    code = """
import psutil, subprocess, sys
from prometheus_client import REGISTRY
own = psutil.Process()
seen = {m.name for m in REGISTRY.collect()}
assert {'process_open_fds', 'process_resident_memory_bytes', 'process_start_time_seconds'} <= seen, seen
assert own.num_fds() > 0 and own.memory_info().rss > 0 and own.cmdline() and own.create_time()
assert own.num_threads() > 0 and own.status()
subprocess.run(['cat', '/proc/self/environ', '/proc/self/maps'], check=True, stdout=subprocess.DEVNULL)
print('fine', flush=True)
"""
    call = python(HIDDEN + code)
    done = subprocess.run(call, capture_output=True, text=True, env=environment(), cwd="/", check=False)
    assert (done.returncode, done.stdout) == (0, "fine\n"), done.stderr


async def test_chromium_gets_no_key(
    make_browser: MakeBrowser, local_web: LocalWeb, monkeypatch: pytest.MonkeyPatch
):
    """No process of Chromium's has a key in its environment, whatever the variable is called."""
    for name in ("OPENAI_API_KEY", "LENS_RX_REDIS", "AWS_SECRET_ACCESS_KEY", "http_proxy", "LC_SECRET"):
        monkeypatch.setenv(name, SECRET)
    browser = await make_browser()
    local_web.pages["/"] = "<p>page"
    async with browser.tab() as tab:
        await tab.goto(local_web.url("/"))
        main = psutil.Process(pid_of(browser))
        environments = [*filter(None, map(environment_of, [main, *main.children(recursive=True)]))]
    assert len(environments) > 3
    assert not [it for it in environments if SECRET in "".join(it.values())]


def environment_of(process: psutil.Process) -> dict[str, str]:
    """Return the environment of a process, {} of one that has just ended."""
    try:
        return process.environ()
    except psutil.NoSuchProcess:
        return {}

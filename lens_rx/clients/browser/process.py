"""The process of Chromium: found, started in its own group and directory, killed and removed at the end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import psutil
import structlog

from lens_rx.clients.browser import profile_directory
from lens_rx.clients.browser.devtools_pipe import DevToolsPipe
from lens_rx.clients.browser.orphans import become_subreaper, is_ended, reap_all, reap_orphans
from lens_rx.facts.errors import UpstreamError
from lens_rx.reactive.background_tasks import BackgroundTasks

PROGRAM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
#: How long a killed Chromium is waited for.
STOP_SECONDS = 3.0
#: How often Chromium's processes are looked at.
WATCH_SECONDS = 1.0
#: The environment variables that Chromium gets: none that may hold a key.
PASSED_VARIABLES = (
    "PATH",
    "LANG",
    "LC_ALL",
    "TZ",
    "DISPLAY",
    "XAUTHORITY",
    "WAYLAND_DISPLAY",
    "XDG_RUNTIME_DIR",
)
#: Chromium reads commands from descriptor 3 and writes answers to 4: its standard input and output become these.
_WITH_PIPE = ("/bin/sh", "-c", 'exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null')
#: What Chromium writes where it cannot set up its own sandbox; a trace of its stack may follow.
_NO_SANDBOX_WORDS = ("No usable sandbox", "zygote_host_impl", "sys_chroot", "new namespace", "SUID sandbox")
_log = structlog.get_logger()


def find_chromium(configured: str | None) -> str:
    """Return the path of Chromium; raise `UpstreamError` that says how to install it."""
    found = next(filter(None, map(shutil.which, (configured,) if configured else PROGRAM_NAMES)), None)
    if found:
        return found
    if configured:
        raise UpstreamError("LENS_RX_CHROMIUM names no program that can be run.")
    raise UpstreamError(
        "Chromium is missing: install it (Debian: apt install chromium) or set LENS_RX_CHROMIUM."
    )


class ChromiumProcess:
    """One running process. `pipe` leads to its DevTools."""

    def __init__(self, process: asyncio.subprocess.Process, directory: Path) -> None:
        assert process.stdout is not None
        assert process.stdin is not None
        self.pipe = DevToolsPipe(process.stdout, process.stdin)
        self._process = process
        self._directory = directory
        self._last_lines: deque[str] = deque(maxlen=100)
        self._background = BackgroundTasks()
        self._background.start(self._read_stderr())
        self._helpers: list[int] = []
        self._zygotes: list[psutil.Process] = []

    @classmethod
    async def start(cls, program: str, flags: Sequence[str]) -> ChromiumProcess:
        """Start Chromium, whose DevTools answers when it is ready; raise `UpstreamError` where it cannot be run."""
        become_subreaper()
        directory = await asyncio.to_thread(profile_directory.create)
        return cls(await _spawn(program, flags, directory), directory)

    @property
    def pid(self) -> int:
        """The process' number, which is its group's as well."""
        return self._process.pid

    def executable(self) -> Path:
        """Return the file that the process runs: not the script that started it."""
        return Path(psutil.Process(self.pid).exe())

    async def find_children(self) -> None:
        """Look once for the processes that Chromium starts beside itself; call it when its DevTools answers."""
        self._helpers = await asyncio.to_thread(_helper_processes, self._directory, self.pid)
        self._zygotes = await asyncio.to_thread(_zygotes, self.pid)

    async def wait(self) -> None:
        """Return when nothing more can be asked of Chromium: it has ended, or what starts its renderers has.

        Meanwhile its processes that lost their parent are reaped when they end.
        """
        ended = self._background.start(self._wait_for_end())
        while not ended.done() and not any(map(is_ended, self._zygotes)):
            await asyncio.wait({ended}, timeout=WATCH_SECONDS)
            await asyncio.to_thread(reap_orphans)

    async def explain_end(self) -> UpstreamError:
        """Return the error for a Chromium that does not answer at its start, by what it wrote; log that."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._background.join(), 1.0)
        _log.error("chromium ended at its start", said=list(self._last_lines)[-8:])
        if any(words in line for line in self._last_lines for words in _NO_SANDBOX_WORDS):
            return UpstreamError(
                "Chromium ended at its start: its own sandbox needs user namespaces, which are not allowed here."
                " Allow them (in a container by chromium-seccomp.json, which compose.yaml names), or set"
                " LENS_RX_CHROMIUM_SANDBOX=false to do without."
            )
        return UpstreamError("Chromium ended at its start; `lens-rx status` and the log say why.")

    async def stop(self) -> None:
        """Kill the group, reap it, and remove its directory."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        for helper in self._helpers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(helper, signal.SIGKILL)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        for family in (-self.pid, *self._helpers):
            await reap_all(family, STOP_SECONDS)
        await asyncio.to_thread(reap_orphans)
        await self._background.cancel_all()
        await asyncio.to_thread(profile_directory.remove, self._directory)

    async def _wait_for_end(self) -> None:
        await self._process.wait()

    async def _read_stderr(self) -> None:
        """Keep the last lines, and keep reading, so that the pipe never fills."""
        assert self._process.stderr is not None
        while chunk := await self._process.stderr.read(65_536):
            lines = chunk.decode(errors="replace").splitlines()
            self._last_lines += [line.strip()[:300] for line in lines if line.strip()]


async def _spawn(program: str, flags: Sequence[str], directory: Path) -> asyncio.subprocess.Process:
    """Start the process; all its files are written to `directory`."""
    try:
        return await asyncio.create_subprocess_exec(
            *(*_WITH_PIPE, program, "--remote-debugging-pipe", f"--user-data-dir={directory}", *flags),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=_environment(directory),
            start_new_session=True,
        )
    except OSError as error:
        await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)
        raise UpstreamError("Chromium cannot be run on this machine.") from error


def _environment(directory: Path) -> dict[str, str]:
    """Return Chromium's environment, in which home and temporary files lie in its directory."""
    kept = {name: os.environ[name] for name in PASSED_VARIABLES if name in os.environ}
    return kept | {"HOME": str(directory), "TMPDIR": str(directory)}


def _helper_processes(directory: Path, pid: int) -> list[int]:
    """Return the child processes outside Chromium's group: its crash handlers leave the group and become orphans."""
    children = psutil.Process().children()
    return [it.pid for it in children if it.pid != pid and _mentions(it, str(directory))]


def _zygotes(pid: int) -> list[psutil.Process]:
    """Return the processes that start all renderers."""
    with contextlib.suppress(psutil.Error):
        return [it for it in psutil.Process(pid).children(recursive=True) if _mentions(it, "--type=zygote")]
    return []


def _mentions(process: psutil.Process, text: str) -> bool:
    with contextlib.suppress(psutil.Error):
        return any(text in word for word in process.cmdline())
    return False

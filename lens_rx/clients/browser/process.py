"""The process of Chromium: found, started in its own group and directory, killed and removed at the end."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import re
import shutil
import signal
import sys
import tempfile
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import psutil
import structlog

from lens_rx.facts.errors import UpstreamError
from lens_rx.reactive.background_tasks import BackgroundTasks

DIRECTORY_PREFIX = "lens-rx-chromium-"
OWNER_FILE = "owner.pid"
PROGRAM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
REAP_SECONDS = 3.0
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

_PR_SET_CHILD_SUBREAPER = 36
_LISTENING = re.compile(rb"DevTools listening on (ws://\S+)")
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
    """One running process. `endpoint` is the `ws:` address of its DevTools."""

    def __init__(self, process: asyncio.subprocess.Process, directory: Path) -> None:
        self._process = process
        self._directory = directory
        self._last_lines: deque[str] = deque(maxlen=8)
        self._reading = BackgroundTasks()
        self._helpers: list[int] = []
        self.endpoint = ""

    @classmethod
    async def start(cls, program: str, flags: Sequence[str], seconds: float) -> ChromiumProcess:
        """Start Chromium and return it when it listens; raise `UpstreamError` when it does not within `seconds`."""
        _become_subreaper()
        directory = await asyncio.to_thread(_new_directory)
        chromium = cls(await _spawn(program, flags, directory), directory)
        try:
            async with asyncio.timeout(seconds):
                await chromium._wait_for_endpoint()
                chromium._helpers = await asyncio.to_thread(_helper_processes, directory, chromium.pid)
        except BaseException as error:
            await chromium.stop()
            if isinstance(error, TimeoutError):
                raise UpstreamError("Chromium started, but did not listen.") from None
            raise
        return chromium

    @property
    def pid(self) -> int:
        """The process' number, which is its group's as well."""
        return self._process.pid

    async def wait(self) -> None:
        """Return when the process has ended."""
        await self._process.wait()

    async def stop(self) -> None:
        """Kill the group, reap it, and remove its directory."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        for helper in self._helpers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(helper, signal.SIGKILL)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), REAP_SECONDS)
        for family in (-self.pid, *self._helpers):
            await _reap(family)
        await self._reading.cancel_all()
        await asyncio.to_thread(_remove, self._directory)

    async def _wait_for_endpoint(self) -> None:
        """Read the address of DevTools from stderr; keep reading, so that the pipe never fills."""
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            if found := _LISTENING.search(line):
                self.endpoint = found[1].decode()
                self._reading.start(self._drain(self._process.stderr))
                return
            self._last_lines.append(line.decode(errors="replace").strip()[:300])
        _log.error("chromium ended at its start", said=list(self._last_lines))
        raise UpstreamError("Chromium ended at its start; `lens-rx status` and the log say why.")

    @staticmethod
    async def _drain(pipe: asyncio.StreamReader) -> None:
        while await pipe.read(65_536):
            pass


async def _spawn(program: str, flags: Sequence[str], directory: Path) -> asyncio.subprocess.Process:
    """Start the process; all its files are written to `directory`."""
    try:
        return await asyncio.create_subprocess_exec(
            *(program, "--remote-debugging-port=0", f"--user-data-dir={directory}", *flags),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=_environment(directory),
            start_new_session=True,
        )
    except OSError as error:
        await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)
        raise UpstreamError("Chromium cannot be run on this machine.") from error


def remove_leftovers() -> int:
    """Kill the Chromiums whose owner has ended, remove their directories, and return how many."""
    places = Path(tempfile.gettempdir()).glob(f"{DIRECTORY_PREFIX}*")
    left = [place for place in places if _is_abandoned(place)]
    groups = _process_groups(left) if left else []
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    for place in left:
        _remove(place)
    return len(left)


def _is_abandoned(place: Path) -> bool:
    """Tell whether a directory was made by a `ChromiumProcess` whose owner has ended."""
    try:
        if place.stat().st_uid != os.geteuid():
            return False
        pid, started = (place / OWNER_FILE).read_text().split()
        # a pid may be reused; the time of a start moves a little with the system clock
        return abs(psutil.Process(int(pid)).create_time() - float(started)) > 5
    except psutil.NoSuchProcess:
        return True
    except (OSError, ValueError, psutil.Error):
        return False


def _process_groups(places: Sequence[Path]) -> list[int]:
    """Return the process groups of the Chromiums that use one of the directories."""
    marks = {f"--user-data-dir={place}" for place in places}
    groups = []
    for process in psutil.process_iter(["cmdline"]):
        if marks.intersection(process.info["cmdline"] or ()):
            with contextlib.suppress(ProcessLookupError):
                groups.append(os.getpgid(process.pid))
    return groups


def _new_directory() -> Path:
    """Return a private directory that names its owner."""
    directory = Path(tempfile.mkdtemp(prefix=DIRECTORY_PREFIX))
    own = psutil.Process()
    (directory / OWNER_FILE).write_text(f"{own.pid} {own.create_time()!r}")
    return directory


def _remove(directory: Path) -> None:
    """Remove a directory, although a dying process may still write into it."""
    for _ in range(5):
        shutil.rmtree(directory, ignore_errors=True)
        if not directory.exists():
            return
    _log.warning("a directory of chromium stays", directory=directory.name)


def _environment(directory: Path) -> dict[str, str]:
    """Return Chromium's environment, in which home and temporary files lie in its directory."""
    kept = {name: os.environ[name] for name in PASSED_VARIABLES if name in os.environ}
    return kept | {"HOME": str(directory), "TMPDIR": str(directory)}


def _become_subreaper() -> None:
    """Become the parent of Chromium's orphans, to reap them: not every container has an init process."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _helper_processes(directory: Path, pid: int) -> list[int]:
    """Return the child processes outside Chromium's group: its crash handlers leave the group and become orphans."""
    children = psutil.Process().children()
    return [it.pid for it in children if it.pid != pid and _mentions(it, str(directory))]


def _mentions(process: psutil.Process, text: str) -> bool:
    with contextlib.suppress(psutil.Error):
        return any(text in word for word in process.cmdline())
    return False


async def _reap(family: int) -> None:
    """Wait until all killed processes are reaped; `family` is a pid, or a process group as a negative number."""
    with contextlib.suppress(TimeoutError, ChildProcessError):
        async with asyncio.timeout(REAP_SECONDS):
            while True:
                if _nothing_to_reap(family):
                    await asyncio.sleep(0.01)


def _nothing_to_reap(family: int) -> bool:
    """Reap one ended process; return True where there is none."""
    return os.waitpid(family, os.WNOHANG) == (0, 0)

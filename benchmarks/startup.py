"""Seconds from the command to `/readyz`, warm, beside a bare aiohttp application that launches the same Chromium.

    python benchmarks/startup.py [--rounds 5]

Live and on the sandbox, each in turn with the peer, after one start of each that is not counted. The CPU time is that of
the process and of Chromium until it is ready: it says more where the machine does other things as well.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tools.cpu import tree_cpu_seconds
from tools.figures import report, report_paired
from tools.service import describe_machine

from lens_rx.clients.browser.process import find_chromium

POLL_SECONDS = 0.02
PEER = "a bare aiohttp application that launches the same Chromium with pyppeteer"
SERVE = (sys.executable, "-m", "lens_rx", "serve", "--port", "0", "--no-store", "--no-auth")
ENVIRONMENT = os.environ | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPATH": str(Path(__file__).parents[1])}


@dataclass(frozen=True, slots=True)
class Start:
    """How long a start took, and the CPU time of the process and its children until then, in seconds."""

    seconds: float
    cpu_seconds: float


def measure_start(command: Sequence[str]) -> Start:
    """Start a server, wait until it is ready, and end it."""
    started_at = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=ENVIRONMENT
    ) as process:
        assert process.stdout is not None
        words = (re.search(r"is at (http\S+)", line) for line in process.stdout)
        address = next(found[1] for found in words if found)
        wait_until_ready(address)
        start = Start(time.perf_counter() - started_at, tree_cpu_seconds(process.pid))
        process.terminate()
        process.stdout.read()
    return start


def wait_until_ready(address: str) -> None:
    """Return when `/readyz` answers 200; one connection, so that asking costs the server little."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    with contextlib.closing(connection):
        while True:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                return
            time.sleep(POLL_SECONDS)


def main() -> None:
    """Print the medians of both ways of serving, and of the peer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    peer = (sys.executable, str(Path(__file__).parent / "tools" / "startup_peer.py"), find_chromium(None))
    print(f"{describe_machine()}; load {os.getloadavg()[0]:.1f}")
    for name, command in (("live", SERVE), ("sandbox", (*SERVE, "--sandbox"))):
        measure_start(command)
        measure_start(peer)
        pairs = [(measure_start(command), measure_start(peer)) for _ in range(rounds)]
        ours, theirs = [it for it, _ in pairs], [it for _, it in pairs]
        report_paired(
            f"start to `/readyz`, {name}, warm",
            [it.seconds for it in ours],
            "s",
            [it.seconds for it in theirs],
            peer=PEER,
        )
        report_paired(
            f"CPU of that start, {name}, with Chromium's",
            [it.cpu_seconds for it in ours],
            "s",
            [it.cpu_seconds for it in theirs],
            peer=PEER,
            main=False,
        )
        if name == "live":
            seconds = statistics.median(it.seconds for it in ours)
            report("start to `/readyz`, seconds", seconds, "s", target="<= 2")


if __name__ == "__main__":
    main()

"""A real service on its own sandbox, in a process of its own, as a user starts it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

START_SECONDS = 60.0
#: What is told of the log of a service that did not start.
LOG_CHARACTERS = 4000
#: The kinds of fact that a run yields where everything is found.
FIVE = {
    "model-producer",
    "producer-url",
    "retail-price-details",
    "second-hand-offers",
    "estimated-price",
}
#: Settings of a service that asks official interfaces alone: where Chromium is not what is tried, it costs most.
WITHOUT_BROWSER: dict[str, Any] = {"chromium": "none", "lens": ("vision", "ebay"), "search": ("brave",)}
#: A photo for runs in which the user names the thing, so that it does not matter what it shows.
SAMPLE = Path(__file__).parent.parent / "static" / "sample.jpg"


async def classify(client: aiohttp.ClientSession, photo: Path | bytes, **query: str) -> list[dict[str, Any]]:
    """Upload a photo, and return its facts as they come in NDJSON."""
    form = aiohttp.FormData()
    content = photo if isinstance(photo, bytes) else await asyncio.to_thread(photo.read_bytes)
    form.add_field("file", content, filename="img.png")
    lines = {"Accept": "application/x-ndjson"}
    async with client.post("/classify", params=query, data=form, headers=lines) as answer:
        assert answer.status == 200
        return [orjson.loads(line) for line in (await answer.read()).splitlines() if line]


async def facts_of(url: str, photo: Path | bytes, **query: str) -> list[dict[str, Any]]:
    """Return the facts of one photo from the service at `url`."""
    async with aiohttp.ClientSession(url, timeout=aiohttp.ClientTimeout(110)) as client:
        return await classify(client, photo, **query)


class SandboxService:
    """`lens-rx serve --sandbox`, all in memory or with a `store`; `url` is its page."""

    def __init__(
        self,
        arguments: Iterable[str] = (),
        environment: dict[str, str] | None = None,
        store: Path | None = None,
    ) -> None:
        self._command = [sys.executable, "-m", "lens_rx", "serve", "--sandbox", "--port", "0", *arguments]
        self._command += ["--store", str(store)] if store else ["--no-store"]
        self._environment = os.environ | (environment or {})
        self.url = self.faults_url = self.last_words = ""

    def __enter__(self) -> Self:
        self._log = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=self._log, text=True, env=self._environment
        )
        try:
            self.url = self._said(r"lens_rx is at (\S+)")
            self.faults_url = self._said(r"Faults of the sandbox: (\S+)")
            self._wait_until_ready()
        except BaseException as error:
            self.__exit__(None, None, None)
            error.add_note(self.last_words)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(40)
        if self.process.stdout:
            self.process.stdout.close()
        self._log.seek(0)
        self.last_words = self._log.read()[-LOG_CHARACTERS:]
        self._log.close()

    def _said(self, pattern: str) -> str:
        assert self.process.stdout
        for line in self.process.stdout:
            if found := re.search(pattern, line):
                return found[1]
        raise AssertionError(f"the service did not say {pattern}")

    def _wait_until_ready(self) -> None:
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the service did not become ready")

    @property
    def sandbox_url(self) -> str:
        """The address of its sandbox, for `--sandbox-at`."""
        return self.faults_url.rpartition("/")[0]

    def put_faults(self, faults: dict[str, object]) -> None:
        """Break sites, or with `{}` mend them."""
        body = json.dumps(faults).encode()
        with urllib.request.urlopen(urllib.request.Request(self.faults_url, body, method="PUT"), timeout=5):
            pass

    def metric(self, line: str) -> float:
        """Return one value of `/metrics`, 0 where it is not there yet."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=5) as answer:
            found = re.search(rf"^{re.escape(line)} (\S+)$", answer.read().decode(), re.MULTILINE)
        return float(found[1]) if found else 0.0

    def chromiums(self) -> list[Path]:
        """Return the processes of Chromium that this service started."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [Path(f"/proc/{child}") for child in children]

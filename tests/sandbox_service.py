"""A real service on its own sandbox, in a process of its own, as a user starts it."""

from __future__ import annotations

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
from typing import Self

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

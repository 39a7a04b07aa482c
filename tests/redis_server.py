"""A real redis-server on a free port, to be used, killed and started again."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import pytest

START_SECONDS = 10.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answer(connection: socket.socket, words: Sequence[str]) -> bytes:
    parts = [word.encode() for word in words]
    connection.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(it), it) for it in parts))
    return connection.recv(65536)


class RedisServer:
    """redis-server (or valkey-server) in a directory of its own, with every write on the disk."""

    def __init__(self, directory: Path, dump: str = "", options: Mapping[str, str] | None = None) -> None:
        """`dump` names a file that it starts with and does not write to; `options` go before ours."""
        self._directory = directory
        self._dump = dump
        self._options = options or {}
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start it on its port, with what it kept, and wait until it answers."""
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        if program is None:
            pytest.skip("no redis-server and no valkey-server is installed")
        self._process = subprocess.Popen([program, *self._arguments()], stdout=subprocess.DEVNULL)
        self._wait_until_up()

    def _arguments(self) -> list[str]:
        options = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": str(self._directory),
            "save": "",
            "logfile": str(self._directory / "redis.log"),
            **({"dbfilename": self._dump} if self._dump else {"appendonly": "yes", "appendfsync": "always"}),
            **self._options,
        }
        return [word for name, value in options.items() for word in (f"--{name}", value)]

    def kill(self) -> None:
        """End it with SIGKILL, as a crash would."""
        self.signal(signal.SIGKILL)
        if self._process:
            self._process.wait()
        self._process = None

    def freeze(self) -> None:
        """Stop it answering, while its sockets stay open."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.signal(signal.SIGCONT)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if self._process:
            self._process.send_signal(number)

    def ask(self, *words: str) -> bytes:
        """Send one command and return the raw answer."""
        return self.ask_all(words)

    def ask_all(self, *commands: Sequence[str]) -> bytes:
        """Send commands on one connection and return the raw answers."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            return b"".join(_answer(connection, words) for words in commands)

    def _wait_until_up(self) -> None:
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            try:
                if self.ask("PING").startswith((b"+PONG", b"-NOAUTH")):
                    return
            except OSError:
                pass
            time.sleep(0.01)
        pytest.fail("redis-server does not start")


class RedisSentinel(RedisServer):
    """A sentinel alone, which replaces a master that has not answered for half a second."""

    def __init__(self, directory: Path, master: RedisServer) -> None:
        super().__init__(directory)
        self._settings = directory / "sentinel.conf"
        self._settings.write_text(
            f"port {self.port}\nbind 127.0.0.1\ndir {directory}\nlogfile {directory / 'sentinel.log'}\n"
            f"sentinel monitor runs 127.0.0.1 {master.port} 1\n"
            "sentinel down-after-milliseconds runs 500\n"
            "sentinel failover-timeout runs 3000\n"
        )
        self.url = f"redis+sentinel://127.0.0.1:{self.port}/runs/0"

    def _arguments(self) -> list[str]:
        return [str(self._settings), "--sentinel"]

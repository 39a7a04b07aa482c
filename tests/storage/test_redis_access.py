"""A Redis that asks who comes: passwords, users with few rights, and TLS."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme
from redis_server import RedisServer, free_port
from storage_helpers import collect, finish_run, names
from structlog.testing import capture_logs

from lens_rx.settings import Settings
from lens_rx.storage.records import StoreUnusable
from lens_rx.storage.redis.redis_storage import RedisStorage
from lens_rx.storage.redis.redis_url import without_credentials

#: The rights that the README names for a user of lens_rx's own.
RIGHTS = "~lens_rx:* +@read +@write +@scripting +@connection +time -@dangerous +info".split()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[RedisStorage]:
    """Open a node."""
    storage = RedisStorage(url, Settings())
    try:
        await storage.start()
        yield storage
    finally:
        await storage.aclose()


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[RedisServer]:
    """Start a Redis with a password for all, and a user with the rights that lens_rx needs."""
    with RedisServer(tmp_path, options={"requirepass": "pass word/@"}) as server:
        connection = [["AUTH", "pass word/@"], ["ACL", "SETUSER", "lens", "on", ">secret", *RIGHTS]]
        assert server.ask_all(*connection) == b"+OK\r\n+OK\r\n"
        yield server


@pytest.mark.parametrize("user", [":pass%20word%2F%40", "lens:secret"])
async def test_a_run_goes_to_its_end_with_a_password(guarded: RedisServer, user: str):
    """The password of all and a user with the documented rights are enough, and nothing was denied."""
    async with opened(f"redis://{user}@127.0.0.1:{guarded.port}/0") as storage:
        await finish_run(storage)
        assert names(await collect(storage)) == "abc"
        assert await storage.ready()
    assert guarded.ask_all(["AUTH", "pass word/@"], ["ACL", "LOG"]) == b"+OK\r\n*0\r\n"


@pytest.mark.parametrize("user", ["", ":wrong@", "lens:wrong@", "nobody:secret@"])
async def test_a_wrong_password_is_told_at_start(guarded: RedisServer, user: str):
    """A service that Redis does not let in says so at start, without the password."""
    with (
        capture_logs() as logs,
        pytest.raises(StoreUnusable, match="refuses the user of LENS_RX_REDIS") as error,
    ):
        async with opened(f"redis://{user}127.0.0.1:{guarded.port}/0"):
            pass
    assert "wrong" not in f"{error.value} {logs}"
    assert "secret" not in f"{error.value} {logs}"


async def test_a_missing_right_is_told_at_start(guarded: RedisServer):
    """A user who may not run scripts is told which right is missing."""
    guarded.ask_all(["AUTH", "pass word/@"], ["ACL", "SETUSER", "few", "on", ">secret", "~*", "+info"])
    with pytest.raises(StoreUnusable, match="evalsha"):
        async with opened(f"redis://few:secret@127.0.0.1:{guarded.port}/0"):
            pass


@pytest.fixture
def authority() -> trustme.CA:
    """Make a certificate authority that nobody knows yet."""
    return trustme.CA()


@pytest.fixture
def encrypted(tmp_path: Path, authority: trustme.CA) -> Iterator[int]:
    """Start a Redis that speaks TLS, and return its port."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    certificate, port = authority.issue_cert("localhost", "127.0.0.1"), free_port()
    certificate.private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
    options = {
        "tls-port": str(port),
        "tls-cert-file": str(tmp_path / "server.pem"),
        "tls-key-file": str(tmp_path / "server.pem"),
        "tls-ca-cert-file": str(tmp_path / "ca.pem"),
        "tls-auth-clients": "no",
    }
    with RedisServer(tmp_path, options=options):
        yield port


async def test_a_run_goes_to_its_end_by_tls(tmp_path: Path, encrypted: int):
    """With the authority of its certificate the service works over TLS."""
    async with opened(f"rediss://localhost:{encrypted}/0?ssl_ca_certs={tmp_path / 'ca.pem'}") as storage:
        await finish_run(storage)
        assert names(await collect(storage)) == "abc"


async def test_a_certificate_that_nobody_vouches_for_is_refused(encrypted: int):
    """Without the authority nothing is sent, and the log says why."""
    with capture_logs() as logs:
        async with opened(f"rediss://localhost:{encrypted}/0") as storage:
            assert not await storage.ready()
    assert "certificate" in str(logs).lower()


def test_an_address_is_shown_without_its_secrets():
    """What `status` prints and the log holds has neither user nor password nor options."""
    shown = without_credentials("rediss+sentinel://user:pass@a:1,b:2/runs/0?sentinel_password=x")
    assert shown == "rediss+sentinel://a:1,b:2/runs/0"

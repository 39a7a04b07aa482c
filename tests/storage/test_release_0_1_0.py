"""Stores, metrics and interface of release 0.1.0 are a promise to those who have them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families
from redis_server import RedisServer
from release_0_1_0 import SETTINGS, WRITTEN_AT, answers, content, result_keys, run_keys

from lens_rx.cli.service import STATIC
from lens_rx.clients.endpoints import Endpoints
from lens_rx.facts import Options, PhotoCopy
from lens_rx.metrics import Metrics
from lens_rx.storage.codec import decode, encode
from lens_rx.storage.export import export_runs, import_runs
from lens_rx.storage.memory import MemoryStorage
from lens_rx.storage.protocols import Storage
from lens_rx.storage.records import Job, SubmitOutcome
from lens_rx.storage.redis.redis_storage import RedisStorage
from lens_rx.storage.sqlite.sqlite_storage import SqliteStorage
from lens_rx.web.http_server import CountingRunner
from lens_rx.web.openapi import document
from lens_rx.web.routes import create_app
from lens_rx.wiring.node import node


@pytest.fixture
def old_store(tmp_path: Path) -> Path:
    """Unpack the SQLite store of 0.1.0."""
    path = tmp_path / "store.db"
    path.write_bytes(content("sqlite.db"))
    return path


@pytest.fixture
def old_log(old_store: Path, backend: str, tmp_path: Path) -> Iterator[Storage]:
    """Return what 0.1.0 stored, as this release opens it."""
    if backend == "sqlite":
        yield SqliteStorage(old_store, SETTINGS)
        return
    (tmp_path / "dump.rdb").write_bytes(content("redis.rdb"))
    with RedisServer(tmp_path, dump="dump.rdb") as server:
        yield RedisStorage(server.url, SETTINGS)


backends = pytest.mark.parametrize("backend", ["sqlite", "redis"])


@asynccontextmanager
async def serving(storage: Storage) -> AsyncIterator[aiohttp.ClientSession]:
    """Serve a storage over HTTP."""
    async with node(SETTINGS, Endpoints(), storage, "", None) as it:
        runner = CountingRunner(create_app(it.context, STATIC))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as client:
            yield client
        await runner.cleanup()


@backends
async def test_every_view_of_a_stored_run_is_answered_byte_for_byte(old_log: Storage, backend: str):
    """Each run of 0.1.0 is answered in each view as 0.1.0 did, also when it is asked again."""
    expected = answers(backend)
    async with serving(old_log) as client:
        for path, body in expected.items():
            for _ in range(2):
                async with client.get(path) as response:
                    assert response.status == 200
                    assert await response.read() == body, path


@backends
async def test_a_stored_run_is_replayed_to_a_new_submit(old_log: Storage, backend: str):
    """A photo that 0.1.0 finished is not analysed again."""
    photo = PhotoCopy("5ha", b"jpeg", 40, 30)
    await old_log.start()
    for key in run_keys(backend):
        ticket = await old_log.submit(Job(key, (photo,), Options()), WRITTEN_AT)
        assert (ticket.how, ticket.generation) == (SubmitOutcome.REPLAYED, 1)
    assert await old_log.count_waiting() == 0
    await old_log.aclose()


async def test_results_of_stages_are_read_as_they_were_written(old_store: Path):
    """Each result of a stage is found under its key and says the same when it is encoded again."""
    keys = result_keys(old_store)
    storage = SqliteStorage(old_store, SETTINGS)
    await storage.start()
    results = [await storage.get_result(key, WRITTEN_AT) for key in keys]
    await storage.aclose()
    assert len(results) == 20
    assert [payload for payload in results if payload is None or encode(decode(payload)) != payload] == []


@backends
async def test_stored_runs_can_be_exported_and_imported(old_log: Storage, backend: str):
    """What 0.1.0 stored can be carried into another storage of this release."""
    await old_log.start()
    lines = [lines async for lines in export_runs(old_log)]
    copy = MemoryStorage(SETTINGS)
    assert await import_runs(copy, b"".join(lines).splitlines()) == len(run_keys(backend))
    assert sorted([again async for again in export_runs(copy)]) == sorted(lines)
    await old_log.aclose()


def test_every_metric_is_still_there():
    """Names, types, labels and buckets of the metrics are those of 0.1.0, or more."""
    metrics = Metrics()
    metrics.register_tabs(lambda: {"free": 1})
    before = list(text_string_to_metric_families(content("metrics.txt").decode()))
    for family in before:
        for sample in family.samples:
            labels = {name: value for name, value in sample.labels.items() if name != "le"}
            attribute = family.name.removeprefix("lens_rx_").removesuffix("_created")
            if labels and attribute != "browser_tabs":
                getattr(metrics, attribute).labels(**labels)
    now = {it.name: it for it in text_string_to_metric_families(metrics.render().decode())}
    for family in before:
        assert now[family.name].type == family.type
        assert {it.name for it in family.samples} <= {it.name for it in now[family.name].samples}
        assert {frozenset(it.labels) for it in family.samples} <= {
            frozenset(it.labels) for it in now[family.name].samples
        }
        assert {it.labels.get("le") for it in family.samples} <= {
            it.labels.get("le") for it in now[family.name].samples
        }


def test_the_interface_only_gains():
    """Each address, parameter, answer and property that 0.1.0 described is still described."""
    assert list(lost(orjson.loads(content("openapi.json")), orjson.loads(orjson.dumps(document())), "")) == []


def lost(before: Any, now: Any, place: str) -> list[str]:
    """Return the places at which something of `before` is not in `now`.

    Wording may change, and a pattern where the values that fit it are listed beside it: that is said more exactly.
    """
    if isinstance(before, dict) and isinstance(now, dict):
        missing = [f"{place}/{name}" for name in before if name not in now]
        free = {"description", "summary", "version"} | ({"pattern"} if "enum" in now else set())
        same = [name for name in before if name in now and name not in free]
        return missing + [it for name in same for it in lost(before[name], now[name], f"{place}/{name}")]
    if place.endswith("/parameters"):  # what a value has to be may be said more exactly
        named = {(it["name"], it["in"]): it for it in now}
        old = {(it["name"], it["in"]): it for it in before}
        return lost(old, named, place)
    if isinstance(before, list) and isinstance(now, list):
        described = [without_wording(it) for it in now]
        return [f"{place}: {it!r}" for it in before if without_wording(it) not in described]
    return [] if before == now else [f"{place}: {before!r}"]


def without_wording(value: Any) -> Any:
    """Return a member of a list without its descriptions: that of `events` names every kind, also those that are new."""
    if isinstance(value, dict):
        return {name: without_wording(it) for name, it in value.items() if name != "description"}
    return value

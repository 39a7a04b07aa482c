"""What `lens-rx correct` does: one change sent to a service, or to one that is started over the local store."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import typer
from pydantic import SecretStr

from lens_rx.cli.batch import NONE, open_client
from lens_rx.cli.environment import load_settings, store_path
from lens_rx.cli.log_config import configure
from lens_rx.cli.options import SANDBOX_NOTICE, fail
from lens_rx.cli.output import TextReport, requested_kinds
from lens_rx.cli.query_check import checked_query
from lens_rx.cli.service_client import Fact, ServerError
from lens_rx.cli.stored_runs import StoredRuns
from lens_rx.cli.surroundings import ServiceOptions

#: Digits of a key that stand before each line.
LABEL_LENGTH = 12


@dataclass(frozen=True, slots=True)
class WantedChange:
    """What the options of the command ask for: one of a correction, comparables, an undo or a refresh."""

    said: Mapping[str, str]
    comparables: Mapping[str, list[str]]
    undo: bool
    refresh: str

    def request(self) -> tuple[str, dict[str, Any]]:
        """Return the endpoint and the body; end the command unless it is one change."""
        asked: dict[str, dict[str, Any]] = {
            "corrections": dict(self.said),
            "comparables": {name: ids for name, ids in self.comparables.items() if ids},
            "undo": {"undo": True} if self.undo else {},
            "refresh": {"what": self.refresh} if self.refresh else {},
        }
        given = [(path, body) for path, body in asked.items() if body]
        if len(given) != 1:
            fail(
                "Say one change: what the thing is (--producer, --model, --condition, --size, --variant, --hint), "
                "--dismiss and --restore, --undo, or --refresh."
            )
        path, body = given[0]
        return path, {} if path == "undo" else body


@dataclass(frozen=True, slots=True)
class ChangeSender:
    """Sends a change; `options` are those of the service that is started where none is named."""

    options: ServiceOptions
    runs: StoredRuns

    @classmethod
    def of(
        cls,
        *,
        store: Path | None,
        redis: str | None,
        sandbox: bool,
        sandbox_at: str | None,
        model_at: str | None,
        token: str | None,
    ) -> ChangeSender:
        """Return the sender for the options of the command line."""
        secret = SecretStr(token) if token else None
        settings = load_settings(log_level="error", drain_seconds=0.0, token=secret, redis=redis)
        configure(settings)
        if sandbox or sandbox_at:
            typer.echo(SANDBOX_NOTICE, err=True)
        file = store_path(settings, store)
        options = ServiceOptions(
            settings, sandbox=sandbox, sandbox_at=sandbox_at, model_at=model_at, store=file
        )
        return cls(options, StoredRuns(store, redis))

    def send(
        self, key: str, wanted: WantedChange, server: str | None, query: Mapping[str, str], *, as_json: bool
    ) -> int:
        """Send the change and print what follows; return the exit status."""
        path, body = wanted.request()
        asked = checked_query(query, self.options.settings)
        key = key if server else self.runs.full_key(key)
        return asyncio.run(self._send(key, (path, body), server, asked, as_json=as_json))

    async def _send(
        self,
        key: str,
        change: tuple[str, dict[str, Any]],
        server: str | None,
        query: Mapping[str, str],
        *,
        as_json: bool,
    ) -> int:
        report, events = TextReport(), query.get("events", "")
        status = NONE
        async with open_client(self.options, server) as client:
            try:
                async for fact in client.change(key, *change, {**query, "events": "all"}):
                    if fact["data_description"] == "complete" and fact["data"]["outcome"] == "ok":
                        status = 0
                    if as_json:
                        _print_json(fact, events)
                    else:
                        report.fact(key[:LABEL_LENGTH], fact, events)
            except ServerError as error:
                fail(str(error), NONE)
        return status


def _print_json(fact: Fact, events: str) -> None:
    if fact["data_description"] in requested_kinds(events):
        sys.stdout.write(orjson.dumps(fact).decode() + "\n")
        sys.stdout.flush()

"""What `lens-rx correct` does: one change sent to a service, or to one that is started over the local store."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from lens_rx.cli.batch import ALL, NONE, open_client
from lens_rx.cli.environment import load_client_settings, store_name, store_path
from lens_rx.cli.options import SANDBOX_NOTICE, fail, refuse_beside_server
from lens_rx.cli.output import Ending, TextReport, is_requested, print_json
from lens_rx.cli.query_check import checked_query
from lens_rx.cli.service_client import ServerError
from lens_rx.cli.stored_runs import StoredRuns
from lens_rx.cli.surroundings import ServiceOptions

#: Digits of a key that stand before each line.
LABEL_LENGTH = 12


@dataclass(frozen=True, slots=True)
class WantedChange:
    """What the options of the command ask for: one of a correction, comparables, an undo or a refresh."""

    correction: Mapping[str, str]
    comparables: Mapping[str, list[str]]
    undo: bool
    refresh: str

    def request(self) -> tuple[str, dict[str, Any]]:
        """Return the endpoint and the body; end the command unless it is one change."""
        asked: dict[str, dict[str, Any]] = {
            "corrections": dict(self.correction),
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
    """Sends a change to the service that is named, or to one that is started with `options`."""

    options: ServiceOptions
    server: str | None

    @classmethod
    def of(
        cls,
        server: str | None,
        *,
        store: Path | None,
        redis: str | None,
        sandbox: bool,
        sandbox_at: str | None,
        model_at: str | None,
        token: str | None,
    ) -> ChangeSender:
        """Return the sender for the options of the command line."""
        refuse_beside_server(
            server, {"--sandbox": sandbox, "--sandbox-at": sandbox_at, "--model-at": model_at}
        )
        settings = load_client_settings(token, redis=redis)
        if sandbox or sandbox_at:
            typer.echo(SANDBOX_NOTICE, err=True)
        name = store_name(sandbox=sandbox, sandbox_at=sandbox_at)
        file = store_path(settings, store, in_memory=bool(server), name=name)
        options = ServiceOptions(
            settings, sandbox=sandbox, sandbox_at=sandbox_at, model_at=model_at, store=file
        )
        return cls(options, server)

    def send(self, key: str, wanted: WantedChange, query: Mapping[str, str], *, as_json: bool) -> int:
        """Send the change and print what follows; return the exit status."""
        path, body = wanted.request()
        asked = checked_query(query, self.options.settings)
        if not self.server:
            key = StoredRuns(self.options.settings, self.options.store).full_key(key)
        return asyncio.run(self._send(key, (path, body), asked, as_json=as_json))

    async def _send(
        self,
        key: str,
        change: tuple[str, dict[str, Any]],
        query: Mapping[str, str],
        *,
        as_json: bool,
    ) -> int:
        report, events = TextReport(), query.get("events", "")
        ending = Ending()
        async with open_client(self.options, self.server) as client:
            try:
                async for fact in client.change(key, *change, {**query, "events": "all"}):
                    ending.add(fact)
                    if not as_json:
                        report.fact(key[:LABEL_LENGTH], fact, events)
                    elif is_requested(fact, events):
                        print_json(fact)
            except ServerError as error:
                fail(str(error), NONE)
        return ALL if ending.succeeded else NONE

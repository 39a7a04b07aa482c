"""The keys of runs and of stage results are stored: a release that changes one loses what was found before."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
import reactivex as rx
from test_stages import Outside

from lens_rx.facts import (
    AnalysisState,
    Caption,
    Condition,
    Identity,
    Item,
    Match,
    Matches,
    Options,
    Photo,
    ProducerPage,
)
from lens_rx.facts.errors import StageError
from lens_rx.metrics import Metrics
from lens_rx.reactive.interop import to_async_iterable
from lens_rx.runs.keys import run_key
from lens_rx.runs.stage_cache import StageCache
from lens_rx.runs.stages import StageClients, StageFactory
from lens_rx.runs.usage import UsageMeter
from lens_rx.settings import Settings
from lens_rx.storage.memory import MemoryStorage

PHOTOS = (Photo("5ha", Path("5ha.jpg"), 10, 10), Photo("6ha", Path("6ha.jpg"), 10, 10))
KNOWN = AnalysisState(
    Item(PHOTOS, Options("DE", "größe 'M'", "Norrvik", "", Condition.GOOD)),
    matches=Matches((Match("Norrvik Fjell Parka", "https://a.test/"), Match("Parka", "https://b.test/"))),
    caption=Caption("jacket", "green", "cotton", "NORRVIK", Condition.GOOD, "A green parka."),
    identity=Identity("Norrvik", "Fjell Parka"),
    page=ProducerPage("https://norrvik.com/fjell-parka", "Fjell Parka"),
)
#: By stage, as release 0.1.0 made them; lens has one for each photo.
STAGE_KEYS = {
    "lens": [
        "de991d24497a12f52e42cb515b54487c8928f3bb6096ae9f9d0145db1f99e7f7",
        "9e43847ccaafddba3bb72ad29ffada4241a9e62ede8449685e21ae7e2b297439",
    ],
    "describe": ["763e0d4c05bae4b67d94fb8109b0ba6a948673753215a61f67900ac441c6cea3"],
    "identify": ["b7c8714dd9efd0fdd00993bd0db27643591d523ad19ae14295c5a8dbad6516be"],
    "producer": ["47c07ea303f4c9897effa66ad61b68bb63a32fb597efd92792e913a13b5cdc7a"],
    "retail": ["02b7655c6a8ba8649b8247a85a224084a7515991b115c702cb12cd5d06fd0c19"],
    "offers": ["36129dd5074ce0b9a66daa0036b35501fcf0b25bf4937af1c9daf9a1b0eddb10"],
}


class KeyRecorder(MemoryStorage):
    """A storage that notes which results it is asked for."""

    def __init__(self) -> None:
        super().__init__(Settings())
        self.keys: list[str] = []

    async def get_result(self, key: str, now: datetime) -> bytes | None:
        self.keys.append(key)
        return await super().get_result(key, now)


@pytest.mark.parametrize("stage", STAGE_KEYS)
async def test_the_key_of_a_stage_result_stays(stage: str):
    """A result of the same input has the key that it had in release 0.1.0."""
    out, storage = Outside(), KeyRecorder()
    cache = StageCache(storage, "here", 5.0)
    steps = StageFactory(
        StageClients(out, out, out, out, [out]), cache, Settings(), "live/1/m", UsageMeter(Metrics()), False
    ).all()
    with suppress(StageError):  # what is found does not matter here
        async for _ in to_async_iterable(getattr(steps, stage).operator(rx.of(KNOWN))):
            pass
    assert list(dict.fromkeys(storage.keys)) == STAGE_KEYS[stage]


def test_size_and_variant_are_part_of_a_runs_key_where_they_are_given():
    """Another size or variant is another run, and a size is no variant."""
    given = (
        Options(),
        Options(size="M"),
        Options(size="L"),
        Options(variant="M"),
        Options(size="M", variant="M"),
    )
    assert len({run_key(["5ha"], it, "live/1/m") for it in given}) == len(given)


def test_the_key_of_a_run_stays():
    """Equal photos, options and pipeline have the key that they had in release 0.1.0."""
    key = run_key(["5ha", "6ha"], KNOWN.item.options, "live/1/m")
    assert key == "1fafa3201655c68c96cf49589a57b30b3fbe1c907b0498bb859bdb5ca2398300"

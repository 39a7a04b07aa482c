"""Replays a second of a service on uvloop, beside the same on asyncio's own loop (`LENS_RX_UVLOOP=false`).

    python benchmarks/event_loops.py [--rounds 5] [--seconds 1]

The loads of `replays.py`, and one whose clients open a connection for each request; each on both loops in turn. Each
ratio is the median of those of the rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from replays import KEY_CLIENTS, SMALL_BYTES, UPLOAD_CLIENTS, run_key_of, server
from tools.figures import report_paired
from tools.http_load import Load, get_request, upload_request
from tools.service import describe_machine

UVLOOP, ASYNCIO = ({"LENS_RX_UVLOOP": it} for it in ("true", "false"))


async def main(rounds: int, seconds: float) -> None:
    """Print all figures."""
    print(describe_machine())
    photo = os.urandom(SMALL_BYTES)
    with TemporaryDirectory() as directory:
        (Path(directory) / f"{sha256(photo).hexdigest()}.photo").write_bytes(photo)
        with (
            server("memory", Path(directory), UVLOOP) as ours,
            server("memory", Path(directory), ASYNCIO) as theirs,
        ):

            async def compare(title: str, request: bytes, clients: int) -> None:
                rates: tuple[list[float], list[float]] = [], []
                for _ in range(rounds):
                    for running, found in zip((ours, theirs), rates, strict=True):
                        found.append(await Load(running.port, [request], clients).run(seconds))
                report_paired(title, rates[0], "a second", rates[1], peer="asyncio's own loop")

            key = await run_key_of(theirs, photo)
            by_key = get_request(f"/runs/{key}/events")
            await compare("replays of one photo of 200 kB, uvloop", upload_request(photo), UPLOAD_CLIENTS)
            await compare(f"replays by key, {KEY_CLIENTS} clients, uvloop", by_key, KEY_CLIENTS)
            closing = by_key.removesuffix(b"\r\n") + b"Connection: close\r\n\r\n"
            await compare("replays by key, a connection each, uvloop", closing, KEY_CLIENTS)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    asked = parser.parse_args()
    asyncio.run(main(asked.rounds, asked.seconds))

"""Replays by key a second from two processes on one port, beside one process, with Redis as storage.

    python benchmarks/processes.py [--rounds 3] [--seconds 2]

One photo is priced on the sandbox; then services without a worker replay it to clients that ask by its key, each request
on one of 64 connections. The clients take a core or so themselves: on two cores a second process gains little.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.figures import report_paired
from tools.http_load import Load, get_request
from tools.service import describe_machine, running_service

sys.path.append(str(Path(__file__).parents[1] / "tests"))

SAMPLE = Path(__file__).parents[1] / "static" / "sample.jpg"
CLIENTS = 64


async def measure(redis_url: str, rounds: int, seconds: float) -> None:
    """Print the rates of one and of two processes, in turn."""
    redis = ("--redis", redis_url)
    async with running_service(*redis) as service:
        response = await service.client.post("/classify", data={"file": SAMPLE.read_bytes()})
        await response.read()
        key = response.headers["X-Run-Key"]
    rates: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(rounds):
        for number, found in rates.items():
            async with running_service(*redis, "--no-worker", "--processes", str(number)) as service:
                async with service.client.get(f"/runs/{key}/events") as response:
                    port, body = response.url.port, await response.read()
                load = Load(port or 0, [get_request(f"/runs/{key}/events")], CLIENTS)
                found.append(await load.run(seconds))
    print(f"  {len(body):,} bytes each; one process {statistics.median(rates[1]):,.0f}/s")
    report_paired("replays by key, two processes", rates[2], "/s", rates[1], peer="one process")


def main() -> None:
    """Measure and print."""
    from redis_server import RedisServer  # noqa: PLC0415 - a real server, as the tests start it

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0)
    asked = parser.parse_args()
    print(describe_machine())
    with TemporaryDirectory() as directory, RedisServer(Path(directory)) as redis:
        asyncio.run(measure(redis.url, asked.rounds, asked.seconds))


if __name__ == "__main__":
    main()

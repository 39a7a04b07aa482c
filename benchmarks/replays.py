"""Replays a second, beside peers that write the same bytes.

    python benchmarks/replays.py [--rounds 7] [--seconds 2]

Every photo's run is finished; nothing is decoded or analysed. A known photo costs a hash, so that random bytes of a
photo's size do. The peers are a bare aiohttp handler that reads the parts of an upload, hashes them and writes the
answer at once, one that hashes the raw body, a static aiohttp handler, and the shape of the system before: Flask with a
thread and a queue for each request. One process each, in turn; each ratio is the median of those of the rounds.
All answers have to be the same to the byte: the photos' runs are copies of one.
The CPU time of the server for each answer says more than the rate where the machine does other things as well.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import psutil
from tools.figures import report_paired
from tools.http_load import Load, get_request, unchunk, upload_request
from tools.service import describe_machine

SERVERS = Path(__file__).parent / "tools" / "replay_servers.py"
SMALL_BYTES, PHONE_BYTES, PHONE_PHOTOS = 200_000, 2_600_000, 16
UPLOAD_CLIENTS, KEY_CLIENTS = 8, 32
SMALL, PHONE = "replays of one photo of 200 kB", f"replays of {PHONE_PHOTOS} photos of 2.6 MB, round robin"
KEYS = f"replays by key, {KEY_CLIENTS} clients"
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})
#: What is to be reached, by figure and peer.
TARGETS = {
    (SMALL, "aiohttp, parts"): ">= 0.85",
    (SMALL, "Flask, threads"): ">= 5",
    (PHONE, "aiohttp, parts"): ">= 0.85",
    (KEYS, "aiohttp, static"): ">= 0.8",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A server's port and process."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Return the CPU time that the process has used."""
        return sum(psutil.Process(self.pid).cpu_times()[:2])


@contextmanager
def server(kind: str, directory: Path, settings: Mapping[str, str] = NO_SETTINGS) -> Iterator[Server]:
    """Run one of the servers, with other environment variables."""
    command = [sys.executable, str(SERVERS), kind, str(directory)]
    environment = os.environ | {"LENS_RX_LOG_LEVEL": "warning"} | settings
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert process.stdout
    try:
        yield Server(int(process.stdout.readline()), process.pid)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@asynccontextmanager
async def servers(directory: Path, photos: Sequence[bytes]) -> AsyncIterator[dict[str, Server]]:
    """Run all servers over the same photos and answers."""
    for photo in photos:
        (directory / f"{sha256(photo).hexdigest()}.photo").write_bytes(photo)
    with ExitStack() as stack:
        ports = {}
        for kind in ("memory", "sqlite"):
            ports[kind] = stack.enter_context(server(kind, directory))
        for photo in photos:
            answer = await answer_to(ports["memory"], upload_request(photo))
            (directory / f"{sha256(photo).hexdigest()}.answer").write_bytes(answer)
        for kind in ("aiohttp", "flask"):
            ports[kind] = stack.enter_context(server(kind, directory))
        yield ports


async def answer_to(server: Server, request: bytes) -> bytes:
    """Return the body of one answer."""
    load = Load(server.port, [request], 1)
    while not load.body:
        await load.run(0.1)
    return unchunk(load.body)


async def compare(
    title: str, loads: dict[str, tuple[Server, Sequence[bytes], int]], rounds: int, seconds: float
) -> None:
    """Report the rates of all loads, in turn, and the ratios of each of ours to each peer."""
    rates: dict[str, list[float]] = {name: [] for name in loads}
    cpu: dict[str, list[float]] = {name: [] for name in loads}
    for _ in range(rounds):
        for name, (running, requests, clients) in loads.items():
            load, used = Load(running.port, requests, clients), running.cpu_seconds()
            rates[name].append(await load.run(seconds))
            if not load.answered:
                raise SystemExit(f"{name} does not answer")
            if load.differing:
                raise SystemExit(f"{load.differing} answers of {name} differ from the one before")
            cpu[name].append((running.cpu_seconds() - used) / load.answered)
    print(f"\n{title}")
    for name, found in rates.items():
        print(
            f"  {name:18} {statistics.median(found):7,.0f}/s {statistics.median(cpu[name]) * 1e6:7,.0f} us of CPU"
        )
    for name in (it for it in rates if it.startswith("lens_rx")):
        for peer in (it for it in rates if not it.startswith("lens_rx")):
            target = TARGETS.get((title, peer), "")
            report_paired(
                f"{title}, {name}",
                rates[name],
                "a second",
                rates[peer],
                peer=peer,
                target=target,
                main=bool(target),
            )


async def compare_uploads(title: str, photos: Sequence[bytes], rounds: int, seconds: float) -> None:
    """Compare replays of uploaded photos, round robin."""
    with TemporaryDirectory() as directory:
        async with servers(Path(directory), photos) as ports:
            uploads = [upload_request(photo) for photo in photos]
            raw = [upload_request(photo, "/body") for photo in photos]
            loads = {
                "lens_rx, memory": (ports["memory"], uploads, UPLOAD_CLIENTS),
                "lens_rx, SQLite": (ports["sqlite"], uploads, UPLOAD_CLIENTS),
                "aiohttp, parts": (ports["aiohttp"], uploads, UPLOAD_CLIENTS),
                "aiohttp, raw body": (ports["aiohttp"], raw, UPLOAD_CLIENTS),
                "Flask, threads": (ports["flask"], uploads, UPLOAD_CLIENTS),
            }
            await compare(title, loads, rounds, seconds)


async def compare_keys(rounds: int, seconds: float) -> None:
    """Compare replays by key with static answers of the same bytes."""
    photo = os.urandom(SMALL_BYTES)
    with TemporaryDirectory() as directory:
        async with servers(Path(directory), [photo]) as ports:
            key = await run_key_of(ports["memory"], photo)
            answer = await answer_to(ports["memory"], get_request(f"/runs/{key}/events"))
            (Path(directory) / f"{key}.answer").write_bytes(answer)
            with server("aiohttp", Path(directory)) as static:
                request = [get_request(f"/runs/{key}/events")]
                loads = {
                    "lens_rx, memory": (ports["memory"], request, KEY_CLIENTS),
                    "lens_rx, SQLite": (ports["sqlite"], request, KEY_CLIENTS),
                    "aiohttp, static": (static, request, KEY_CLIENTS),
                }
                await compare(KEYS, loads, rounds, seconds)


async def run_key_of(server: Server, photo: bytes) -> str:
    """Return the key under which a service replays a photo."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(upload_request(photo))
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    writer.close()
    return head.partition("X-Run-Key: ")[2].split("\r\n")[0]


async def main(rounds: int, seconds: float) -> None:
    """Print all figures."""
    print(describe_machine())
    small, phone = [os.urandom(SMALL_BYTES)], [os.urandom(PHONE_BYTES) for _ in range(PHONE_PHOTOS)]
    await compare_uploads(SMALL, small, rounds, seconds)
    await compare_uploads(PHONE, phone, rounds, seconds)
    await compare_keys(rounds, seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0)
    asked = parser.parse_args()
    asyncio.run(main(asked.rounds, asked.seconds))

"""Run the benchmarks one after the other and write `benchmarks/RESULTS.md`, its pictures, and the README's figures.

    PYTHONPATH=benchmarks python -m tools.run_all [--long] [--only SCRIPT …] [--render]

What the scripts report is kept in `benchmarks/results/figures.json`, from which everything else is written;
`--only` runs some scripts and leaves the others' figures, with their dates, as they are; `--render` runs none.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from tools.figures import FILE_VARIABLE
from tools.machine import describe
from tools.results import DATA, write_results
from tools.suite import LONG, SCRIPTS, Script, short_scripts

ROOT = SCRIPTS.parent
TIMEOUT_SECONDS = {False: 300, True: 14_400}


async def run_once(script: Script, seconds: float, figures: Path) -> tuple[list[str], int]:
    """Run a script; return its lines and its exit status."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SCRIPTS / script.name), *script.arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env=os.environ | {FILE_VARIABLE: str(figures), "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout
    lines: list[str] = []
    try:
        async with asyncio.timeout(seconds):
            async for line in process.stdout:
                lines.append(line.decode().rstrip())
                print(f"    {lines[-1]}", flush=True)
            await process.wait()
    except TimeoutError:
        process.terminate()
        lines.append(f"stopped after {seconds} s")
        await process.wait()
    return lines, process.returncode or 0


def _without_paths(line: str) -> str:
    """Return a line of output without the place of this checkout."""
    return line.replace(str(ROOT), ".").replace(str(ROOT.parent), "..")


def run_script(script: Script, *, long: bool) -> dict[str, Any]:
    """Return the record of all runs of a script."""
    runs, lines, status, began = [], [], 0, time.time()
    for number in range(script.runs):
        print(f"== {script.name} {' '.join(script.arguments)} ({number + 1} of {script.runs})", flush=True)
        with TemporaryDirectory() as directory:
            figures = Path(directory) / "figures"
            output, code = asyncio.run(run_once(script, TIMEOUT_SECONDS[long], figures))
            reported = figures.read_bytes().splitlines() if figures.exists() else []
        runs.append([orjson.loads(it) for it in reported])
        lines, status = lines or output, status or code
    return {
        "arguments": list(script.arguments),
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": describe(),
        "output": [_without_paths(line) for line in lines],
        "runs": runs,
        "seconds": round(time.time() - began),
        "status": status,
    }


def main(only: list[str], *, long: bool, render: bool) -> int:
    """Run and write; return 1 where a script failed."""
    data = orjson.loads(DATA.read_bytes()) if DATA.exists() else {}
    chosen = [it for it in (LONG if long else short_scripts()) if not only or it.name in only]
    chosen = [] if render else chosen
    records = data.setdefault("long" if long else "short", {})
    for script in chosen:
        records[script.name] = run_script(script, long=long)
        DATA.parent.mkdir(exist_ok=True)
        DATA.write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2))
    write_results(data)
    failed = [it.name for it in chosen if records[it.name]["status"]]
    took = sum(records[it.name]["seconds"] for it in chosen)
    print(f"{len(chosen)} scripts in {took} s; failed: {', '.join(failed) or 'none'}")
    return int(bool(failed))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--long", action="store_true", help="those that take hours")
    parser.add_argument("--only", nargs="+", default=[], metavar="SCRIPT")
    parser.add_argument("--render", action="store_true", help="write the results anew, run nothing")
    asked = parser.parse_args()
    sys.exit(main(asked.only, long=asked.long, render=asked.render))

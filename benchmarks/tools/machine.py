"""What a benchmark ran on."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

PACKAGES = (
    *(
        "lens-rx",
        "reactivex",
        "aiohttp",
        "pyppeteer",
        "openai",
        "orjson",
        "pillow",
        "redis",
        "selectolax",
        "uvloop",
    ),
    *("extruct", "flask", "price-parser", "playwright", "selenium"),
)


def describe() -> dict[str, str]:
    """Return the processor, memory, system, load and versions, by name."""
    load = os.getloadavg()[0]
    return {
        "processor": f"{os.cpu_count()} cores of {_processor()}",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "load": f"{load:.1f}",
        "versions": ", ".join(
            [f"CPython {platform.python_version()}", *_programs(), *filter(None, map(_package, PACKAGES))]
        ),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((it.partition(": ")[2] for it in lines if it.startswith("model name")), platform.machine())


def _package(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return ""


def _programs() -> list[str]:
    found = []
    for program in ("chromium", "redis-server"):
        try:
            out = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
        except OSError:
            continue
        found.append(" ".join(out.split()[:3]))
    return found

"""`lens-rx mcp` as agents start it: a process that speaks over stdin and stdout, here with the SDK's own client."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from calling import Call
from mcp import Client, StdioServerParameters
from sandbox_service import SandboxService

from lens_rx.mcp import installation

#: Without Chromium, which takes longest to start: the sandbox's stand-ins of official APIs serve instead.
NO_CHROMIUM = {"LENS_RX_CHROMIUM": "none", "LENS_RX_LENS": "vision,ebay", "LENS_RX_SEARCH": "brave"}


README = (Path(__file__).parents[2] / "README.md").read_text()
SERVERS = json.loads(re.findall(r"```json\n(\{\s+\"mcpServers\".*?)```", README, re.DOTALL)[0])["mcpServers"]


def process(user: dict[str, str], name: str, **changed: str) -> StdioServerParameters:
    """Return how an agent starts the command by the README's configuration, with some arguments changed."""
    assert SERVERS[name]["command"] == "lens-rx"
    arguments: list[str] = []
    for argument in SERVERS[name]["args"]:
        arguments += changed.get(argument, argument).split()
    return StdioServerParameters(
        command=sys.executable, args=["-m", "lens_rx", *arguments], env=os.environ | user | NO_CHROMIUM
    )


async def test_a_photo_is_priced_in_a_process_of_its_own(
    user: dict[str, str], shared_service: SandboxService, photos: Path, truth: dict[str, dict]
):
    """Over stdin and stdout, on a sandbox: priced with progress, corrected, decided, refused in words."""
    told: list[str] = []

    async def note(_: float, __: float | None, message: str | None) -> None:
        told.append(message or "")

    photo = b64encode(await asyncio.to_thread((photos / "04.webp").read_bytes)).decode()
    async with Client(
        process(user, "lens_rx_practice", **{"--sandbox": f"--sandbox-at {shared_service.sandbox_url}"})
    ) as client:
        priced = await client.call_tool("price_item", {"photos": [photo]}, progress_callback=note)
        run = priced.structured_content
        assert run, priced.content
        assert (run["producer"], run["model"]) == (truth["04.webp"]["producer"], truth["04.webp"]["model"])
        assert "estimate: ok" in told
        worn = await client.call_tool("correct_item", {"key": run["key"], "condition": "for_parts"})
        assert worn.structured_content
        assert worn.structured_content["price"]["price"] < run["price"]["price"]
        decided = await client.call_tool("decide", {"key": run["key"], "cost": 1})
        assert decided.structured_content
        assert decided.structured_content["decision"]["verdict"] == "buy"
        unknown = await client.call_tool("get_run", {"key": "nope"})
        assert unknown.is_error
        assert "price_item" in unknown.content[0].text


async def test_a_running_service_is_used(user: dict[str, str], service: SandboxService):
    """With `--server` the tools are those of the service that runs there."""
    words = {"producer": "Norrvik", "model": "Fjell Parka", "condition": "good"}
    told: list[str] = []

    async def note(_: float, __: float | None, message: str | None) -> None:
        told.append(message or "")

    async with Client(
        process(user, "lens_rx_shared", **{"https://prices.example": service.url}), mode="legacy"
    ) as client:
        assert len((await client.list_tools()).tools) == 5
        priced = await client.call_tool("price_item", words, progress_callback=note)
        assert priced.structured_content, priced.content
        assert priced.structured_content["price"]
        assert "estimate: ok" in told
        unknown = await client.call_tool("get_run", {"key": "nope"})
        assert unknown.structured_content == {
            "error": "No such run. Send the photo again.",
            "code": "run_not_found",
        }


def test_a_service_that_is_not_there_is_told(lens_rx: Call):
    """An address at which nothing listens is a sentence."""
    done = lens_rx("mcp", "--server", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "http://127.0.0.1:9/mcp cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_the_extra_it_says_what_to_install(lens_rx: Call, monkeypatch: pytest.MonkeyPatch):
    """The command ends with the command that installs the extra."""
    monkeypatch.setattr(installation, "is_installed", lambda: False)
    done = lens_rx("mcp")
    assert done.returncode == 2
    assert "pip install 'lens-rx[mcp]'" in done.stderr


def test_the_sdk_is_not_imported_without_need():
    """Neither the command line nor a service that nobody asked for `/mcp` imports it, as it takes long."""
    code = "import sys, lens_rx.cli.main, lens_rx.cli.service; print(sorted({'mcp', 'mcp_types'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"

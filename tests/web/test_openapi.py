"""`/openapi.json` is what the service does: requests made from it get the answers that it names."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from schedules import BASE_SEED
from schemathesis.specs.openapi.checks import positive_data_acceptance
from served import Served, serve
from token_holders import Tokens, bearer

from lens_rx.clients.endpoints import Route
from lens_rx.settings import Settings
from lens_rx.web.openapi_parameters import country_parameters, view_parameters
from lens_rx.web.query_params import VIEW_PARAMETERS

CONFIG = Path(__file__).with_name("schemathesis.toml")

EXAMPLES = 6
#: What a long run of schemathesis takes.
LONG_SECONDS = 60
#: A photo's bytes cannot be guessed; uploads have tests of their own.
UPLOADS = {"/classify", "/", "/thumbnail"}
#: The service of these tests has no Chromium, and so rightly answers 503.
NEVER_READY = "/readyz"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#: Where callbacks lead in these tests: nobody listens there.
NOBODY = Route(".test", "127.0.0.1", 9)


@pytest.fixture
async def signing() -> AsyncIterator[Served]:
    """Run a service that can call back."""
    async with serve(Settings(webhook_secret=SECRET), route=NOBODY) as running:
        yield running


async def test_every_address_answers_as_the_document_says(signing: Served):
    """Status, heads, type and form of every answer are among those that the document names; what fits is accepted."""
    async with signing.client.get("/openapi.json") as answer:
        schema = schemathesis.openapi.from_dict(await answer.json())
    schema.config.update(base_url=signing.url)
    operations = [it.ok() for it in schema.get_all_operations()]
    asked = [it for it in operations if it.path not in UPLOADS | {NEVER_READY}]
    assert {it.path for it in asked} >= {"/runs/{key}", "/runs/{key}/events", "/ws", "/healthz", "/metrics"}
    for operation in asked:
        await asyncio.to_thread(answered_as_named, operation)


def answered_as_named(operation: Any) -> None:
    """Ask an operation some examples that fit the document, and check each answer."""

    @hypothesis_settings(
        max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(timeout=10, excluded_checks=refusals_of(case))

    ask()


def refusals_of(case: Any) -> list[Any]:
    """Return the check that what fits is accepted where a schema cannot say all that has to hold.

    A callback has to be public and goes with a header; free text has to be printable; `/ws` needs a handshake.
    """
    texts = [it for it in (case.query or {}).values() if isinstance(it, str)]
    is_plain = (
        case.path != "/ws" and "callback" not in (case.query or {}) and all(it.isprintable() for it in texts)
    )
    return [] if is_plain else [positive_data_acceptance]


@pytest.mark.long
@pytest.mark.timeout(4 * LONG_SECONDS)
async def test_schemathesis_finds_nothing(signing: Served):
    """All its phases and checks, invalid requests and sequences of requests too, for a minute."""
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run"]
    options = [
        "--max-time",
        f"{LONG_SECONDS}",
        "--seed",
        f"{BASE_SEED}",
        "--continue-on-failure",
        "--no-color",
        "--request-timeout",
        "10",
    ]
    paths = os.pathsep.join((str(CONFIG.parent), str(CONFIG.parents[1])))  # of its hooks
    run = await asyncio.create_subprocess_exec(
        *command,
        f"{signing.url}/openapi.json",
        *options,
        stdout=PIPE,
        stderr=STDOUT,
        env=os.environ | {"PYTHONPATH": paths},
    )
    said, _ = await run.communicate()
    assert run.returncode == 0, said.decode()


@pytest.mark.parametrize("path", ["/", "/classify"])
async def test_an_upload_is_in_the_document(served: Served, path: str):
    """Each way to upload names its parameters, its part `file`, and all forms of the answer."""
    async with served.client.get("/openapi.json") as answer:
        operation = (await answer.json())["paths"][path]["post"]
    named = {it["name"] for it in operation["parameters"]}
    terms = {"cost", "margin", "min_profit", "marketplace"}
    options = {"country", "hint", "producer", "model", "condition", "size", "variant"}
    assert named == {"events", "currency", "refresh", "Prefer", "callback"} | options | terms
    forms = {"text/event-stream", "application/x-ndjson", "application/json"}
    assert set(operation["responses"]["200"]["content"]) == forms
    assert {"400", "413", "415", "422", "429", "503"} <= set(operation["responses"])


async def test_the_document_names_how_to_send_a_token(served: Served):
    """A bearer token or the login's cookie, or neither where none is asked for; probes need none at all."""
    async with served.client.get("/openapi.json") as answer:
        document = await answer.json()
    assert document["security"] == [{}, {"token": []}, {"session": []}]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    without = {path for path, item in document["paths"].items() if item.get("get", {}).get("security") == []}
    assert without == {"/healthz", "/readyz"}
    assert "401" in document["paths"]["/classify"]["post"]["responses"]


async def test_the_page_of_the_interface_is_behind_the_token(guarded: Served, tokens: Tokens):
    """`/docs` is served to those with a token, under the page's policy; a browser without one is sent to the login."""
    html = {"Accept": "text/html"}
    async with guarded.client.get("/docs", headers=html | bearer(tokens.ann)) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "docs.js" in await answer.text()
    async with guarded.client.get("/docs", headers=html, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "login")
    async with guarded.client.get("/openapi.json") as answer:
        assert answer.status == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/runs/0/corrections"),
        ("POST", "/runs/0/comparables"),
        ("POST", "/runs/0/undo"),
        ("POST", "/runs/0/refresh"),
        ("POST", "/thumbnail"),
        ("GET", "/calibration"),
        ("GET", "/webhooks/dead"),
    ],
)
async def test_new_addresses_refuse_unknown_parameters(served: Served, method: str, path: str):
    """A mistyped parameter is told; addresses of the first release pass over them, as they always did."""
    async with served.client.request(method, f"{path}?curency=EUR") as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, "unknown_parameter")
    async with served.client.get("/runs/0?curency=EUR") as answer:
        assert answer.status == 404


def test_the_views_parameters_are_those_of_the_document():
    """What is known on new addresses is what the document names."""
    assert {it["name"] for it in view_parameters() + country_parameters()} == VIEW_PARAMETERS

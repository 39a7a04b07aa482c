"""Every refusal has a code: a stable word beside the sentence, the same over HTTP, a WebSocket and the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from babel import Locale
from served import Served, connection
from token_holders import Tokens, bearer

from lens_rx.facts import errors
from lens_rx.facts.error_codes import ErrorCode
from lens_rx.pricing import is_country
from lens_rx.web import middleware
from lens_rx.web.http_server import KNOWN_CODES

README = (Path(__file__).parents[2] / "README.md").read_text()


def subclasses(kind: type) -> Iterator[type]:
    """Yield a class and all below it."""
    yield kind
    for below in kind.__subclasses__():
        yield from subclasses(below)


@pytest.mark.parametrize("kind", list(subclasses(errors.RequestError)), ids=lambda it: it.__name__)
def test_every_refusal_has_a_code_of_its_own_status(kind: type[errors.RequestError]):
    """Each class of refusals names a code itself, whose status is the class' own."""
    assert "code" in vars(kind)
    assert kind("no").code.status == kind.status


def test_codes_are_stable_words():
    """They are snake_case, and these; a word may be added to this list, none may go."""
    promised = """bad_request invalid_parameter unknown_parameter unknown_country unknown_currency unknown_events
        invalid_body unknown_field no_photo token_missing token_invalid forbidden_origin not_found run_not_found
        method_not_allowed too_slow too_large unsupported_media expectation_failed unknown_host unprocessable busy
        internal_error unavailable""".split()
    assert {str(code) for code in ErrorCode} >= set(promised)
    assert all(re.fullmatch("[a-z]+(_[a-z]+)*", code) for code in ErrorCode)


def test_the_readme_lists_every_code():
    """The table of the README is the table of the code: code, status, meaning."""
    rows = re.findall(r"^\| `([a-z_]+)` \| (\d{3}) \| (.+) \|$", README, re.MULTILINE)
    assert rows == [(str(code), str(code.status), code.meaning) for code in ErrorCode]


async def test_the_servers_own_errors_have_codes(served: Served):
    """What aiohttp refuses, and what is no HTTP at all, gets one as well."""
    asked = {
        "/nothing": (404, "not_found"),
        "/classify": (405, "method_not_allowed"),
        "/runs/0": (404, "run_not_found"),
        "/runs/0?country=XX": (400, "unknown_country"),
        "/runs/0?currency=XXX": (400, "unknown_currency"),
        "/runs/0?events=news": (400, "unknown_events"),
        "/runs/0?margin=much": (400, "invalid_parameter"),
    }
    for path, expected in asked.items():
        async with served.client.get(path) as answer:
            body = await answer.json()
            assert (answer.status, body["code"]) == expected
            assert list(body) == ["error", "code"]
    async with served.client.get("/", headers={"Host": "evil.example"}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (421, "unknown_host")
    async with connection(served) as (reader, writer):
        writer.write(b"nonsense\r\n\r\n")
        assert b'"code": "bad_request"' in await reader.read()
    assert {code for code, _ in KNOWN_CODES.values()} <= set(ErrorCode)


async def test_uploads_and_sockets_say_the_same(served: Served):
    """An upload without a photo, and a socket's message that is none, name why."""
    async with served.client.post("/classify", data=served.form(name="other")) as answer:
        assert (await answer.json())["code"] == "no_photo"
    async with served.client.post("/classify", data=b"{}", headers={"Expect": "200-ok"}) as answer:
        assert (await answer.json())["code"] == "expectation_failed"
    async with served.client.ws_connect("/ws") as socket:
        await socket.send_bytes(b"no photo")
        body = orjson.loads((await socket.receive()).data)
    assert (body["status"], body["code"]) == (415, "unsupported_media")


async def test_a_missing_token_is_told_from_a_wrong_one(guarded: Served, tokens: Tokens):
    """Programs can tell whether to send a token or to ask for a new one."""
    for headers, code in (({}, "token_missing"), (bearer(tokens.ann + "x"), "token_invalid")):
        async with guarded.client.get("/runs/0", headers=headers) as answer:
            assert (answer.status, (await answer.json())["code"]) == (401, code)


async def test_a_fault_of_ours_has_a_code(served: Served, monkeypatch: pytest.MonkeyPatch):
    """A broken handler is `internal_error`, without details."""

    async def broken(key: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(served.storage, "run_info", broken)
    async with served.client.get("/runs/0") as answer:
        assert (answer.status, (await answer.json())["code"]) == (500, "internal_error")
    assert middleware.error_response(ErrorCode.BUSY, "Full.", 5).headers["Retry-After"] == "5"


def test_countries_are_those_of_iso_3166():
    """The 249 of today, by CLDR's names: no former one, no union, none for private use."""
    named = {code for code in Locale("en").territories if len(code) == 2 and code.isalpha()}
    countries = {code for code in named if is_country(code)}
    assert len(countries) == 249
    assert named - countries == set("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())
    assert not any(is_country(code) for code in ("UK", "SU", "DD", "de", "", "DEU"))


@pytest.mark.parametrize(("code", "words"), [("UK", "Do you mean GB?"), ("xx", "is not in ISO 3166-1")])
async def test_a_country_that_is_none_is_refused_in_words(served: Served, code: str, words: str):
    """A usual mistake names the right code."""
    async with served.client.post(f"/classify?country={code}", data=served.form()) as answer:
        assert answer.status == 400
        assert words in (await answer.json())["error"]

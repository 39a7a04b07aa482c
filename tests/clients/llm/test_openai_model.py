"""The model's gateway: the real client over a real socket, before servers of every temper."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from eventually import eventually
from model_stand_in import NAMED, Answering, ModelStandIn, Said, fault, form_of, shows_pictures
from PIL import Image

from lens_rx.clients.llm.capabilities import AnswerFormat
from lens_rx.clients.llm.llm_request import EVIDENCE_CHARACTERS, fenced
from lens_rx.clients.llm.llm_response import cost_usd
from lens_rx.clients.llm.openai_model import OpenAIModel
from lens_rx.clients.llm_schemas import ModelAnswer
from lens_rx.clients.protocols import Answer, FailedCallUsage, Question
from lens_rx.facts import Outcome
from lens_rx.facts.errors import Blocked, PolicyError, StageError, StageTimeout, UpstreamError
from lens_rx.operators.describe import TASK as DESCRIBE
from lens_rx.operators.describe import CaptionAnswer
from lens_rx.sandbox.catalogue import catalogue
from lens_rx.sandbox.drawings.renderer import jpeg
from lens_rx.sandbox.model_server import model_routes
from lens_rx.settings import Settings


class Naming(ModelAnswer):
    """What these tests ask."""

    word: str
    numbers: list[int]


GOOD = Said(json.dumps(NAMED))
QUESTION = Question("Name the thing.", Naming, evidence="1. A boot")
Before = Callable[..., Awaitable["Asking"]]
Looking = Question[CaptionAnswer]


class Asking:
    """A stand-in with the gateway before it."""

    def __init__(self, stand_in: ModelStandIn, model: OpenAIModel) -> None:
        self.stand_in, self.model = stand_in, model

    async def word(self, question: Question[Naming] = QUESTION) -> str:
        return (await self.model.complete(question)).value.word

    async def failure(self, question: Question[Naming] = QUESTION) -> StageError:
        with pytest.raises(StageError) as caught:
            await self.model.complete(question)
        return caught.value


@pytest.fixture
async def before() -> AsyncIterator[Before]:
    """Return what starts a stand-in and asks it."""
    servers: list[TestServer] = []
    models: list[OpenAIModel] = []

    async def start(answering: Answering, **knobs: float) -> Asking:
        stand_in = ModelStandIn(answering)
        server = TestServer(stand_in.app())
        await server.start_server()
        servers.append(server)
        settings = Settings(openai_api_key="k", **({"models": ("gpt-4o",)} | knobs))
        models.append(OpenAIModel(settings, base_url=str(server.make_url("/v1"))))
        return Asking(stand_in, models[-1])

    yield start
    for model in models:
        await model.aclose()
    for server in servers:
        await server.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (40, 40), "teal").save(path)
    return path


async def test_a_schema_is_asked_for_first(before: Before):
    """A server that takes a schema is asked for it, strictly, with our fence around the evidence."""
    asking = await before(lambda _: GOOD)
    assert await asking.word() == "boot"
    (body,) = asking.stand_in.bodies
    schema = body["response_format"]["json_schema"]
    assert schema["strict"] is True
    assert schema["schema"]["required"] == ["word", "numbers"]
    assert schema["schema"]["additionalProperties"] is False
    fence = body["messages"][1]["content"].splitlines()[0]
    assert body["messages"][1]["content"] == f"{fence}\n1. A boot\n{fence}"
    assert fence in body["messages"][0]["content"]


def weak(body: dict) -> Said:
    if form_of(body) == "json_schema":
        return fault(500, "'response_format.type' : Input should be 'text' or 'json_object'")
    return GOOD


async def test_a_schema_that_is_rejected_with_500_is_asked_once(before: Before):
    """The form that a server takes is found once and remembered."""
    asking = await before(weak)
    assert [await asking.word() for _ in range(3)] == ["boot"] * 3
    assert asking.stand_in.forms == ["json_schema", "json_object", "json_object", "json_object"]
    assert asking.model.answer_format is AnswerFormat.OBJECT


@pytest.mark.parametrize("status", [400, 415, 422])
async def test_a_schema_that_is_rejected_without_a_word(before: Before, status: int):
    """A server that refuses a form without saying why is asked in a plainer one, and that is remembered."""
    asking = await before(
        lambda body: Said(status=status, body="oops", kind="text/plain") if form_of(body) != "text" else GOOD
    )
    assert await asking.word() == "boot"
    found = len(asking.stand_in.bodies)
    assert await asking.word() == "boot"
    assert asking.stand_in.forms[found:] == ["text"]
    assert found <= 5


async def test_a_failure_once_a_form_is_known_is_not_about_the_form(before: Before):
    """A server that fails later is asked twice in the form it takes, not in plainer ones."""
    answers = [GOOD, fault(500, "out of memory"), fault(500, "out of memory"), GOOD]
    asking = await before(lambda _: answers.pop(0))
    await asking.word()
    assert (await asking.failure()).outcome is Outcome.ERROR
    assert await asking.word() == "boot"
    assert asking.stand_in.forms == ["json_schema"] * 4


async def test_a_failure_that_passes_is_not_told(before: Before):
    """A 500 that does not come again costs one more request."""
    answers = [fault(500, "just now"), GOOD]
    asking = await before(lambda _: answers.pop(0))
    assert await asking.word() == "boot"
    assert asking.model.answer_format is AnswerFormat.SCHEMA


PROSE = {
    "bare": '{"word": "boot", "numbers": [1, 2]}',
    "fence of Markdown": 'Sure!\n```json\n{"word": "boot", "numbers": [1, 2]}\n```\nAnything {else}?',
    "prose with braces": 'I think {roughly} this: {"word": "boot", "numbers": [1]} - as {you} asked.',
    "the schema before": '{"type": "object", "properties": {"word": {}}} {"word": "boot", "numbers": []}',
    "thoughts before": '<think>{"word": "shoe", "numbers": []}</think>{"word": "boot", "numbers": []}',
    "null and more": '{"word": "boot", "numbers": null, "sure": true}',
    "left out": '{"word": "boot"}',
    "words for numbers": '{"word": "boot", "numbers": ["1", "two"]}',
    "list for a word": '{"word": ["boot"], "numbers": []}',
}


@pytest.mark.parametrize("content", PROSE.values(), ids=PROSE)
async def test_an_answer_is_found_in_what_a_weak_model_says(before: Before, content: str):
    """JSON in prose, in a fence, with parts missing, is read; nothing else of it counts."""
    asking = await before(lambda _: Said(content))
    assert await asking.word() == "boot"


NO_ANSWER = {
    "prose": "I would be happy to help.",
    "cut JSON": '{"word": "bo',
    "another object": '{"name": "boot"}',
    "the wrong kind": '{"word": {"a": 1}, "numbers": []}',
    "a list": "[1, 2]",
    "nothing": "",
    "braces": "{" * 5000,
    "depth": '{"word":' * 3000,
}


@pytest.mark.parametrize("content", NO_ANSWER.values(), ids=NO_ANSWER)
async def test_what_is_no_answer_is_a_failure(before: Before, content: str):
    """An answer that is not in the form fails at once, typed, and is not asked for again."""
    asking = await before(lambda _: Said(content))
    failure = await asking.failure()
    assert failure.outcome is Outcome.ERROR and not failure.transient
    assert len(asking.stand_in.bodies) == 1


async def test_an_answer_without_use_says_what_it_took(before: Before):
    """Tokens of an answer that cannot be used are told as the cause of the failure."""
    choice = {"index": 0, "message": {"content": "no idea"}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 30, "completion_tokens": 2}
    asking = await before(lambda _: Said(body={"id": "x", "choices": [choice], "usage": usage}))
    cause = (await asking.failure()).__cause__
    assert isinstance(cause, FailedCallUsage)
    assert (cause.usage.prompt_tokens, cause.usage.completion_tokens) == (30, 2)


ENDS = {
    "refusal": (Said(None, refusal="I can't help with that."), PolicyError, 1),
    "filter": (Said("", finish="content_filter"), PolicyError, 1),
    "length": (Said('{"word": "boot"', finish="length"), UpstreamError, 1),
    "401": (fault(401, "Incorrect API key provided: sk-secret"), PolicyError, 1),
    "403": (fault(403, "not for you"), PolicyError, 1),
    "404": (fault(404, "The model does not exist"), UpstreamError, 1),
    "no credit": (
        Said(status=429, body={"error": {"message": "quota", "code": "insufficient_quota"}}),
        Blocked,
        1,
    ),
    "429 for a minute": (fault(429, "slow down", headers={"Retry-After": "60"}), Blocked, 1),
    "429 until a date": (
        fault(429, "slow down", headers={"Retry-After": "Fri, 31 Dec 2027 23:59:59 GMT"}),
        Blocked,
        1,
    ),
    "429 for a moment": (fault(429, "slow down", headers={"Retry-After": "0"}), Blocked, 2),
    "503": (fault(503, "overloaded"), UpstreamError, 2),
    "no choices": (Said(body={"id": "x", "choices": []}), UpstreamError, 1),
    "no message": (Said(body={"id": "x", "choices": [{"index": 0}]}), UpstreamError, 1),
    "null": (Said(body={"id": "x", "choices": None}), UpstreamError, 1),
    "a page": (Said(body="<html>hello</html>", kind="text/html"), UpstreamError, 1),
    "broken JSON": (Said(body="{not json"), UpstreamError, 1),
}


@pytest.mark.parametrize(("said", "error", "requests"), ENDS.values(), ids=ENDS)
async def test_every_bad_end_is_typed(before: Before, said: Said, error: type[StageError], requests: int):
    """Each way to fail has its outcome and plain words, is asked again only where that may help, tells no key."""
    asking = await before(lambda _: said)
    failure = await asking.failure()
    assert type(failure) is error
    assert not failure.transient
    assert "sk-secret" not in str(failure)
    assert len(asking.stand_in.bodies) == requests


async def test_a_moment_named_by_the_server_is_waited(before: Before):
    """Told to come back at once, the call comes back and has its answer."""
    answers = [fault(429, "slow down", headers={"Retry-After": "0.1"}), GOOD]
    asking = await before(lambda _: answers.pop(0))
    assert await asking.word() == "boot"


async def test_a_server_that_hangs_twice_is_left_alone(before: Before):
    """A server that does not answer two calls in time is not asked by the next ones."""
    asking = await before(lambda _: Said("", after=5), model_deadline_seconds=0.3)
    assert [type(await asking.failure()) for _ in range(2)] == [StageTimeout] * 2
    later = await asking.failure()
    assert later.outcome is Outcome.ERROR and "moment ago" in str(later)
    assert len(asking.stand_in.bodies) == 2


async def test_one_slow_answer_costs_no_other_call(before: Before):
    """After one answer that came too late the next calls have theirs."""
    answers = [Said("", after=5)]
    asking = await before(lambda _: answers.pop(0) if answers else GOOD, model_deadline_seconds=0.3)
    assert type(await asking.failure()) is StageTimeout
    assert await asyncio.gather(*(asking.word() for _ in range(4))) == ["boot"] * 4


async def test_early_failures_do_not_change_the_form(before: Before):
    """Failures that name no form cost two requests, and the form stays the best one."""
    answers = [fault(500, "starting"), fault(500, "starting")]
    asking = await before(lambda _: answers.pop(0) if answers else GOOD)
    assert (await asking.failure()).outcome is Outcome.ERROR
    assert await asking.word() == "boot"
    assert asking.stand_in.forms == ["json_schema"] * 3


async def test_who_gives_up_silences_nobody(before: Before):
    """A call that its caller cancels says nothing about the server."""
    answers = [Said("", after=5), GOOD]
    asking = await before(lambda _: answers.pop(0))
    given_up = asyncio.create_task(asking.word())
    await eventually(lambda: bool(asking.stand_in.bodies))
    given_up.cancel()
    assert await asking.word() == "boot"


async def test_a_server_that_is_not_there(before: Before):
    """A refused connection is an error in plain words."""
    settings = Settings(openai_api_key="k")
    model = OpenAIModel(settings, base_url="http://127.0.0.1:9/v1")
    with pytest.raises(UpstreamError, match="cannot be reached"):
        await model.complete(QUESTION)
    await model.aclose()


def blind(body: dict) -> Said:
    if shows_pictures(body):
        return fault(400, "This model does not support image inputs.")
    return GOOD


async def test_a_blind_model_still_reads(before: Before, photo: Path):
    """Pictures that a server rejects fail at once, in one request, and spoil no other question."""
    asking = await before(blind)
    seeing = Question("Look.", Naming, photos=(photo,))
    assert "no pictures" in str(await asking.failure(seeing))
    assert len(asking.stand_in.bodies) == 1
    assert await asking.word() == "boot"
    assert asking.model.answer_format is AnswerFormat.SCHEMA


async def test_pictures_come_before_the_words(before: Before, photo: Path):
    """Photos are sent as data addresses; a question without any is a plain text, which every server takes."""
    asking = await before(lambda _: GOOD)
    await asking.word(Question("Look.", Naming, evidence="words", photos=(photo, photo)))
    await asking.word()
    parts = asking.stand_in.bodies[0]["messages"][1]["content"]
    assert [part["type"] for part in parts] == ["image_url", "image_url", "text"]
    assert parts[0]["image_url"]["url"].startswith("data:image/jpeg;base64,")
    assert isinstance(asking.stand_in.bodies[1]["messages"][1]["content"], str)


async def test_as_many_calls_at_once_as_allowed(before: Before):
    """Calls beyond the limit wait for one that ends."""
    at_once: list[int] = []
    asking = await before(lambda _: Said(json.dumps(NAMED), after=0.05), model_concurrency=2)
    complete = asking.model._request

    async def counted(*args: object) -> object:
        at_once.append(1)
        assert len(at_once) <= 2
        try:
            return await complete(*args)
        finally:
            at_once.pop()

    asking.model._request = counted
    assert await asyncio.gather(*(asking.word() for _ in range(6))) == ["boot"] * 6


async def test_a_slow_drip_is_read_to_its_end():
    """An answer that arrives in pieces is an answer."""
    text = json.dumps(
        {
            "id": "x",
            "choices": [{"index": 0, "message": {"content": json.dumps(NAMED)}, "finish_reason": "stop"}],
        }
    )

    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "application/json"})
        await answer.prepare(request)
        for start in range(0, len(text), 20):
            await answer.write(text[start : start + 20].encode())
            await asyncio.sleep(0.01)
        return answer

    app = web.Application()
    app.router.add_post("/v1/chat/completions", drip)
    async with TestServer(app) as server:
        model = OpenAIModel(Settings(openai_api_key="k"), base_url=str(server.make_url("/v1")))
        assert (await model.complete(QUESTION)).value.word == "boot"
        await model.aclose()


async def practice(name: str, question: Question[CaptionAnswer]) -> Answer[CaptionAnswer]:
    app = web.Application(client_max_size=25_000_000)
    app.add_routes(model_routes(catalogue()))
    async with TestServer(app) as server:
        settings = Settings(openai_api_key="k", models=(name,))
        model = OpenAIModel(settings, base_url=str(server.make_url("/v1")))
        try:
            return await model.complete(question)
        finally:
            await model.aclose()


@pytest.fixture
def camera(tmp_path: Path) -> Question[CaptionAnswer]:
    path = tmp_path / "camera.jpg"
    path.write_bytes(jpeg(catalogue()["halvar-reflex-m2"]))
    return Question(DESCRIBE, CaptionAnswer, photos=(path,))


async def test_the_strict_server_takes_what_we_send(camera: Looking):
    """A server as strict as the real one takes the question, and its tokens and their price are counted."""
    answer = await practice("gpt-4o", camera)
    assert answer.value.category == "camera"
    assert answer.usage.prompt_tokens > 700
    assert answer.usage.cost_usd > 0


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("practice-refusing", "refused"), ("practice-chattering", "error"), ("practice-blind", "error")],
)
async def test_strict_servers_that_misbehave(camera: Looking, name: str, outcome: str):
    """A refusal, mere talk and blindness each end as what they are."""
    with pytest.raises(StageError) as caught:
        await practice(name, camera)
    assert caught.value.outcome == outcome


def test_prices_are_of_known_models_alone():
    """A dated name costs what its plain one does; a name that only begins alike is not known."""
    assert cost_usd("gpt-4o", 1_000_000, 100_000) == 3.5
    assert cost_usd("gpt-4o-2024-11-20", 1_000_000, 0) == 2.5
    assert cost_usd("gpt-6-luna", 100_000, 10_000) == 0.015
    assert cost_usd("llama3.2-vision:11b", 1_000_000, 0) == 0
    assert cost_usd("", 1_000_000, 0) == 0


def test_evidence_is_capped_and_printable():
    """What cannot be seen is taken out of the evidence, and there is an end to it."""
    assert fenced("a\u200bb\x00c\u202ed\n\t") == "abcd\n\t"
    assert len(fenced("x" * 100_000)) == EVIDENCE_CHARACTERS

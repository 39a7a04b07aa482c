"""What a model takes is learnt from its own errors, in few requests, and kept."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from model_servers import (
    completion,
    gpt_4o,
    gpt_5_mini,
    gpt_6_luna,
    gpt_61_sol,
    gpt_62_astra,
    greedy_foreign,
    llama_cpp,
    lm_studio,
    ollama,
    ollama_text,
    openrouter,
    reasoning_model,
    refusal,
    strict_foreign,
    strictest_foreign,
    vllm,
    vllm_text_only,
)
from model_stand_in import Answering, Body, ModelStandIn, Said, shows_pictures
from PIL import Image

from lens_rx.clients.llm import OpenAIModel, check_model
from lens_rx.clients.llm.capabilities import Capabilities
from lens_rx.clients.llm.llm_request import read_size
from lens_rx.clients.llm.llm_response import cost_usd
from lens_rx.clients.llm_schemas import ModelAnswer
from lens_rx.clients.protocols import Answer, FailedCallUsage, Question
from lens_rx.facts.errors import StageError, UpstreamError
from lens_rx.settings import Settings


class Naming(ModelAnswer):
    """What these tests ask."""

    word: str
    numbers: list[int]


QUESTION = Question("Name the thing.", Naming, evidence="1. A boot")


class Memory:
    """A store of what was learnt."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, datetime]] = {}

    async def get_result(self, key: str, now: datetime) -> bytes | None:
        payload, until = self.kept.get(key, (None, now))
        return payload if until > now else None

    async def put_result(self, key: str, payload: bytes, until: datetime) -> None:
        self.kept[key] = (payload, until)


class Served:
    """A server, and the models that were made to ask it."""

    def __init__(self, answering: Answering, listed: dict[str, str | None] | None = None) -> None:
        self.stand_in = ModelStandIn(answering)
        self.listed = listed
        app = self.stand_in.app()
        if listed is not None:
            app.router.add_get("/v1/models", self._list)
            app.router.add_get("/v1/models/{id}", self._retrieve)
        self.server = TestServer(app)
        self.models: list[OpenAIModel] = []

    @property
    def bodies(self) -> list[Body]:
        return self.stand_in.bodies

    def model(self, *names: str, **more: Any) -> OpenAIModel:
        settings = Settings(openai_api_key="k")
        url = str(self.server.make_url("/v1"))
        self.models.append(OpenAIModel(settings, base_url=url, names=names or ("m",), **more))
        return self.models[-1]

    async def _list(self, _: web.Request) -> web.Response:
        assert self.listed is not None
        return web.json_response({"object": "list", "data": [self._row(name) for name in self.listed]})

    async def _retrieve(self, request: web.Request) -> web.Response:
        assert self.listed is not None
        name = request.match_info["id"]
        if name in self.listed:
            return web.json_response(self._row(name))
        said = gone(name)
        return web.json_response(said.body, status=said.status)

    def _row(self, name: str) -> dict[str, object]:
        assert self.listed is not None
        return {
            "id": name,
            "object": "model",
            "created": 0,
            "owned_by": "x",
            "shutdown_date": self.listed[name],
        }


def gone(name: str) -> Said:
    return refusal(
        f"The model `{name}` does not exist or you do not have access to it.", None, "model_not_found", 404
    )


Serve = Callable[..., Awaitable[Served]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Return what starts a server."""
    started: list[Served] = []

    async def start(answering: Answering, listed: dict[str, str | None] | None = None) -> Served:
        served = Served(answering, listed)
        await served.server.start_server()
        started.append(served)
        return served

    yield start
    for served in started:
        for model in served.models:
            await model.aclose()
        await served.server.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (2000, 1500), "teal").save(path)
    return path


async def word(model: OpenAIModel, question: Question[Naming] = QUESTION) -> str:
    return (await model.complete(question)).value.word


FAMILIES = {
    "gpt-4o": (gpt_4o, 0, {"max_tokens": 700, "temperature": 0}),
    "gpt-6-luna": (
        gpt_6_luna,
        1,
        {"max_completion_tokens": 700, "reasoning_effort": "none", "temperature": 0},
    ),
    "gpt-6.1-sol": (gpt_61_sol, 2, {"max_completion_tokens": 700, "reasoning_effort": "low"}),
    "gpt-6.2-astra": (gpt_62_astra, 2, {"max_completion_tokens": 700, "reasoning_effort": "low"}),
    "gpt-5-mini": (gpt_5_mini, 2, {"max_completion_tokens": 700, "reasoning_effort": "minimal"}),
    "llama.cpp": (llama_cpp, 0, {"max_tokens": 700, "temperature": 0}),
    "vLLM": (vllm, 0, {"max_tokens": 700, "temperature": 0}),
    "greedy foreign": (greedy_foreign, 1, {"max_tokens": 700, "reasoning_effort": "none"}),
    "LM Studio": (lm_studio, 0, {"max_tokens": 700, "temperature": 0}),
    "strictest foreign": (strictest_foreign, 4, {"max_tokens": 700}),
    "strict foreign": (strict_foreign, 2, {"max_tokens": 700, "temperature": 0}),
}
PARAMETERS = ("max_tokens", "max_completion_tokens", "temperature", "reasoning_effort")


@pytest.mark.parametrize(("answering", "extra", "sent"), FAMILIES.values(), ids=FAMILIES)
async def test_a_family_is_learnt_in_few_requests(
    serve: Serve, answering: Answering, extra: int, sent: dict[str, object]
):
    """The first call costs at most two more requests, four at a foreign server; the later ones one, as the model likes it."""
    served = await serve(answering)
    model = served.model()
    assert await word(model) == "boot"
    assert len(served.bodies) == 1 + extra
    assert [await word(model) for _ in range(3)] == ["boot"] * 3
    assert len(served.bodies) == 4 + extra or "foreign" in answering.__name__
    assert {name: it for name, it in served.bodies[-1].items() if name in PARAMETERS} == sent


@pytest.mark.parametrize("order", [("temperature", "effort", "limit"), ("effort", "limit", "temperature")])
@pytest.mark.parametrize("efforts", [("none", "low"), ("low", "high")])
async def test_the_order_of_complaints_does_not_matter(serve: Serve, order: list[str], efforts: list[str]):
    """Whatever a reasoning model complains of first, two more requests are enough."""
    served = await serve(reasoning_model(efforts=efforts, order=order))
    assert await word(served.model()) == "boot"
    assert len(served.bodies) <= 3


async def test_nothing_is_stored_at_the_supplier(serve: Serve):
    """Every request says `store: false`, unless the server does not know the field."""
    served = await serve(gpt_4o)
    await word(served.model())
    assert served.bodies[0]["store"] is False
    foreign = await serve(strict_foreign)
    await word(foreign.model())
    assert "store" not in foreign.bodies[-1]


async def test_what_was_learnt_survives_a_restart(serve: Serve):
    """A new process asks at once as the model likes it, for each server and model by itself."""
    served, cache = await serve(gpt_61_sol), Memory()
    await word(served.model(cache=cache))
    learnt = len(served.bodies)
    assert await word(served.model(cache=cache)) == "boot"
    assert len(served.bodies) == learnt + 1
    assert await word(served.model("another", cache=cache)) == "boot"
    assert len(served.bodies) == learnt + 4


async def test_a_warmup_learns_anew(serve: Serve):
    """What is stored is not believed by a model that is to learn anew, and replaced by what it learns."""
    served, cache = await serve(strict_foreign), Memory()
    await word(served.model(cache=cache))
    served.stand_in.answering = gpt_4o
    again = served.model(cache=cache)
    again.relearn()
    await word(again)
    assert served.bodies[-1]["response_format"]["type"] == "json_schema"
    (payload, _), *_ = cache.kept.values()
    assert Capabilities.decode(payload) == Capabilities()


async def test_calls_at_once_learn_once(serve: Serve):
    """Calls that come while a model is learnt wait for what the first one learns."""
    served = await serve(gpt_61_sol)
    model = served.model()
    assert await asyncio.gather(*(word(model) for _ in range(4))) == ["boot"] * 4
    assert len(served.bodies) == 4 + 2


async def test_a_server_that_refuses_everything_is_given_up(serve: Serve):
    """Errors that name a parameter in turn do not make a call ask for ever."""

    def contrary(body: Body) -> Said:
        name = next(it for it in reversed(body) if it in (*PARAMETERS, "store", "response_format", "model"))
        return refusal(f"Unsupported parameter: '{name}'", name, "unsupported_parameter")

    served = await serve(contrary)
    with pytest.raises(UpstreamError):
        await word(served.model())
    assert len(served.bodies) <= 8


TOO_LARGE = "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (700 in max_tokens)."


async def test_a_question_that_is_too_large_teaches_nothing(serve: Serve):
    """A complaint about the size of one question changes no parameter of the next."""
    answers = [refusal(TOO_LARGE, None, "context_length_exceeded"), Said('{"word": "boot"}')]
    served = await serve(lambda _: answers.pop(0))
    model = served.model()
    with pytest.raises(UpstreamError, match="does not take this question"):
        await word(model)
    assert await word(model) == "boot"
    assert {name: served.bodies[1].get(name) for name in PARAMETERS[:2]} == {
        "max_tokens": 700,
        "max_completion_tokens": None,
    }


@pytest.mark.parametrize("answering", [llama_cpp, vllm, vllm_text_only, ollama_text, openrouter])
async def test_a_model_without_images_is_shown_none_again(serve: Serve, answering: Answering, photo: Path):
    """A model that takes no images says so once; later photos fail without a request, words go on."""
    served, cache = await serve(answering), Memory()
    model = served.model(cache=cache)
    seeing = Question("Look.", Naming, photos=(photo,))
    for _ in range(2):
        with pytest.raises(UpstreamError, match="takes no pictures"):
            await word(model, seeing)
    assert sum(map(shows_pictures, served.bodies)) == 1
    assert await word(model) == "boot"
    until = max(until for _, until in cache.kept.values())
    assert until - datetime.now(UTC) <= timedelta(days=1)


async def test_one_bad_image_teaches_nothing(serve: Serve, photo: Path):
    """A complaint about one picture is no word about all of them."""
    answers = [
        refusal("The image data you provided does not represent a valid image.", "messages"),
        completion('{"word": "boot"}'),
    ]
    served = await serve(lambda _: answers.pop(0))
    model = served.model()
    seeing = Question("Look.", Naming, photos=(photo,))
    with pytest.raises(UpstreamError):
        await word(model, seeing)
    assert await word(model, seeing) == "boot"


async def test_reasoning_that_takes_all_the_room_is_given_more_once(serve: Serve):
    """An empty answer at the length limit is asked for again with more room, which is remembered; both are paid for."""
    served = await serve(reasoning_model(efforts=("medium", "high")))
    model = served.model()
    answer: Answer[Naming] = await model.complete(QUESTION)
    assert answer.value.word == "boot"
    rooms = [body.get("max_completion_tokens") for body in served.bodies]
    assert rooms == [None, 700, 700, 6_000]
    assert answer.usage.reasoning_tokens == 700 + 2_500
    await word(model)
    assert served.bodies[-1]["max_completion_tokens"] == 6_000


async def test_reasoning_without_end_is_a_typed_failure(serve: Serve):
    """A second empty answer fails in plain words, with the usage of both as its cause."""
    served = await serve(lambda body: completion("", "length", reasoning=body["max_tokens"]))
    with pytest.raises(UpstreamError, match="left no room for an answer") as caught:
        await word(served.model())
    assert len(served.bodies) == 2
    assert isinstance(caught.value.__cause__, FailedCallUsage)
    assert caught.value.__cause__.usage.reasoning_tokens == 6_700


async def test_a_retired_model_is_left_for_the_next(serve: Serve):
    """A model that is gone in mid-run is left once, and counted; the answer says which model gave it."""
    retired = False
    left: list[str] = []

    def answering(body: Body) -> Said:
        if body["model"] != "gpt-4o":
            return gpt_6_luna(body)
        return gone("gpt-4o") if retired else gpt_4o(body)

    served = await serve(answering)
    model = served.model("gpt-4o", "gpt-6-luna", on_gone=left.append)
    assert (await model.complete(QUESTION)).model == "gpt-4o"
    retired = True
    assert (await model.complete(QUESTION)).model == "gpt-6-luna"
    assert (await model.complete(QUESTION)).model == "gpt-6-luna"
    assert [body["model"] for body in served.bodies].count("gpt-4o") == 2
    assert left == ["gpt-4o"]
    assert [(it.name, it.available, it.in_use) for it in model.suppliers()] == [
        ("gpt-4o", False, False),
        ("gpt-6-luna", True, True),
    ]


GONE = {
    "404": gone("gpt-4o"),
    "404 in words": refusal(
        "The model `gpt-4o` has been deprecated, learn more here: https://x", None, None, 404
    ),
    "400": refusal("The model 'gpt-4o' has been retired and is no longer available.", "model", None, 400),
    "OpenRouter": Said(
        status=404, body={"error": {"message": "No endpoints found for openai/gpt-4o.", "code": 404}}
    ),
    "OpenRouter, another": Said(
        status=400, body={"error": {"message": "openai/gpt-4o is not a valid model ID", "code": 400}}
    ),
    "vLLM": Said(
        status=404,
        body={
            "object": "error",
            "message": "The model `gpt-4o` does not exist.",
            "type": "NotFoundError",
            "code": 404,
        },
    ),
    "403": refusal("Project `p` does not have access to model `gpt-4o`", None, "model_not_found", 403),
}
FAILING = {
    "500": Said(status=500, body={"error": {"message": "The model failed to generate."}}),
    "429": refusal("Rate limit reached for model gpt-4o", None, "insufficient_quota", 429),
    "400": refusal("This model's maximum context length is 5 tokens.", "messages", "context_length_exceeded"),
    "403": refusal("Your organization must be verified.", None, None, 403),
    "404 of a proxy": Said(status=404, body="<h1>Not Found</h1>", kind="text/html"),
}


@pytest.mark.parametrize("said", GONE.values(), ids=GONE)
async def test_every_word_for_gone_is_understood(serve: Serve, said: Said):
    """Each way in which a server says that a model is gone leads to the next one."""
    served = await serve(lambda body: said if body["model"] == "gpt-4o" else gpt_6_luna(body))
    assert (await served.model("gpt-4o", "gpt-6-luna").complete(QUESTION)).model == "gpt-6-luna"


@pytest.mark.parametrize("said", FAILING.values(), ids=FAILING)
async def test_a_failing_model_is_not_left(serve: Serve, said: Said):
    """A model that merely fails stays the one that is asked."""
    served = await serve(lambda _: said)
    model = served.model("gpt-4o", "gpt-6-luna")
    with pytest.raises(StageError):
        await word(model)
    assert {body["model"] for body in served.bodies} == {"gpt-4o"}
    assert model.name == "gpt-4o"


async def test_an_unknown_name_lists_what_the_server_offers(serve: Serve):
    """A name that no model has is an error with those that the server has."""
    served = await serve(ollama(["qwen3-vl:8b"]), {"qwen3-vl:8b": None, "gemma3:4b": None})
    with pytest.raises(
        UpstreamError, match=r"qwen9\. It offers gemma3:4b, qwen3-vl:8b\. Check LENS_RX_MODEL\."
    ):
        await word(served.model("qwen9"))
    assert await word(served.model("qwen9", "qwen3-vl:8b")) == "boot"


async def test_the_ends_of_models_are_read(serve: Serve):
    """What the server says of each model's end is known, and warned of from 60 days before on."""
    served = await serve(gpt_4o, {"gpt-4o": "2027-01-14", "gpt-6-luna": None})
    model = served.model("gpt-4o", "gpt-6-luna", today=lambda: date(2026, 11, 28))
    await model.check()
    first, second = model.suppliers()
    assert (first.ends, second.ends) == (date(2027, 1, 14), None)
    assert first.ends_soon(date(2026, 11, 15)) and not first.ends_soon(date(2026, 11, 14))
    assert not second.ends_soon()


async def test_a_model_that_is_gone_at_the_start_is_not_asked(serve: Serve):
    """A check that finds the first model gone spares the first call an error."""
    served = await serve(gpt_6_luna, {"gpt-6-luna": None})
    model = served.model("gpt-4o", "gpt-6-luna")
    await model.check()
    assert model.name == "gpt-6-luna"
    await word(model)
    assert {body["model"] for body in served.bodies} == {"gpt-6-luna"}


async def test_a_schema_that_a_server_cannot_compile_is_not_sent_again(serve: Serve):
    """A format that has worked is left where the server's grammar fails on it."""
    failed = refusal("Failed to initialize samplers: failed to parse grammar")
    served = await serve(gpt_4o)
    model = served.model()
    await word(model)
    served.stand_in.answering = lambda body: (
        failed if body["response_format"]["type"] == "json_schema" else gpt_4o(body)
    )
    assert await word(model) == "boot"
    assert model.answer_format == "json_object"


@pytest.mark.parametrize("listed", [None, {}], ids=["no such path", "no such model"])
async def test_a_server_that_tells_nothing_of_its_models_is_asked(
    serve: Serve, listed: dict[str, str | None] | None
):
    """Without a list of models nothing is left, and no end is known."""
    served = await serve(llama_cpp, listed)
    model = served.model("any")
    await model.check()
    assert await word(model) == "boot"
    assert [it.ends for it in model.suppliers()] == [None]


DEPRECATED = "max_tokens is deprecated and not supported by this model any more: it was removed"


async def test_a_parameter_that_is_gone_is_no_model_that_is_gone(serve: Serve):
    """A server that speaks of a parameter in the words for models is asked without it."""
    served = await serve(
        lambda body: refusal(DEPRECATED) if "max_tokens" in body else completion('{"word": "boot"}')
    )
    model = served.model("gpt-4o", "gpt-6-luna")
    assert (await model.complete(QUESTION)).model == "gpt-4o"


async def test_a_check_tells_the_name_the_format_and_the_end(serve: Serve):
    """What `status` and `warmup` say of the model, on one line; a warmup shows it a picture as well."""
    soon = (datetime.now(UTC).date() + timedelta(days=40)).isoformat()
    served = await serve(gpt_4o, {"gpt-4o": soon})
    model = served.model("gpt-4o", "gpt-6-luna")
    assert (
        await check_model(model, relearn=False)
        == f"gpt-4o, answers as json_schema, ends on {soon}, in 40 days"
    )
    assert not any(map(shows_pictures, served.bodies))
    blind = await serve(vllm, {"gpt-6-luna": None})
    line = await check_model(blind.model("gpt-4o", "gpt-6-luna"), relearn=True)
    assert line == "gpt-6-luna, answers as json_schema, takes no pictures, gpt-4o is gone"
    away = await serve(lambda _: refusal("no", None, None, 401))
    with pytest.raises(UpstreamError, match=r"does not accept the key.* It was asked at http.* for m\."):
        await check_model(away.model(), relearn=False)


async def test_the_stable_part_of_a_prompt_comes_first(serve: Serve):
    """Two questions of a kind begin alike, up to their fence; the same question asked again is the same prompt."""
    served = await serve(gpt_4o)
    model = served.model()
    for evidence in ("1. A boot", "2. A shoe", "1. A boot"):
        await word(model, Question("Name the thing.", Naming, evidence=evidence))
    one, other, again = (body["messages"][0]["content"] for body in served.bodies)
    assert one == again != other
    assert one.split("===")[0] == other.split("===")[0]
    assert len(one.split("===")[0]) > len(one) / 2


@pytest.mark.parametrize(("answering", "size"), [(gpt_4o, (1024, 768)), (gpt_6_luna, (1408, 1056))])
async def test_photos_are_sent_at_the_size_that_is_read(
    serve: Serve, answering: Answering, size: tuple[int, int], photo: Path
):
    """A photo is reduced to what tiles or patches show of it."""
    served = await serve(answering)
    model = served.model()
    await word(model)
    await word(model, Question("Look.", Naming, photos=(photo,)))
    url = served.bodies[-1]["messages"][1]["content"][0]["image_url"]["url"]
    with Image.open(BytesIO(base64.b64decode(url.partition(",")[2]))) as sent:
        assert sent.size == size


@pytest.mark.parametrize(
    ("size", "tiles", "patches"),
    [
        ((600, 400), (600, 400), (600, 400)),
        ((4000, 3000), (1024, 768), (1408, 1056)),
        ((1800, 2400), (768, 1024), (1056, 1408)),
        ((1024, 1024), (768, 768), (1024, 1024)),
        ((3000, 300), (2048, 205), (2048, 205)),
        ((1, 9000), (1, 2048), (1, 2048)),
    ],
)
def test_a_photo_is_never_enlarged(size: tuple[int, int], tiles: tuple[int, int], patches: tuple[int, int]):
    """The size that is read is bounded by sides and patches, and no larger than the photo."""
    assert read_size(*size, in_patches=False) == tiles
    assert read_size(*size, in_patches=True) == patches


async def test_cached_and_reasoning_tokens_are_counted_apart(serve: Serve):
    """Cached tokens cost less; reasoning is paid for as completion."""
    served = await serve(lambda _: completion('{"word": "boot"}', reasoning=480, cached=1_000))
    usage = (await served.model("gpt-4o").complete(QUESTION)).usage
    assert (usage.prompt_tokens, usage.cached_tokens) == (1_200, 1_000)
    assert (usage.completion_tokens, usage.reasoning_tokens) == (500, 480)
    assert usage.cost_usd == pytest.approx((200 * 2.5 + 1_000 * 1.25 + 500 * 10) / 1e6)
    assert cost_usd("gpt-4o", 1_200, 500) > usage.cost_usd


async def test_a_model_that_costs_nothing_is_not_priced(serve: Serve):
    """The sandbox's own models are free, whatever their names."""
    served = await serve(lambda _: completion('{"word": "boot"}'))
    assert (await served.model("gpt-4o", is_free=True).complete(QUESTION)).usage.cost_usd == 0

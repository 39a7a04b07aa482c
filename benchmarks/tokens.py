"""Tokens of the model a photo over the sandbox's things, beside few-shot prompts over all titles and whole page text.

    python benchmarks/tokens.py [--photos 100]

Each photo of the sandbox is analysed by the graph with the official APIs' stand-ins (Cloud Vision, Brave, eBay) and the
sandbox's model, and the tokens are those that its server counts. The peer asks what is usually asked for the same facts:
a caption of the photo; the name from three worked examples and all titles; the producer's page from an example and all
results of the search; price and description from an example and the whole text of the page. Its prompts are made of what
was really found for the photo, and counted by the same rules: four characters a token, images as OpenAI documents them.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import orjson
from tools.figures import report
from tools.service import describe_machine

from lens_rx.cli.log_config import configure
from lens_rx.clients.protocols import ImageMatches, ImageSearch, Reader, SearchAnswer, WebSearch
from lens_rx.facts import Options, Page, Photo, PhotoCopy
from lens_rx.metrics import Metrics
from lens_rx.parsing.html.tree import parse_html, text_of
from lens_rx.runs.keys import run_key
from lens_rx.sandbox.catalogue import Thing, catalogue
from lens_rx.sandbox.model.usage import image_tokens, text_tokens
from lens_rx.sandbox.photos import ENCODINGS, take_photo
from lens_rx.sandbox.server import Sandbox
from lens_rx.settings import Settings
from lens_rx.storage import storage_for
from lens_rx.storage.records import Job, Position
from lens_rx.web.fact_wire import ALL_KINDS
from lens_rx.web.view import View
from lens_rx.wiring.node import Node, node, open_clients

SETTINGS = Settings(
    chromium="none", lens=("vision",), search=("brave",), log_level="error", queue_per_client=64
)
EXAMPLES = 3
TASK = """You are an expert for second-hand things. {0} Answer with a JSON object and nothing else.
Think about it step by step, look at the examples, and never make anything up."""
TASKS = {
    "caption": TASK.format(
        "Describe what is on the photo: kind of thing, colour, material, visible text, condition."
    ),
    "name": TASK.format(
        "Tell the producer and the model of the thing that these titles of similar images name."
    ),
    "page": TASK.format("Tell which of these search results is the page of the thing at its producer."),
    "retail": TASK.format(
        "Tell price, currency, original name, description, material and specs from this page."
    ),
}
#: What the answers of the four questions come to, in characters.
ANSWERS = {"caption": 260, "name": 60, "page": 120, "retail": 500}


@dataclass
class Recorder:
    """Clients that note what they found for the photo that is looked up."""

    lens: ImageSearch
    web: WebSearch
    reader: Reader
    titles: list[str] = field(default_factory=list)
    results: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """Forget the photo before."""
        for noted in (self.titles, self.results, self.pages):
            noted.clear()

    async def search_image(self, photo: Photo) -> ImageMatches:
        """Search, and note the titles."""
        found = await self.lens.search_image(photo)
        self.titles += [f"{it.title} | {it.source or it.link}" for it in found.matches]
        return found

    async def search(self, query: str, country: str) -> SearchAnswer:
        """Search, and note the results."""
        answer = await self.web.search(query, country)
        self.results += [f"{it.title} | {it.link} | {it.snippet}" for it in answer.results]
        return answer

    async def read(self, url: str) -> Page:
        """Read, and note the page's text."""
        page = await self.reader.read(url)
        self.pages.append(" ".join(text_of(parse_html(page.html).root).split()))
        return page


def few_shot_tokens(photo: bytes, found: Recorder, examples: Sequence[Sequence[str]]) -> int:
    """Return the tokens of the usual prompts for a photo, with their answers."""
    shots = "\n\n".join(
        f"Example:\n{chr(10).join(titles)}\nAnswer: {'x' * ANSWERS['name']}" for titles in examples
    )
    prompts = {
        "caption": TASKS["caption"],
        "name": f"{TASKS['name']}\n\n{shots}\n\n{chr(10).join(found.titles)}",
        "page": f"{TASKS['page']}\n\n{chr(10).join(found.results)}\nAnswer: {'x' * ANSWERS['page']}\n\n{chr(10).join(found.results)}",
        "retail": f"{TASKS['retail']}\n\n{found.pages[0] if found.pages else ''}",
    }
    asked = (
        {"caption", "name"} | ({"page"} if found.results else set()) | ({"retail"} if found.pages else set())
    )
    words = sum(text_tokens(prompts[it]) + text_tokens("x" * ANSWERS[it]) for it in asked)
    return words + image_tokens(photo)


async def analyse(running: Node, thing: Thing, number: int) -> tuple[bytes, dict[str, Any]]:
    """Return the photo of a thing, and the last fact of its run."""
    content = take_photo(thing, ENCODINGS[0], number)
    copy = PhotoCopy(sha256(content).hexdigest(), content, 0, 0)
    key = run_key([copy.sha256], Options(), running.context.cache_namespace)
    submission = await running.context.runs.submit(Job(key, (copy,), Options()))
    facts = running.context.runs.subscribe(key, Position(submission.generation), View(kinds=ALL_KINDS))
    *_, (_, last) = [chunk async for chunk in facts]
    return content, orjson.loads(last)["data"]


async def measure(photos: int) -> tuple[list[int], list[int]]:
    """Return the tokens of each photo: the service's, and those of the usual prompts."""
    ours, theirs = [], []
    sandbox = Sandbox()
    async with AsyncExitStack() as stack:
        await sandbox.start()
        stack.push_async_callback(sandbox.aclose)
        opened = open_clients(SETTINGS, sandbox.endpoints, None, metrics=Metrics())
        clients = await stack.enter_async_context(opened)
        stages = clients.for_stages
        noted = Recorder(stages.lens, stages.search, stages.reader)
        clients = replace(clients, for_stages=replace(stages, lens=noted, search=noted, reader=noted))
        storage = storage_for(SETTINGS, None)
        running = await stack.enter_async_context(node(SETTINGS, sandbox.endpoints, storage, "m", clients))
        examples: list[list[str]] = []
        for number, thing in enumerate(list(catalogue())[:photos]):
            noted.clear()
            photo, complete = await analyse(running, thing, number)
            examples = [noted.titles.copy(), *examples][:EXAMPLES]
            ours.append(complete["tokens"])
            theirs.append(few_shot_tokens(photo, noted, examples))
    return ours, theirs


def main(photos: int) -> None:
    """Print the figures."""
    configure(SETTINGS)
    print(describe_machine())
    ours, theirs = asyncio.run(measure(photos))
    print(
        f"  {len(ours)} photos, medians: {statistics.median(ours):.0f} beside {statistics.median(theirs):.0f} tokens"
    )
    report(
        f"tokens of the model a photo, {len(ours)} photos of the sandbox",
        statistics.fmean(ours),
        "tokens",
        peer="few-shot prompts over all titles and whole page text",
        ratios=[sum(ours) / sum(theirs)],
        target="<= 0.5",
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--photos", type=int, default=100)
    main(parser.parse_args().photos)

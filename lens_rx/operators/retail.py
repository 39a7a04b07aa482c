"""retail: the producer's page -> the retail price, description, material and specifications."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from operator import or_
from urllib.parse import urlsplit

from pydantic import Field

from lens_rx.clients.llm_schemas import ModelAnswer
from lens_rx.clients.protocols import Model, Question, Reader
from lens_rx.facts import AnalysisState, Identity, Page, PageKind, ProducerPage, Product, Retail
from lens_rx.facts.errors import NoResults, ParseError, StageError
from lens_rx.matching.brand_hosts import is_part_of_brand
from lens_rx.matching.producer_hosts import vouched_for
from lens_rx.matching.quotes import line_states_price, quoted_in
from lens_rx.matching.title_words import alnum_key, words
from lens_rx.operators.producer import best_brand_page
from lens_rx.parsing.html.anchors import anchors_from_html
from lens_rx.parsing.html.visible_text import text_for_model
from lens_rx.parsing.instructions import is_instruction
from lens_rx.parsing.prices import PriceHint, parse_price
from lens_rx.parsing.product.claimed_hosts import claimed_hosts
from lens_rx.parsing.product.reader import product_from_html
from lens_rx.reactive.computing import run_in_cpu_thread
from lens_rx.reactive.stage import StageFunction

#: Kinds of page without a price of this one product.
NON_PRODUCT_KINDS = (PageKind.LISTING, PageKind.NOT_FOUND, PageKind.NOT_HTML)
#: Kinds of page that lead to several products.
_KINDS_OF_MANY = (PageKind.LISTING, PageKind.FAMILY)
_PRODUCT_KINDS = (PageKind.PRODUCT, PageKind.SOLD_OUT)
#: A list may lead to a family, and that to the product.
MAX_LINKS_FOLLOWED = 2
Reading = tuple[Page, Product]
TASK = """\
Below is the visible text of a producer's product page. Copy from it, word for word, what is asked; an
empty text for what does not stand there. price: what one costs now, as written, with its currency; not
the struck-out price, not an instalment, not shipping, not another product."""


class RetailAnswer(ModelAnswer):
    """What the model is asked to fill in."""

    price: str = Field(description="the price as written, with its currency, or empty")
    original_name: str = Field(description="the product's name as the page gives it")
    description: str = Field(description="the first sentences of the description")
    material: str = Field(description="what it is made of")


def retail(reader: Reader, model: Model | None) -> StageFunction[Retail]:
    """Return the stage's function: one `Retail`, from structured data, visible text, then the model for the rest.

    From a list or a family of products the link that names the thing is followed. Where it is not sure whose the
    page is, the other sites' pages are read as well, and without one that another vouches for, or an equal price,
    there is no price. Raises `NoResults` where the page is no longer a product page, `ParseError` where nothing can
    be read.
    """

    async def read_page(state: AnalysisState) -> Retail:
        assert state.page is not None
        assert state.identity is not None
        page, product = await _find_product(reader, state.page.link, state.identity)
        if state.page.doubt:
            page, product = await _look_further(reader, state.page, state.identity, (page, product))
        if product.kind in NON_PRODUCT_KINDS:
            raise NoResults("The producer's page shows no product any more.")
        if model and _is_incomplete(product):
            product = await _fill_from_model(product, page, model)
        if product.price is None and not _names_identity(product, state):
            raise ParseError("The producer's page could not be read.")
        return Retail(page.url, product)

    return read_page


async def _look_further(reader: Reader, page: ProducerPage, identity: Identity, first: Reading) -> Reading:
    """Return the page that the others vouch for, else the first one, without a price that no other confirms."""
    readings = [first]
    for link in page.alternatives:
        with suppress(StageError):
            readings.append(await _find_product(reader, link, identity))
    claims = [await run_in_cpu_thread(claimed_hosts, it.html, it.url) for it, _ in readings]
    chosen = vouched_for([it.url for it, _ in readings], claims)
    if chosen is not None:
        return readings[chosen]
    read, product = first
    prices = [(other.price, other.currency) for _, other in readings[1:]]
    is_confirmed = (product.price, product.currency) in prices or is_part_of_brand(
        read.url, identity.producer
    )
    return first if is_confirmed else (read, replace(product, price=None, currency=None))


async def _find_product(reader: Reader, link: str, identity: Identity) -> Reading:
    """Return the page at `link` and what it shows, or the product that a list or a family there leads to.

    What is behind a link counts only where it has a price; else the first page is what there is.
    """
    first = page, product = await _read_product(reader, link)
    for _ in range(MAX_LINKS_FOLLOWED):
        if product.kind not in _KINDS_OF_MANY:
            break
        onward = await run_in_cpu_thread(_link_to_product, page, identity)
        if not onward:
            break
        try:
            page, product = await _read_product(reader, onward)
        except StageError:
            break
        if product.kind in _PRODUCT_KINDS and product.price is not None:
            return page, product
    return first


async def _read_product(reader: Reader, link: str) -> Reading:
    page = await reader.read(link)
    return page, await run_in_cpu_thread(product_from_html, page.html, page.url)


def _link_to_product(page: Page, identity: Identity) -> str:
    """Return the producer's own page that a link of a page names the thing by, "" where none does."""
    anchors = anchors_from_html(page.html, page.url)
    found = best_brand_page(identity, [ProducerPage(it.link, it.text) for it in anchors])
    return found.link if found else ""


def _names_identity(product: Product, state: AnalysisState) -> bool:
    """Return whether the product's name contains a word of the identity; if not, it is another page."""
    assert state.identity is not None
    name = alnum_key(product.name)
    return any(alnum_key(word) in name for word in words(f"{state.identity.producer} {state.identity.model}"))


def _is_incomplete(product: Product) -> bool:
    price_is_read = product.price is not None and product.currency
    return not (price_is_read and product.name and product.description and product.material)


async def _fill_from_model(product: Product, page: Page, model: Model) -> Product:
    """Return the product with missing fields filled from the model's answer where the page contains it."""
    shown = await run_in_cpu_thread(text_for_model, page.html, snapshot=page.snapshot)
    text = await run_in_cpu_thread(_without_orders, shown)
    if not text:
        return product
    try:
        answer = (await model.complete(Question(TASK, RetailAnswer, evidence=text))).value
    except StageError:
        return product
    filled = _with_texts(product, answer, text)
    # where an order stood, the model's word for a price is not taken
    return _with_price(filled, answer, text, page) if text == shown else filled


def _without_orders(text: str) -> str:
    """Return the lines of a text without those that read as orders to a machine, alone or with the line before.

    The line after an order goes as well: it may be what is ordered.
    """
    lines = text.splitlines()
    alone = [is_instruction(line) for line in lines]
    joined = [is_instruction(f"{one} {other}") for one, other in pairwise(["", *lines])]
    ordered = [*map(or_, alone, joined), False]
    continued = [at + 1 < len(lines) and joined[at + 1] and not alone[at + 1] for at in range(len(lines))]
    return "\n".join(
        line for at, line in enumerate(lines) if not (ordered[at] or ordered[at - 1] or continued[at])
    )


def _with_texts(product: Product, answer: RetailAnswer, text: str) -> Product:
    """Take the model's texts that are verbatim in the page, as far as it was shown."""
    answered = {"name": answer.original_name, "description": answer.description, "material": answer.material}
    fills = {
        field: " ".join(words.split())
        for field, words in answered.items()
        if not getattr(product, field) and quoted_in(words, text)
    }
    sources = product.sources | dict.fromkeys(fills, "model")
    return replace(product, **fills, sources=sources)  # type: ignore[arg-type]  # the names are Product's texts


def _with_price(product: Product, answer: RetailAnswer, text: str, page: Page) -> Product:
    """Take the model's price only if it is verbatim in a line of the page that states the price of one."""
    if product.price is not None or product.kind is not PageKind.PRODUCT:
        return product
    hint = PriceHint(host=urlsplit(page.url).hostname or "", currency=product.currency or "")
    reading = parse_price(answer.price, hint)
    if len(reading.amounts) != 1 or not reading.currency:
        return product
    lines = [line for line in text.splitlines() if line_states_price(answer.price, line)]
    if not any(parse_price(line, hint).amounts == reading.amounts for line in lines):
        return product
    sources = product.sources | {"price": "model", "currency": "model"}
    return replace(product, price=reading.amounts[0], currency=reading.currency, sources=sources)

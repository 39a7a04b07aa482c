"""retail: the producer's page -> what the thing costs new, and what it is made of."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field

from lens_rx.clients.llm_schemas import ModelAnswer
from lens_rx.clients.protocols import Model, Question, Reader
from lens_rx.facts import AnalysisState, Page, PageKind, Product, Retail
from lens_rx.facts.errors import NoResults, ParseError, StageError
from lens_rx.matching.title_words import alnum_key, quoted_in, words
from lens_rx.parsing.html.visible_text import text_for_model
from lens_rx.parsing.prices import PriceHint, parse_price
from lens_rx.parsing.product.reader import product_from_html
from lens_rx.reactive.stage import Operator, single_fact

ReadRetail = Callable[[AnalysisState], Coroutine[Any, Any, Retail]]

#: Kinds of page on which there is no price of this one thing to be read.
NO_PRODUCT = (PageKind.LISTING, PageKind.NOT_FOUND, PageKind.NOT_HTML)
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruct|above|previous|prior|prompt|rules|all)"
    r"|^\W*(?:system|assistant|user|developer)\s*:|\b(?:language model|system prompt|ai assistant|as an ai)\b"
    r"|\b(?:report|output|answer|respond|return|reply)\b.{0,20}\b(?:price|with|json|as)\b",
    re.IGNORECASE,
)
_NO_PRICE = re.compile(
    r"\b(?:payments?|instal+ments?|per month|monthly|a month|/ ?mo|shipping|delivery|postage|deposit|save|off|raten?"
    r"|monatlich|versand|lieferung|pfand|gespart|par mois|livraison|al mes|env[ií]o|al mese|spedizione|per maand"
    r"|verzend\w*|was|rrp|uvp|statt|before|previously)\b",
    re.IGNORECASE,
)
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


def retail_read_by(reader: Reader, model: Model | None) -> ReadRetail:
    """Return the reading of the producer's page: structured data, visible text, then the model for the rest.

    Raises `NoResults` where the page is no product's page any more.
    """

    async def read(known: AnalysisState) -> Retail:
        assert known.page is not None
        page = await reader.read(known.page.link)
        product = await asyncio.to_thread(product_from_html, page.html, page.url)
        if product.kind in NO_PRODUCT:
            raise NoResults("The producer's page shows no product any more.")
        if model and _lacks(product):
            product = await _completed(product, page, model)
        if product.price is None and not _names_the_thing(product, known):
            raise ParseError("The producer's page could not be read.")
        return Retail(page.url, product)

    return read


def _names_the_thing(product: Product, known: AnalysisState) -> bool:
    """Tell whether the name that was read has a word of the thing's: else it is not the page that was wanted."""
    assert known.identity is not None
    there = alnum_key(product.name)
    return any(
        alnum_key(word) in there for word in words(f"{known.identity.producer} {known.identity.model}")
    )


def retail(read: ReadRetail) -> Operator:
    """Return the operator: one `Retail`, or `NoResults`."""
    return single_fact(read)


def _lacks(product: Product) -> bool:
    price_is_read = product.price is not None and product.currency
    return not (price_is_read and product.name and product.description and product.material)


async def _completed(product: Product, page: Page, model: Model) -> Product:
    """Return the product with the gaps filled by words that stand in the page; a failing model fills none."""
    text = await asyncio.to_thread(text_for_model, page.html, snapshot=page.snapshot)
    if not text:
        return product
    try:
        answer = (await model.complete(Question(TASK, RetailAnswer, evidence=text))).value
    except StageError:
        return product
    return _with_price(_with_words(product, answer, text), answer, text, page)


def _with_words(product: Product, answer: RetailAnswer, text: str) -> Product:
    """Believe the model's words only where the page has them to the letter, in no line that gives orders."""
    offered = {"name": answer.original_name, "description": answer.description, "material": answer.material}
    honest = "\n".join(line for line in text.splitlines() if not gives_orders(line))
    fills = {
        field: " ".join(words.split())
        for field, words in offered.items()
        if not getattr(product, field) and quoted_in(words, honest)
    }
    sources = product.sources | dict.fromkeys(fills, "model")
    return replace(product, **fills, sources=sources)  # type: ignore[arg-type]  # the names are Product's texts


def _with_price(product: Product, answer: RetailAnswer, text: str, page: Page) -> Product:
    """Believe the model's price only where a line of the page says to the letter that one costs so much."""
    if product.price is not None or product.kind is not PageKind.PRODUCT:
        return product
    hint = PriceHint(host=urlsplit(page.url).hostname or "", currency=product.currency or "")
    reading = parse_price(answer.price, hint)
    if len(reading.amounts) != 1 or not reading.currency:
        return product
    lines = [line for line in text.splitlines() if price_stands_in(answer.price, line)]
    if not any(parse_price(line, hint).amounts == reading.amounts for line in lines):
        return product
    sources = product.sources | {"price": "model", "currency": "model"}
    return replace(product, price=reading.amounts[0], currency=reading.currency, sources=sources)


def gives_orders(line: str) -> bool:
    """Tell a line that speaks to a machine, which no shop does to its customers."""
    return _ORDER.search(line) is not None


def price_stands_in(price: str, line: str) -> bool:
    """Tell whether a line bears a price to the letter, not struck out, in no order, by instalments or for shipping."""
    wanted = re.escape(" ".join(price.split()))
    if not wanted or "~~" in line or gives_orders(line) or _NO_PRICE.search(line):
        return False
    there = " ".join(line.split())
    return re.search(rf"(?<![\d.,]){wanted}(?![.,]?\d)", there) is not None

"""The documents that the search engine and Lens find: one for each page of the sandbox's sites."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from lens_rx.facts import Money
from lens_rx.sandbox.catalogue import Catalogue, Thing
from lens_rx.sandbox.endpoints import SANDBOX_SUFFIX
from lens_rx.sandbox.listings import Trap
from lens_rx.sandbox.sites.listing_urls import offer_link
from lens_rx.sandbox.sites.resellers import resellers_for


class PageKind(StrEnum):
    """The kind of a page, which its rank depends on."""

    PRODUCT = "product"
    FAMILY = "family"
    HOME = "home"
    RESELLER = "reseller"
    OFFER = "offer"
    STORY = "story"


@dataclass(frozen=True, slots=True)
class Document:
    """One page as a search result; `thing` is the id of the thing it is about, "" for none."""

    kind: PageKind
    title: str
    link: str
    source: str
    snippet: str = ""
    thing: str = ""
    language: str = "en"
    price: Money | None = None


MARKETPLACE_NAMES = {"ebay": "eBay", "mercari": "Mercari", "carousell": "Carousell", "vinted": "Vinted"}
STORIES = (
    ("thriftnotes", "Thrift Notes", "{name} review: still worth it second hand?"),
    ("dailyseam", "The Daily Seam", "{producer} brings back the {model}, and here is what changed"),
    ("fundgrube", "Fundgrube", "{name} im Test: Lohnt sich der Kauf? ⭐ Erfahrungen"),
    ("fundgrube", "Fundgrube", "Top 10: {kind} wie {producer} {model} (Vergleich)"),
)
OFFERS_SHOWN = 6


def documents(catalogue: Catalogue) -> tuple[Document, ...]:
    """Return all documents."""
    found = [document for thing in catalogue for document in documents_of(thing)]
    return (*found, *_homes(catalogue))


def documents_of(thing: Thing) -> list[Document]:
    """Return the documents about one thing: producer's page, resellers, offers, blog posts."""
    return [*_product(thing), *_resellers(thing), *_offers(thing), *_stories(thing)]


def _product(thing: Thing) -> Iterator[Document]:
    if thing.shop is not None:
        title = f"{thing.original_name} | {thing.producer}"
        text = f"{thing.description} {thing.material}. {thing.producer} {thing.model}."
        yield Document(PageKind.PRODUCT, title, thing.url, thing.producer, text, thing.id, price=thing.retail)


def _resellers(thing: Thing) -> Iterator[Document]:
    for shop in resellers_for(thing):
        yield Document(
            PageKind.RESELLER,
            shop.title(thing),
            shop.link(thing),
            shop.name,
            f"{thing.producer} {thing.model}, {thing.colour}. {shop.name}",
            thing.id,
            shop.language,
            shop.price(thing),
        )


def _offers(thing: Thing) -> Iterator[Document]:
    honest = [listing for listing in thing.listings if listing.trap in (Trap.NONE, Trap.OUTLIER)]
    rng = random.Random(f"offers:{thing.id}")
    for listing in rng.sample(honest, min(OFFERS_SHOWN, len(honest))):
        site = MARKETPLACE_NAMES[listing.marketplace]
        text = f"{listing.title}. {listing.condition_text}"
        yield Document(
            PageKind.OFFER,
            f"{listing.title} | {site}",
            offer_link(listing),
            site,
            text,
            thing.id,
            listing.language,
            None if listing.sold_days_ago is not None else listing.price,
        )


def _stories(thing: Thing) -> Iterator[Document]:
    for number, (label, source, title) in enumerate(STORIES):
        name = f"{thing.producer} {thing.model}"
        filled = title.format(name=name, producer=thing.producer, model=thing.model, kind=thing.kind)
        link = f"http://{label}{SANDBOX_SUFFIX}/{number}/{thing.id}"
        yield Document(PageKind.STORY, filled, link, source, f"{filled}. {thing.description}", thing.id)


def _homes(catalogue: Catalogue) -> Iterator[Document]:
    for producer, thing in {thing.producer: thing for thing in catalogue if thing.shop}.items():
        root = f"http://{thing.host}/"
        yield Document(
            PageKind.HOME, f"{producer} – Official Site", root, producer, f"{producer} official shop"
        )
        line = f"{producer} {thing.kind} collection"
        yield Document(
            PageKind.FAMILY, line, f"{root}collections/{thing.kind}", producer, f"All {line} models"
        )
        past = f"{producer} archive: {thing.kind}"
        yield Document(PageKind.FAMILY, past, f"{root}archive/{thing.kind}", producer, "No longer available")


# the catalogue's texts are read by every search, and again by every sandbox of a process
@lru_cache(maxsize=8192)
def tokenize(text: str) -> tuple[str, ...]:
    """Return the words of `text` in lower case without accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(re.findall(r"\w+", bare))

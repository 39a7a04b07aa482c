"""What a marketplace is to the code that searches it, and what is searched for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from lens_rx.facts import Identity, Offer
from lens_rx.parsing.html.urls import public_host_of, split_url
from lens_rx.pricing import countries_of_currency


class MarketplaceModule(Protocol):
    """What the file of a marketplace holds."""

    NAME: str
    #: The path of its result pages.
    SEARCH_PATH: re.Pattern[str]

    @property
    def HOST_NAMES(self) -> tuple[str, ...]:  # noqa: N802  # a constant of the module
        """The labels of its hosts: "ebay" for `www.ebay.co.uk`."""

    def serves(self, country: str, /) -> bool:
        """Tell whether it sells in a country (ISO 3166 alpha-2, empty where not known)."""
        ...

    def search_url(self, identity: Identity, country: str, /) -> str:
        """Return the address of the first page of its offers of a thing."""
        ...

    def offers_from_html(self, html: str, url: str, /) -> list[Offer]:
        """Return the offers of a page or answer, best match first. Never raises."""
        ...

    def says_none(self, html: str, /) -> bool:
        """Tell whether the page itself says that nothing matches."""
        ...


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One marketplace: pure functions from an identity to an address, and from a page to offers."""

    name: str
    search_url: Callable[[Identity, str], str]
    offers_from_html: Callable[[str, str], list[Offer]]
    serves: Callable[[str], bool]
    says_none: Callable[[str], bool]
    host_names: tuple[str, ...] = ()
    search_path: re.Pattern[str] | None = None

    def owns(self, url: str) -> bool:
        """Tell whether an address is one of its site."""
        return not set(self.host_names).isdisjoint(public_host_of(url).split("."))

    def is_search(self, url: str) -> bool:
        """Tell whether an address is one of its result pages."""
        path = split_url(url).path
        return self.owns(url) and self.search_path is not None and self.search_path.match(path) is not None

    def country_with(self, currency: str) -> str:
        """Return the largest country that it serves in a currency (ISO 4217), "" where it serves none."""
        return next(filter(self.serves, countries_of_currency(currency)), "")


def marketplace(module: MarketplaceModule) -> Marketplace:
    """Return the marketplace that a module describes."""
    return Marketplace(
        module.NAME,
        module.search_url,
        module.offers_from_html,
        module.serves,
        module.says_none,
        module.HOST_NAMES,
        module.SEARCH_PATH,
    )


def search_words(identity: Identity) -> str:
    """Return what is typed into a search field: producer and model, the producer once."""
    producer, model = (" ".join(text.split()) for text in (identity.producer, identity.model))
    if model.casefold().startswith(producer.casefold()):
        return model
    return f"{producer} {model}".strip()

"""Every marketplace joins the offers of the countries that it serves, side by side, each with its own outcome."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from sandbox_service import SAMPLE, SandboxService, facts_of

Facts = list[dict[str, Any]]
#: By country: the hosts whose offers are found there; sold ones on eBay's come with those for sale.
HOSTS = {
    "DE": "www.ebay.de www.vinted.de www.kleinanzeigen.de",
    "ES": "www.ebay.es www.vinted.es es.wallapop.com",
    "PL": "www.ebay.pl www.vinted.pl www.olx.pl",
    "BR": "www.ebay.com lista.mercadolivre.com.br",
    "US": "www.ebay.com www.vinted.com www.mercari.com www.depop.com",
    "JP": "www.ebay.com jp.mercari.com",
    "SG": "www.ebay.com.sg www.carousell.sg",
    "": "www.ebay.de www.vinted.de www.kleinanzeigen.de es.wallapop.com www.depop.com www.olx.pt",
}
#: A thing with listings on all of the marketplaces, named by the user, so that only what follows is looked up.
GIVEN = {"producer": "Aurelle", "model": "Mira Tote", "condition": "good", "events": "all"}


async def classify(service: SandboxService, **query: str) -> Facts:
    return await facts_of(service.url, SAMPLE, **GIVEN | query)


def partials(facts: Facts) -> list[list[dict[str, Any]]]:
    return [it["data"] for it in facts if it["data_description"] == "offers-partial"]


def hosts_of(facts: Facts) -> set[str]:
    links = {urlsplit(offer["link"]).netloc for part in partials(facts) for offer in part}
    return {host.removesuffix(".sandbox.test") for host in links}


def errors(facts: Facts) -> Counter[tuple[str, str]]:
    told = [it["data"] for it in facts if it["data_description"] == "error"]
    return Counter((it["stage"], it["outcome"]) for it in told)


async def test_each_country_has_its_marketplaces(service: SandboxService):
    """A country's marketplaces are searched and no others; without one, those that sell in the service's currency."""
    runs = await asyncio.gather(*(classify(service, country=it) for it in HOSTS))
    found = [sorted(hosts_of(run)) for run in runs]
    assert dict(zip(HOSTS, found, strict=True)) == {at: sorted(hosts.split()) for at, hosts in HOSTS.items()}
    assert not any(map(errors, runs))


async def test_what_is_no_offer_is_no_comparable(service: SandboxService):
    """An open price and an advert that seeks one have their reasons; what is given away and advertisements are left out."""
    facts = await classify(service, country="DE")
    (evidence,) = [it["data"] for it in facts if it["data_description"] == "price-evidence"]
    adverts = [it for it in evidence if it["marketplace"] == "kleinanzeigen"]
    (seeking,) = [it for it in adverts if it["title"].startswith("Suche ")]
    assert not seeking["kept"]
    assert all(
        it["price"] > 50 and it["title"].startswith("Aurelle Mira Tote") for it in adverts if it["kept"]
    )
    assert sum(it["kept"] for it in adverts) >= 3
    assert not [it for it in evidence if "example" in it["link"]]


async def test_a_slow_marketplace_delays_no_other(service: SandboxService):
    """The others' offers are sent while one has not answered."""
    service.put_faults({"marketplace": {"delay": 2, "only": ["ebay"]}})
    facts = await classify(service, country="IT", producer="Grundton", model="RT 100")
    order = [part[0]["marketplace"] for part in partials(facts) if part]
    assert order in (["wallapop", "vinted", "ebay", "ebay"], ["vinted", "wallapop", "ebay", "ebay"])


@pytest.mark.parametrize(
    ("fault", "outcome", "country"),
    [({"drift": True}, "drift", "FI"), ({"block": "pardon"}, "blocked", "LT")],
)
async def test_a_broken_marketplace_has_its_own_outcome(
    service: SandboxService, fault: dict[str, Any], outcome: str, country: str
):
    """What breaks one marketplace is told under its name, and the others' offers are there."""
    service.put_faults({"marketplace": fault | {"only": ["vinted"]}})
    facts = await classify(service, country=country)
    assert errors(facts) == {("offers.vinted", outcome): 1}
    assert hosts_of(facts) == {"www.ebay.de"}

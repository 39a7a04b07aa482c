"""Shops of the kinds that are hard to read: the retail price is that of the thing's own page, or there is none."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sandbox_service import SAMPLE, SandboxService, facts_of

from lens_rx.sandbox.catalogue import ShopForm, Thing, catalogue

FORMS = (
    ShopForm.SPLIT,
    ShopForm.VARIANTS,
    ShopForm.FAMILY,
    ShopForm.RESULTS,
    ShopForm.SOLD_OUT,
    ShopForm.NET_AND_GROSS,
)
THINGS = [next(thing for thing in catalogue() if thing.shop is form) for form in FORMS]


async def retail_details(service: SandboxService, thing: Thing) -> dict[str, Any]:
    assert thing.retail is not None
    query = {"producer": thing.producer, "model": thing.model, "condition": "good", "country": "JP"}
    query |= {"currency": thing.retail.currency, "events": "retail-price-details"}
    (fact,) = await facts_of(service.url, SAMPLE, **query)
    return fact["data"]


async def test_every_form_gives_the_retail_price(service: SandboxService):
    """A list or a family leads to the product, a variant has its own price, tax is in it, cents are not lost."""
    found = await asyncio.gather(*(retail_details(service, thing) for thing in THINGS))
    for thing, details in zip(THINGS, found, strict=True):
        assert thing.retail is not None
        assert details["price"] == pytest.approx(float(thing.retail.amount)), thing.shop
        assert details["producer_url"] == thing.product_url
        sold_out = thing.shop is ShopForm.SOLD_OUT
        assert details["availability"] == ("OutOfStock" if sold_out else "InStock"), thing.shop

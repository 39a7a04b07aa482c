"""What the pages of shops show that are no plain product page: models beside the thing, taxes, split prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any, Final

from lens_rx.facts import Money
from lens_rx.sandbox.catalogue import ShopForm, Thing
from lens_rx.sandbox.sites.shop_phrases import format_money, shop_locale

#: The template of a product page by the shop's form; any other form has the plain one.
TEMPLATES: Final[Mapping[ShopForm, str]] = MappingProxyType(
    {
        ShopForm.VARIANTS: "shop_variants.html",
        ShopForm.SOLD_OUT: "shop_sold_out.html",
        ShopForm.NET_AND_GROSS: "shop_net_and_gross.html",
        ShopForm.SPLIT: "shop_split.html",
    }
)
#: Models beside the thing: what their number is multiplied by, and their price.
FACTORS: Final = ((Decimal("0.5"), Decimal("0.8")), (Decimal(2), Decimal("1.35")))
VAT: Final = Decimal("1.21")
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """One model of a group: its option ("256"), name, price as written and in figures, address."""

    option: str
    name: str
    price: str
    amount: Decimal
    link: str
    selected: bool


def form_values(thing: Thing) -> dict[str, Any]:
    """Return what the templates need beside the values of a plain product page."""
    if thing.retail is None:
        return {"models": [], "net": "", "whole": "", "cents": "", "variants": []}
    net = (thing.retail.amount / VAT).quantize(_CENT, ROUND_HALF_UP)
    whole, _, cents = f"{thing.retail.amount:.2f}".partition(".")
    models = _models(thing, thing.retail)
    return {
        "models": models,
        "net": format_money(Money(net, thing.retail.currency), shop_locale(thing)),
        "whole": whole,
        "cents": cents,
        "variants": [_variant(thing, model) for model in models],
    }


def _models(thing: Thing, retail: Money) -> list[ModelOffer]:
    """Return the thing between a cheaper and a dearer model; those have no pages."""
    line, _, number = thing.model.rpartition(" ")
    if not number.isdigit():
        return []
    numbers = [max(1, int(int(number) * times)) for times, _ in FACTORS]
    levels = [level for _, level in FACTORS]
    low, high = (
        _model(thing, f"{line} {other}", (retail.amount * level).quantize(Decimal(1)), selected=False)
        for other, level in zip(numbers, levels, strict=True)
    )
    return [low, _model(thing, thing.model, retail.amount, selected=True), high]


def _model(thing: Thing, model: str, amount: Decimal, *, selected: bool) -> ModelOffer:
    assert thing.retail is not None
    price = format_money(Money(amount, thing.retail.currency), shop_locale(thing))
    option = model.rpartition(" ")[2]
    name = thing.original_name.replace(thing.model, model)
    link = thing.product_url.replace(thing.id, f"{thing.producer} {model}".lower().replace(" ", "-"))
    if thing.shop is ShopForm.VARIANTS:
        link = f"{thing.product_url.partition('?')[0]}?option={option}"
    return ModelOffer(option, name, price, amount.quantize(_CENT), link, selected)


def _variant(thing: Thing, model: ModelOffer) -> dict[str, Any]:
    """Return a model as structured data."""
    assert thing.retail is not None
    offer = {
        "@type": "Offer",
        "price": str(model.amount),
        "priceCurrency": thing.retail.currency,
        "availability": "https://schema.org/InStock",
        "url": model.link,
    }
    name = f"{thing.original_name} {model.option} GB"
    return {
        "@type": "Product",
        "name": name,
        "size": f"{model.option} GB",
        "url": model.link,
        "offers": offer,
    }

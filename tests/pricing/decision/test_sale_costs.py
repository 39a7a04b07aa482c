"""What is left of a sale, and what may be paid for it: against thirty cases computed by hand."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lens_rx.parsing.marketplaces import MARKETPLACES, Marketplace
from lens_rx.pricing import countries
from lens_rx.pricing.decision.fee_table import (
    Seller,
    default_marketplace,
    fee_table,
    find_fee,
    marketplaces_of,
    sells_in,
    vat_rates,
)
from lens_rx.pricing.decision.sale_costs import SaleCosts, TaxScheme, with_fee
from lens_rx.pricing.exchange_rates import exchange_rate

ON = date(2026, 11, 20)
SHEET = Path(__file__).parent / "cases.csv"
CASES = list(csv.DictReader(line for line in SHEET.read_text().splitlines() if not line.startswith("#")))


def costs_of(case: dict[str, str]) -> SaleCosts:
    costs = SaleCosts(
        case["currency"],
        shipping=Decimal(case["shipping"]),
        refurbishing=Decimal(case["refurbishing"]),
        scheme=TaxScheme(case["tax"]),
        vat_percent=Decimal(case["vat"]),
    )
    seller = Seller(case["country"], case["seller"], ON)
    return with_fee(costs, find_fee(fee_table(), case["marketplace"], seller), ON)


def test_there_are_thirty_cases():
    """The sheet is read as a whole."""
    assert len(CASES) == 30


@pytest.mark.parametrize("case", CASES, ids=lambda it: f"{it['marketplace']}-{it['country']}-{it['price']}")
def test_a_sale_leaves_what_the_sheet_says(case: dict[str, str]):
    """Commission, payment, tax and net are to the cent what was computed by hand, and so is the most to pay."""
    costs = costs_of(case)
    net = costs.net(Decimal(case["price"]), Decimal(case["cost"]))
    assert (net.commission, net.payment, net.tax, net.net) == tuple(
        Decimal(case[name]) for name in ("commission", "payment", "tax_due", "net")
    )
    assert costs.most_to_pay(net.price, Decimal(case["wanted"])) == Decimal(case["most"])


@pytest.mark.parametrize("case", [it for it in CASES if Decimal(it["most"]) > 0], ids=lambda it: it["price"])
def test_what_is_paid_at_most_leaves_the_profit(case: dict[str, str]):
    """Bought for the most and sold at the price, the wanted profit is left; two units more, and it is not."""
    costs, price, most = costs_of(case), Decimal(case["price"]), Decimal(case["most"])
    unit = Decimal(1) if case["currency"] == "JPY" else Decimal("0.01")
    assert costs.net(price, most).net - most >= Decimal(case["wanted"]) - unit / 2
    assert costs.net(price, most + 2 * unit).net - most - 2 * unit < Decimal(case["wanted"])


def test_fees_are_converted_at_the_rates_of_the_day():
    """A view in euros of a sale in the United States takes off 13.6 % and 40 cents of a dollar."""
    fee = find_fee(fee_table(), "ebay", Seller("US", "business", ON))
    assert fee is not None
    costs = with_fee(SaleCosts("EUR"), fee, ON)
    rate = exchange_rate(fee.currency, "EUR", ON)
    assert rate is not None
    expected = (Decimal(100) * Decimal("0.136") + Decimal("0.40") * rate).quantize(Decimal("0.01"))
    assert costs.net(Decimal(100), Decimal(0)).commission == expected


def test_the_table_is_dated_and_has_its_sources():
    """Each line names its source, its day lies behind, and no line is there twice."""
    lines = fee_table()
    assert all(it.source.startswith("https://") and it.since <= ON for it in lines)
    keys = [(it.marketplace, it.country, it.seller, it.since, it.categories) for it in lines]
    assert len(set(keys)) == len(keys)
    assert all(15 <= rate <= 27 for rate in vat_rates().values())


@pytest.mark.parametrize(
    ("country", "category", "on", "percent"),
    [
        ("DE", "jacket", ON, 12),
        ("DE", "", ON, 12),
        ("DE", "Smartphone", ON, 5),
        ("DE", " coffee grinder ", ON, 5),
        ("DE", "smartphone", date(2026, 6, 30), 12),
        ("DE", "Lounge Chair", ON, 5),
        ("DE", "smartphone case", ON, 12),
        ("DE", "camera bag", ON, 12),
        ("DE", "necklace", ON, 16),
        ("DE", "wristwatch", ON, 11),
        ("GB", "camera", ON, Decimal("7.25")),
        ("GB", "rain jacket", ON, Decimal("12.25")),
        ("GB", "kettle", ON, Decimal("13.25")),
        ("GB", "jacket", date(2026, 2, 11), Decimal("13.15")),
        ("US", "book", ON, Decimal("15.3")),
        ("US", "camera", ON, Decimal("13.6")),
    ],
)
def test_a_category_may_have_fees_of_its_own(country: str, category: str, on: date, percent: Decimal | int):
    """A line of the category goes before that of all from its day on; what is not named there pays as all do."""
    fee = find_fee(fee_table(), "ebay", Seller(country, "business", on, category))
    assert fee is not None
    assert fee.percent == percent


@pytest.mark.parametrize(
    ("country", "seller", "name"),
    [
        ("DE", "business", "ebay"),
        ("AR", "business", "mercadolibre"),
        ("JP", "private", "mercari"),
        ("FR", "private", "vinted"),
        ("NZ", "business", "depop"),
        ("CH", "business", ""),
        ("AQ", "private", ""),
    ],
)
def test_a_country_has_a_usual_marketplace(country: str, seller: str, name: str):
    """Where no marketplace is named, one that sells in the country and whose fees are known there is reckoned with."""
    assert default_marketplace(fee_table(), Seller(country, seller, ON)) == name


@pytest.mark.parametrize("market", MARKETPLACES, ids=lambda it: it.name)
def test_marketplaces_sell_where_their_readers_say(market: Marketplace):
    """The table's countries are those of the readers of result pages."""
    known = [it for it in countries() if sells_in(market.name, it)]
    assert known == [it for it in countries() if market.serves(it)]


def test_only_marketplaces_that_sell_in_a_country_are_offered():
    """A line of all countries offers its marketplace where that sells, and nowhere else."""
    assert marketplaces_of(fee_table(), Seller("JP", "business", ON)) == ("mercari",)
    assert marketplaces_of(fee_table(), Seller("US", "business", ON)) == (
        "depop",
        "ebay",
        "mercari",
        "vinted",
    )
    assert marketplaces_of(fee_table(), Seller("CH", "business", ON)) == ()


def test_without_a_rate_the_percentage_is_still_taken_off():
    """The pesos of a fee cannot be converted to euros, its percentage needs no rate."""
    fee = find_fee(fee_table(), "mercadolibre", Seller("AR", "business", ON))
    assert with_fee(SaleCosts("EUR"), fee, ON).net(Decimal(100), Decimal(0)).commission == Decimal("14.50")


def test_a_fee_does_not_hold_before_its_day():
    """Before the first day of the table no fee is known."""
    assert find_fee(fee_table(), "ebay", Seller("US", "business", date(2020, 1, 1))) is None

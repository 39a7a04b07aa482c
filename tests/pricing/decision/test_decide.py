"""The decision of a reader: the most to pay, the verdict, and what it is reckoned from."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from lens_rx.facts import DecisionBasis, Estimate, EstimateBasis, MarketListing
from lens_rx.pricing.decision import Decision, Terms, decide, parse_rules

READ = datetime(2026, 11, 20, tzinfo=UTC)
ESTIMATE = Estimate(Decimal(100), Decimal(92), Decimal(109), 1.0, "EUR", EstimateBasis.MIXED, 24)
SOLD = [
    MarketListing(Decimal(88 + 2 * at), sold=True, sold_at=READ - timedelta(days=1 + 3 * at))
    for at in range(12)
]
OFFERED = [
    MarketListing(Decimal(95 + 3 * at), sold=False, listed_at=READ - timedelta(days=2 + 4 * at))
    for at in range(12)
]
BASIS = DecisionBasis(ESTIMATE, (*SOLD, *OFFERED), "Norrvik", "parka", "DE", READ)


def decided(basis: DecisionBasis = BASIS, currency: str = "EUR", **terms: object) -> Decision:
    decision = decide(basis, Terms(**terms), currency, READ.date())  # type: ignore[arg-type]
    assert decision is not None
    return decision


def less_certain(certainty: float) -> DecisionBasis:
    return replace(BASIS, estimate=replace(ESTIMATE, certainty=certainty))


@pytest.mark.parametrize(
    ("share", "verdict"), [("0.5", "buy"), ("1", "buy"), ("1.2", "negotiate"), ("1.5", "leave")]
)
def test_a_cost_gets_a_verdict(share: str, verdict: str):
    """Up to the most to pay it is bought, a third beyond it is talked about, and what is dearer is left."""
    most = decided().pay_at_most
    decision = decided(cost=(most * Decimal(share)).quantize(Decimal("0.01")))
    assert decision.verdict.action == verdict
    assert decision.verdict.negotiate_to == (most if verdict == "negotiate" else None)
    assert decision.verdict.why.endswith(".")


def test_it_is_reckoned_from_the_low_end():
    """The price that is planned with is the low end of single sales, well below the middle and the typical range."""
    decision = decided()
    assert decision.plan_price < ESTIMATE.low
    assert decision.plan_price == pytest.approx(Decimal(71), abs=2)
    assert "single sales is not known" in " ".join(decision.notes)


def test_the_range_of_single_sales_is_used_where_it_is_known():
    """An estimate that knows where single sales fall is planned with its low end, and its price's certainty is no doubt."""
    known = replace(
        ESTIMATE, certainty=0.6, sale_low=Decimal(81), sale_high=Decimal(120), identity_certainty=1.0
    )
    decision = decided(replace(BASIS, estimate=known))
    assert (decision.plan_price, decision.notes) == (81, ())


def test_a_doubtful_identity_lowers_the_price_that_is_planned_with():
    """What may be another thing is counted at half."""
    sure, doubtful = decided(), decided(less_certain(0.5))
    assert doubtful.plan_price == pytest.approx(sure.plan_price * Decimal("0.75"), abs=Decimal("0.01"))
    assert doubtful.pay_at_most < sure.pay_at_most


def test_an_estimate_that_is_not_sure_is_said_with_its_first_doubt():
    """A verdict on a weak estimate is no green light: the notes begin with its certainty and its doubt."""
    weak = replace(ESTIMATE, certainty=0.4, doubts=("Without offers of ebay, which could not be read.",))
    note = decided(replace(BASIS, estimate=weak)).notes[0]
    assert "certainty 40%" in note and note.endswith("Without offers of ebay, which could not be read.")
    assert not any("not sure" in it for it in decided(less_certain(0.5)).notes)


def test_margin_and_least_profit_lower_what_is_paid():
    """The larger of both holds."""
    assert decided(margin=Decimal(50)).pay_at_most < decided(margin=Decimal(10)).pay_at_most
    assert decided(margin=Decimal(10), min_profit=Decimal(60)).pay_at_most == 0
    assert decided(margin=Decimal(10), min_profit=Decimal(1)) == replace(
        decided(margin=Decimal(10)), min_profit=Decimal(1)
    )


def test_three_list_prices_rise_and_their_chances_fall():
    """A dearer price leaves more and sells later, for both horizons."""
    prices = decided().list_prices
    assert [it.name for it in prices] == ["fast", "market", "patient"]
    assert prices[0].price < prices[1].price == ESTIMATE.price < prices[2].price
    assert prices[0].net.net < prices[1].net.net < prices[2].net.net
    for days in (0, 1):
        assert prices[0].chances[days] > prices[1].chances[days] > prices[2].chances[days]


def test_without_days_there_are_no_chances_but_a_reason():
    """Offers without days give prices and nets, and a sentence in place of the chances."""
    basis = replace(BASIS, listings=tuple(replace(it, sold_at=None, listed_at=None) for it in BASIS.listings))
    decision = decided(basis)
    assert [it.chances for it in decision.list_prices] == [(), (), ()]
    assert any("Too few sales with a day" in note for note in decision.notes)


def test_a_market_without_sales_does_not_make_all_look_slow():
    """Stock of a marketplace that shows no sales says nothing about how fast things sell where they are shown."""
    silent = tuple(replace(it, marketplace="silent", listed_at=None) for it in OFFERED * 3)
    assert decided(replace(BASIS, listings=(*BASIS.listings, *silent))) == decided()


def test_it_works_in_the_currency_of_the_view():
    """A view in dollars gets dollars, near the amounts in euros at the day's rate, fees of its marketplace included."""
    euros, dollars = decided(cost=Decimal(10)), decided(currency="USD", cost=Decimal(10))
    assert dollars.currency == "USD"
    assert 1 < dollars.pay_at_most / euros.pay_at_most < Decimal("1.4")
    assert dollars.marketplace == "ebay"
    assert decide(BASIS, Terms(), "XTS", READ.date()) is None


def test_without_a_country_it_goes_by_the_currency_and_says_so():
    """A thing without a country is reckoned in a country of the currency, with a note."""
    basis = replace(BASIS, country="")
    decision = decided(basis, "USD")
    assert (decision.country, decision.tax) == ("US", "none")
    assert any("No country was named" in note for note in decision.notes)
    assert not any("No country" in note for note in decided(basis, country="FR").notes)


def test_rules_can_refuse_a_brand_and_bound_what_is_paid():
    """A brand that is not taken is left with that reason; a ceiling bounds, a floor refuses what sells for little."""
    rules = parse_rules('[defaults]\nbrands_not_taken = "norrvik"\n')
    refused = decided(rules=rules, cost=Decimal(1)).verdict
    assert (refused.action, refused.why) == ("leave", "Your rules do not take this brand or kind of thing.")
    assert decided(rules=parse_rules("[defaults]\nceiling = 12\n")).pay_at_most == 12
    floor = decided(rules=parse_rules("[defaults]\nfloor = 500\n"), cost=Decimal(1))
    assert floor.verdict.action == "leave" and "below your floor of 500 EUR" in floor.verdict.why
    assert floor.pay_at_most == 0


@pytest.mark.parametrize(
    ("ceiling", "cost", "why"),
    [
        (12, None, "Pay 12 EUR at most: the ceiling of your rules; a sale at "),
        (12, 13, "the low end; 12 EUR, the ceiling of your rules, is the most to pay."),
        (0, 13, "The ceiling of your rules is 0 EUR: nothing is paid for it."),
        (300, None, "at most: reckoned with a sale at "),
    ],
)
def test_a_ceiling_that_binds_is_the_reason(ceiling: int, cost: int | None, why: str):
    """The sentence names the ceiling where it is what bounds the price, and only there."""
    rules = parse_rules(f"[defaults]\nceiling = {ceiling}\n")
    decision = decided(rules=rules, cost=None if cost is None else Decimal(cost))
    assert why in decision.verdict.why
    assert ("ceiling" in decision.verdict.why) == (ceiling < 300) == (decision.pay_at_most == ceiling)


def test_an_own_fee_holds_for_all_sellers_from_its_day():
    """A fee of the rules goes before the table's line of a seller, but not before its own day, nor for another seller."""
    fee = "[[fee]]\nmarketplace = 'eBay'\ncountry = 'de'\ncurrency = 'EUR'\npercent = 9.5\nfixed = 0.45\n"
    own, later = (decided(rules=parse_rules(f"{fee}since = {day}\n")) for day in ("2026-03-01", "2027-01-01"))
    assert own.fees == "ebay DE, business: 9.5 % + 0.45 EUR, since 2026-03-01"
    assert later.fees.startswith("ebay DE, business: 12 % (3 % above 990 EUR) + 0.45 EUR")
    private = decided(rules=parse_rules(f"{fee}since = 2026-03-01\nseller = 'private'\n"))
    assert private.fees.startswith("ebay DE, business: 12 % (3 % above 990 EUR) + 0.45 EUR")


def test_an_own_fee_may_be_for_some_categories():
    """It goes before all other lines for a thing of its categories, and is not there for any other."""
    fee = "[[fee]]\nmarketplace = 'ebay'\ncurrency = 'EUR'\npercent = 8\nsince = 2026-03-01\ncategory = {}\n"
    category = BASIS.category
    assert category
    mine, others = (
        decided(rules=parse_rules(fee.format(it))) for it in (f"['Sofa', '{category.upper()}']", "'sofa'")
    )
    assert mine.fees == "ebay DE, business: 8 % for this category, since 2026-03-01"
    assert others.fees.startswith("ebay DE, business: 12 % (3 % above 990 EUR) + 0.45 EUR")


def test_list_prices_end_as_wished_in_the_rules_currency_alone():
    """Yen are not made to end in the cents of a euro: their list prices keep the form of no rule."""
    rules = parse_rules("[defaults]\nrounding = 1\nending = 0.99\n")
    assert [it.price % 1 for it in decided(rules=rules).list_prices] == [Decimal("0.99")] * 3
    plain, ruled = (decided(currency="JPY", **terms) for terms in ({}, {"rules": rules}))
    assert plain.list_prices == ruled.list_prices
    odd = parse_rules("[defaults]\ncurrency = 'JPY'\nrounding = 10\nending = 9.5\n")
    assert all(it.price % 1 == 0 for it in decided(currency="JPY", rules=odd).list_prices)


def test_amounts_of_a_currency_without_cents_are_whole():
    """A cost, a ceiling and costs with fractions of a yen leave no fraction anywhere in the decision."""
    rules = parse_rules("[defaults]\ncurrency = 'JPY'\nceiling = 900.5\nshipping = 99.5\nmin_profit = 10.5\n")
    for cost in (Decimal("10.5"), Decimal("9999.5")):
        decision = decided(currency="JPY", rules=rules, cost=cost)
        assert not re.search(r"\d\.\d", decision.verdict.why)
        nets = [it.net.net for it in decision.list_prices]
        assert all(
            it % 1 == 0 for it in (*nets, decision.pay_at_most, decision.min_profit, decision.plan_price)
        )


def test_a_fee_without_a_rate_is_taken_off_by_its_percentage():
    """The decision says that the fixed part of a fee in pesos was left out."""
    decision = decided(country="AR")
    assert decision.fees.startswith("mercadolibre AR, business: 14.5 %, since ")
    assert "no exchange rate from ARS to EUR" in " ".join(decision.notes)


def test_where_no_marketplace_sells_none_is_the_usual_one():
    """In a country without a marketplace of known fees no fee is taken off, and the notes say so."""
    decision = decided(country="CH")
    assert (decision.marketplace, decision.marketplaces) == ("", ())
    assert "No marketplace with known fees sells in CH: no fee is taken off." in decision.notes
    assert "vinted is not known to sell in CH." in decided(country="CH", marketplace="vinted").notes


def test_days_to_sell_choose_the_list_price():
    """A rule that wants it sold soon chooses a lower price than one that waits."""
    soon = decided(rules=parse_rules("[defaults]\ndays_to_sell = 3\n"))
    late = decided(rules=parse_rules("[defaults]\ndays_to_sell = 300\n"))
    assert (soon.list_at, late.list_at, decided().list_at) == ("fast", "patient", "market")


def test_an_unknown_market_takes_off_nothing_and_says_so():
    """Where no fees are known it is said in words."""
    rules = parse_rules(
        '[[fee]]\nmarketplace = "shop"\ncountry = "IT"\ncurrency = "EUR"\npercent = 5\nsince = 2026-01-01\n'
    )
    decision = decided(rules=rules, marketplace="shop")
    assert decision.fees == "no fees of shop in DE are known: none are taken off"
    assert decided(rules=rules, marketplace="shop", country="IT").fees.startswith("shop IT, business: 5 %")


def test_terms_are_told_apart_by_name():
    """Each term is part of the name under which encoded views are shared."""
    terms = [
        Terms(),
        Terms(cost=Decimal(0)),
        Terms(margin=Decimal(0)),
        Terms(min_profit=Decimal(0)),
        Terms(marketplace="ebay"),
        Terms(country="DE"),
    ]
    assert len({it.name for it in terms}) == len(terms)


def test_a_price_below_the_smallest_unit_gives_no_decision():
    """What is worth less than a yen in yen is not decided on, rather than breaking the stream."""
    cent = replace(ESTIMATE, price=Decimal("0.001"), low=Decimal("0.001"), high=Decimal("0.001"))
    assert decide(replace(BASIS, estimate=cent, listings=()), Terms(), "JPY", READ.date()) is None


def test_before_the_first_rate_nothing_is_decided_in_another_currency():
    """Without a rate there is no decision rather than a wrong one."""
    assert decide(BASIS, Terms(), "USD", date(1990, 1, 1)) is None

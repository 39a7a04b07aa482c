"""Facts as existing clients read them: flat, no null, prices as numbers in the view's currency."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, get_args

import orjson
import pytest

from lens_rx.facts import (
    Candidate,
    Caption,
    Comparable,
    Complete,
    Condition,
    Decider,
    DecisionBasis,
    Estimate,
    EstimateBasis,
    Extra,
    Fact,
    Failed,
    Identity,
    IdentityCandidates,
    MarketListing,
    MarketplaceOffers,
    Match,
    Matches,
    Money,
    Offer,
    Offers,
    Options,
    Outcome,
    PriceEvidence,
    ProducerPage,
    Product,
    Progress,
    Rejected,
    Retail,
    comparable_id,
)
from lens_rx.facts.changes import Change, ChangeKind, FirstDecision, RunHistory
from lens_rx.facts.errors import BadRequest, Unavailable
from lens_rx.pricing import convert
from lens_rx.storage.codec import encode
from lens_rx.storage.records import Entry, Position
from lens_rx.web.fact_wire import DEFAULT_KINDS, KINDS
from lens_rx.web.price_wire import PriceConverter
from lens_rx.web.view import View, make_view, transport_error

DAY = date(2025, 6, 2)
READ = datetime(2025, 6, 2, 10, tzinfo=UTC)
OFFER = Offer(
    "1",
    "Fjell Parka",
    "https://e.test/1",
    Decimal("1250.50"),
    "EUR",
    condition=Condition.LIKE_NEW,
    marketplace="ebay",
)
PRODUCT = Product(
    name="Fjell Parka", price=Decimal("329.00"), currency="EUR", specs={"fit": "slim", "weight": "1 kg"}
)
ESTIMATE = Estimate(Decimal(90), Decimal(80), Decimal(100), 0.51234, "EUR", EstimateBasis.ASKING, 5)
FACTS: tuple[Fact, ...] = (
    Identity("Norrvik", "Fjell Parka", decider=Decider.CONSENSUS),
    IdentityCandidates((Candidate("Norrvik", "Fjell Parka", 4, decided=True),), 0.9, ("One doubt.",)),
    ProducerPage("https://n.test/fjell", "Fjell"),
    Retail("https://n.test/fjell", PRODUCT),
    Offers((OFFER,)),
    MarketplaceOffers("ebay", (OFFER,)),
    ESTIMATE,
    DecisionBasis(
        ESTIMATE, (MarketListing(Decimal(95), sold=True, sold_at=READ),), "Norrvik", "parka", "DE", READ
    ),
    PriceEvidence((Comparable(OFFER, Decimal(1200), 0.7),), (Rejected(OFFER, "a bundle"),)),
    Matches((Match("Fjell", "https://m.test/", price=Money(Decimal(10), "EUR")),)),
    Caption(category="jacket", condition=Condition.GOOD),
    Extra("product-images", ({"url": "https://n.test/1.jpg"},)),
    Failed("offers.ebay", Outcome.BLOCKED, "a captcha"),
    Progress("lens", "ok", 1.5),
    RunHistory(
        Options(),
        FirstDecision("titles", READ, 1, "Norrvik", "Fell"),
        (Change(ChangeKind.CORRECTION, "ann", READ, 2, {"model": "Fjell Parka"}),),
    ),
    Complete(Outcome.OK, 3.5, 100, 0.01),
)


def on_wire(fact: Fact, currency: str = "EUR") -> dict[str, Any]:
    kinds = frozenset(kind.description for kind in KINDS.values())
    envelope: dict[str, Any] = orjson.loads(
        View(currency, kinds).encode(Entry(Position(1, 7), READ, encode(fact)))
    )
    return envelope


def rows(data: Any) -> list[dict[str, Any]]:
    return data if isinstance(data, list) else [data]


def test_every_kind_has_its_place():
    """No kind of fact is forgotten on the wire, and here."""
    assert set(KINDS) == set(get_args(Fact)) == {type(fact) for fact in FACTS}


@pytest.mark.parametrize("fact", FACTS, ids=lambda it: type(it).__name__)
def test_values_are_flat(fact: Fact):
    """Each value is a text or a number; there is no object, list or null inside; the six have no boolean either."""
    envelope = on_wire(fact)
    for row in rows(envelope["data"]):
        assert all(isinstance(value, str | int | float) for value in row.values())
        if envelope["data_description"] in DEFAULT_KINDS:
            assert not any(isinstance(value, bool) for value in row.values())
    assert (envelope["seq"], envelope["observed_at"]) == (7, "2025-06-02T10:00:00.000+00:00")
    assert envelope["data_type"] == (
        "list[dict[str, str]]" if isinstance(envelope["data"], list) else "dict[str, str]"
    )


def test_the_five_bear_the_keys_that_old_clients_read():
    """The keys of the original are there, under the original's names."""
    wanted = {
        "model-producer": {"producer", "model"},
        "producer-url": {"link", "title"},
        "retail-price-details": {
            "producer_url",
            "price",
            "original_name",
            "description",
            "material",
            "specs",
        },
        "second-hand-offers": {"price", "link", "title", "wear"},
        "estimated-price": {"price", "min_range", "max_range", "certainty"},
    }
    envelopes = {it["data_description"]: it["data"] for it in map(on_wire, FACTS)}
    for kind, keys in wanted.items():
        assert set(rows(envelopes[kind])[0]) >= keys


def test_amounts_are_converted_by_the_rate_of_their_day():
    """A view in another currency tells the amount of the day on which it was read."""
    money = convert(Money(OFFER.price, "EUR"), "USD", DAY)
    assert money
    (offer,) = on_wire(Offers((OFFER,)), "USD")["data"]
    assert (offer["price"], offer["currency"]) == (float(money.amount), "USD")
    assert on_wire(Offers((OFFER,)))["data"][0]["price"] == 1250.5


@pytest.mark.parametrize(
    "product", [Product(name="A"), Product(price=Decimal(5)), Product(price=Decimal(5), currency="XTS")]
)
def test_an_unknown_price_is_left_out(product: Product):
    """A price that is missing, has no currency or no rate is no key; a text that is missing is empty."""
    data = on_wire(Retail("https://n.test/", product))["data"]
    assert "price" not in data
    assert data["material"] == ""


def test_wear_is_the_grade_or_the_sellers_words():
    """A grade is told in words; where there is none, what the seller wrote."""
    plain = Offer("1", "A", "https://e.test/", Decimal(1), "EUR", condition_text="etwas abgewetzt")
    offers = on_wire(Offers((OFFER, plain)))["data"]
    assert [it["wear"] for it in offers] == ["like new", "etwas abgewetzt"]


def test_the_model_that_answered_is_told_to_those_who_ask_for_more():
    """`complete` names the model; `model-producer` does where more than the default kinds are asked for."""
    named = Identity("Norrvik", "Fjell Parka", answered_by="gpt-6-luna")
    assert on_wire(named)["data"]["answered_by"] == "gpt-6-luna"
    plain = orjson.loads(View().encode(Entry(Position(1, 7), READ, encode(named))))["data"]
    assert plain == {"producer": "Norrvik", "model": "Fjell Parka", "decided_by": "model"}
    assert on_wire(Complete(Outcome.OK, 1.0, model="gpt-4o"))["data"]["model"] == "gpt-4o"
    assert "model" not in on_wire(Complete(Outcome.OK, 1.0))["data"]
    assert "answered_by" not in on_wire(Identity("A", "B"))["data"]


def test_specs_are_one_text():
    """Specifications are one text, for nothing is nested."""
    assert on_wire(Retail("https://n.test/", PRODUCT))["data"]["specs"] == "fit: slim; weight: 1 kg"


def test_the_default_view_leaves_the_rest_out():
    """A default view tells the six kinds that old clients know, and nothing for the others."""
    entries = [Entry(Position(1, n), READ, encode(fact)) for n, fact in enumerate(FACTS, 1)]
    chunks = [View().encode(entry) for entry in entries]
    kinds = {orjson.loads(chunk)["data_description"] for chunk in chunks if chunk}
    assert kinds == DEFAULT_KINDS
    assert len(DEFAULT_KINDS) == 6


def test_teller_without_a_rate():
    """No rate, no number."""
    assert PriceConverter("EUR", DAY).convert_amount(Decimal(1), "XTS") is None


@pytest.mark.parametrize(
    ("events", "kinds"), [("", 6), ("default", 6), ("all", len(KINDS)), ("progress, complete", 2)]
)
def test_views_that_may_be_asked(events: str, kinds: int):
    """A view is the default, all, or kinds by name."""
    assert len(make_view(events, "EUR").kinds) == kinds


@pytest.mark.parametrize(
    ("events", "currency"), [("everything", "EUR"), ("", "EURO"), ("", "XTS"), (",", "EUR")]
)
def test_views_that_are_refused(events: str, currency: str):
    """An unknown kind and a currency without a rate are refused in words."""
    with pytest.raises(BadRequest):
        make_view(events, currency)


def test_views_of_one_name_are_equal():
    """A view's name depends on its currency and kinds, in any order."""
    assert make_view("progress,complete", "EUR").name == make_view("complete,progress", "EUR").name
    assert make_view("", "EUR").name != make_view("", "USD").name


def test_a_transport_error_has_no_seq():
    """What is no fact has no place in the storage."""
    error = orjson.loads(transport_error(Unavailable("away")))
    assert "seq" not in error
    assert (error["data_description"], error["data"]["stage"]) == ("error", "transport")


def test_an_offer_says_whether_it_is_a_price_of_the_thing():
    """Each row of checked offers says 1 or 0 and why; rows of offers that were not checked say neither."""
    checked = on_wire(Offers((OFFER, OFFER), exclusions=("", "far above the others")))["data"]
    assert [(row["kept"], row["reason"]) for row in checked] == [(1, ""), (0, "far above the others")]
    assert "kept" not in on_wire(Offers((OFFER,)))["data"][0]


def test_a_comparable_has_an_id_that_stays():
    """It is of the link, else of what the card says, and stands in each row that can be left out or brought back."""
    plain = replace(OFFER, price=Decimal(9), title="Parka", marketplace="")
    bare, dearer = replace(OFFER, link=""), replace(OFFER, link="", price=Decimal(9))
    assert comparable_id(OFFER) == comparable_id(plain) == sha256(b"https://e.test/1").hexdigest()[:12]
    assert len({comparable_id(it) for it in (OFFER, bare, dearer)}) == 3
    weighed, rejected = (Comparable(OFFER, Decimal(1200), 0.7),), (Rejected(bare, "a bundle"),)
    for fact in (
        PriceEvidence(weighed, rejected, has_ids=True),
        MarketplaceOffers("e", (OFFER,), has_ids=True),
    ):
        ids = [row["id"] for row in on_wire(fact)["data"]]
        assert ids == [comparable_id(OFFER), comparable_id(bare)][: len(ids)]
        assert "id" not in on_wire(replace(fact, has_ids=False))["data"][0]

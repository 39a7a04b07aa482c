"""The rules file: what holds for a thing, and errors that name the line and the key."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from lens_rx.pricing.decision.list_prices import with_ending
from lens_rx.pricing.decision.price_rules import Policy, RuleSubject
from lens_rx.pricing.decision.rules_parser import RulesError, accepted_marketplaces, parse_rules

RULES = """
[defaults]
currency = "EUR"
margin = 25
min_profit = 8.5
rounding = 1
ending = 0.99
brands_not_taken = ["Shein"]

[[rule]]
category = ["jacket", "Coat"]
margin = 35
days_to_sell = 30

[[rule]]
brand = "norrvik"
price_from = 100
price_to = 500
margin = 20
ceiling = 200

[[rule]]
sold_on = "vinted"
sold_in = ["de", "AT"]
rounding = 5
ending = 0

[[fee]]
marketplace = "refurbed"
country = "DE"
currency = "EUR"
percent = 9.9
fixed = 1
since = 2026-05-01
"""


SHOP_FEE = "[[fee]]\nmarketplace = 'Shop'\ncurrency = 'eur'\npercent = 5\nsince = 2026-01-01\n"


def subject(
    brand: str = "Acme", category: str = "", price: int = 50, marketplace: str = "", country: str = ""
) -> RuleSubject:
    return RuleSubject(brand, category, Decimal(price), marketplace, country)


def test_the_last_rule_that_applies_holds():
    """Rules apply by category, brand, band and market, in any case of letters, each over those before it."""
    rules = parse_rules(RULES)
    assert rules.policy(subject()).margin == 25
    coat = rules.policy(subject(category="coat"))
    assert (coat.margin, coat.min_profit, coat.days_to_sell, coat.buy) == (35, Decimal("8.5"), 30, True)
    assert rules.policy(subject("Norrvik", "jacket", 100)).margin == 20
    assert rules.policy(subject("Norrvik", "jacket", 500)).margin == 35
    assert rules.policy(subject("SHEIN")).buy is False
    assert rules.policy(subject(marketplace="vinted", country="DE")).rounding == 5
    assert rules.policy(subject(marketplace="vinted", country="FR")).rounding == 1


def test_a_fee_of_the_file_is_known_by_name():
    """A marketplace of one's own can be named in requests, and its fees are found."""
    rules = parse_rules(RULES)
    assert "refurbed" in accepted_marketplaces(rules)
    (fee,) = [it for it in rules.fees if it.marketplace == "refurbed"]
    assert (fee.percent, fee.fixed, fee.seller) == (Decimal("9.9"), 1, "any")


def test_marketplaces_that_exist_can_be_named_in_any_letters():
    """Those of the table, one that is only searched, and one of an own fee are known."""
    text = f"[defaults]\nmarketplace = 'eBay'\n[[rule]]\nsold_on = ['Carousell', 'shop']\nsold_in = 'de'\n{SHOP_FEE}"
    rules = parse_rules(text)
    assert rules.defaults.marketplace == "ebay"
    assert [(it.marketplace, it.currency) for it in rules.own_fees] == [("shop", "EUR")]


def test_an_empty_file_changes_nothing():
    """What nobody says is built in."""
    policy = parse_rules("").policy(subject())
    assert (policy.margin, policy.min_profit, policy.negotiate, policy.seller) == (30, 0, 30, "business")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[defaults]\nmargin = ", "This is no TOML: "),
        ("[defaults]\nmargin = 20\nmargn = 3\n", "Line 3: there is no key margn; known: "),
        ("[defaults]\n\nmargin = 120\n", "Line 3: margin must be less than 100 (percent)."),
        ("[defaults]\nmargin = true\n", "Line 2: margin must be a number."),
        ("[defaults]\nfloor = -1\n", "Line 2: floor must not be negative."),
        ("[[rule]]\nmargin = 3\n[[rule]]\nbrand = 7\n", "Line 4: brand must be a text, or a list of texts."),
        ("[[rule]]\nprice_from = 9\nprice_to = 9\n", "Line 3: price_to must be more than price_from."),
        ("[defaults]\ntax = 'vat'\n", "Line 2: tax must be one of margin, standard, none, not 'vat'."),
        ("[defaults]\nrounding = 1\nending = 1.5\n", "Line 3: ending must be less than rounding."),
        ("[[rule]]\nmargin = 3\ncountry = 'AT'\n", "Line 3: there is no key country; known: brand, buy, "),
        ("[rule]\nmargin = 3\n", "Line 1: write it as [[rule]]."),
        ("margin = 3\n", "Line 1: there is no table margin; known: defaults, [[rule]], [[fee]]."),
        ("[[fee]]\nmarketplace = 'x'\n", "Line 1: a fee needs currency, percent, since."),
        ("[defaults]\ncurrency = 'XTS'\n", "Line 2: currency must be an ISO 4217 code"),
        ("[[fee]]\ncategory=7\n", "Line 2: category must be a text, or a list of texts."),
        ("[[fee]]\nmarketplace='x'\nsince='2026'\n", "Line 3: since must be a day, such as 2026-02-01."),
        ("[defaults]\nbuy = 'no'\n", "Line 2: buy must be true or false."),
        (
            "[defaults]\ncountry = 'Germany'\n",
            "Line 2: country must be two letters, such as DE. Do you mean DE?",
        ),
        ("[defaults]\ncountry = '*'\n", "Line 2: country must be two letters, such as DE."),
        ("[defaults]\ncountry = 'uk'\n", "Line 2: country UK is not in ISO 3166-1; it must be two letters"),
        (
            "[[rule]]\nmargin = 9\nsold_in = ['DE', 'XX']\n",
            "Line 3: sold_in: country XX is not in ISO 3166-1",
        ),
        (f"{SHOP_FEE}country = 'ZZ'\n", "Line 6: country ZZ is not in ISO 3166-1; it must be two letters"),
        (
            "[defaults]\nmarketplace = 'eaby'\n",
            "Line 2: marketplace: there is no marketplace eaby; one of your own needs a [[fee]]. Do you mean ebay?",
        ),
        ("[[rule]]\nsold_on = ['ebay', 'etsy']\n", "Line 2: sold_on: there is no marketplace etsy; one of"),
        ("[[fee]]\nmarketplace = ' '\n", "Line 2: marketplace must have letters."),
    ],
)
def test_an_error_names_the_line_and_the_key(text: str, message: str):
    """A wrong file is refused in words."""
    with pytest.raises(RulesError) as caught:
        parse_rules(text)
    assert str(caught.value).startswith(message)
    assert not str(caught.value).endswith("..")


@pytest.mark.parametrize(
    ("price", "rounding", "ending", "expected"),
    [
        ("41.30", 1, "0.99", "40.99"),
        ("41.60", 1, "0.99", "41.99"),
        ("0.20", 1, "0.99", "0.99"),
        ("43", 5, "0", "45"),
        ("1", 5, "0", "5"),
        ("12.34", None, None, "12.34"),
        ("127", 10, "9", "129"),
    ],
)
def test_prices_end_as_the_market_likes(price: str, rounding: int | None, ending: str | None, expected: str):
    """The nearest price of the form is taken, never 0."""
    policy = Policy(
        rounding=None if rounding is None else Decimal(rounding),
        ending=None if ending is None else Decimal(ending),
    )
    assert with_ending(Decimal(price), policy) == Decimal(expected)


def test_the_rules_of_the_readme_are_rules():
    """What the README shows as a rules file can be used as it stands."""
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    rules = parse_rules(readme.partition("```toml\n")[2].partition("```")[0])
    assert rules.policy(subject("Acme", "coat", 200)).margin == 25
    assert rules.policy(subject("Shein")).buy is False
    (fee,) = [it for it in rules.fees if (it.marketplace, it.country, it.seller) == ("ebay", "DE", "any")]
    assert fee.percent == Decimal("9.5")

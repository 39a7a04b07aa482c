"""A history of sales from any CSV: amounts are read right, or their line is left out and named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lens_rx.parsing.history import HistoryError, parse_history
from lens_rx.pricing.decision.sales_history import PastSale

ENGLISH = 'bought,asked,sold,when,brand\n40,99.90,89.50,2026-03-01,Acme\n1020,"1,899.00",1750,2026-03-02,\n'
GERMAN = "Einkauf;Angebot;Verkauf;Datum;Marke\n40,00;99,90;89,50 €;01.03.2026;Acme\n1.020,00;1.899,00;1.750;2.3.2026;\n"


@pytest.mark.parametrize("text", [ENGLISH, GERMAN, "\ufeff" + ENGLISH.replace("\n", "\r\n")])
def test_a_history_is_read_in_either_notation(text: str):
    """Commas and points, semicolons and decimal commas, marks of byte order and German days give the same sales."""
    history = parse_history(text)
    assert history.left_out == ()
    assert history.sales == (
        PastSale(Decimal(40), Decimal("89.50"), Decimal("99.90"), date(2026, 3, 1), brand="Acme"),
        PastSale(Decimal(1020), Decimal(1750), Decimal(1899), date(2026, 3, 2)),
    )


def test_a_line_that_cannot_be_used_is_named():
    """Missing amounts, other notations of days and negative amounts are left out with their line."""
    history = parse_history("bought,sold,when\n1,,\n1,2,03/14/2026\n-1,2,\n\nx,2,\n3,4,\n")
    assert [line for line, _ in history.left_out] == [2, 3, 4, 6]
    assert history.left_out[1][1].startswith("no day in when: 03/14/2026")
    assert len(history.sales) == 1


@pytest.mark.parametrize(("text", "word"), [("", "empty"), ("a,b\n1,2\n", "bought and no column sold")])
def test_what_is_no_history_is_refused(text: str, word: str):
    """An empty file and one without the columns are refused in words."""
    with pytest.raises(HistoryError, match=word):
        parse_history(text)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ('bought,sold\n"12,50","40,00"\n', "12.50 40.00"),
        ('bought,sold\n"1.212,50","2.000"\n', "1212.50 2000"),
        ("gekauft;verkauft\n1.200;1.800\n", "1200 1800"),
        ("bought;sold\n1.200;1.800\n", "1200 1800"),
        ('bought,sold\n"1,200","1,800"\n', "1200 1800"),
        ("bought;sold\n1,200;1800.50\n", "1200 1800.50"),
        ("bought;sold\n10,50;30,00\n10.50;30.00\n", "10.50 30.00 10.50 30.00"),
        ("gekauft;verkauft\nFr. 120;ca. 210\nCHF 1'200.-;1.2k\n", "120 210 1200 1200"),
        ("bought,sold\n0.999,1234.5678\n1.200,12.5\n", "0.999 1234.5678 1.2 12.5"),
        ("sep=;\nbought;sold\n12,50;40\n", "12.50 40"),
        ('\ufeff"sep=\t"\nbought\tsold\n12.50\t40\n', "12.50 40"),
        ("gekauft;verkauft;schätzung\n1.200;1.900;118.5\n9,50;12,00;20.5\n", "1200 1900 9.50 12.00"),
    ],
)
def test_amounts_are_read_in_the_notation_that_the_file_shows(text: str, amounts: str):
    """Decimals and thousands are told apart by the amount, its column, the file, and last its headings and separator."""
    history = parse_history(text)
    assert history.left_out == ()
    read = [amount for it in history.sales for amount in (it.bought, it.sold)]
    assert read == [Decimal(amount) for amount in amounts.split()]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("bought,sold\n10,1.200\n", "1.200 in sold may be 1200 or 1.2"),
        ("gekauft;verkauft\n10;1,200\n", "1,200 in sold may be 1200 or 1.2"),
        ("bought;sold\n10,50;30.00\n1;1.200\n2;20,00\n", "1.200 in sold may be 1200 or 1.2"),
        ("bought,sold\n12.50,1.200\n", "1.200 in sold may be 1200 or 1.2"),
        ("bought,sold\n12,50,40,00\n", "4 values for 2 columns"),
        ("bought,sold\n1,2 x 15\n", "more than one amount in sold: 2 x 15"),
        ("bought,sold\n1,(15)\n", "a negative amount in sold: (15)"),
        ("bought,sold\n1,15 %\n", "no amount in sold: 15 %"),
    ],
)
def test_an_amount_that_could_be_another_is_left_out(text: str, reason: str):
    """Where nothing in the file tells what is meant, the line is named in place of a factor of a hundred or thousand."""
    assert reason in [why for _, why in parse_history(text).left_out]


@pytest.mark.parametrize(
    ("text", "share"), [("0,85", 0.85), ("85 %", 0.85), ("1.000", 1.0), ("85.125", 0.85125)]
)
def test_a_certainty_is_a_share(text: str, share: float):
    """Shares and percentages are read in either notation."""
    (sale,) = parse_history(f"bought;sold;certainty\n1;2;{text}\n").sales
    assert sale.certainty == pytest.approx(share)


def test_usual_names_of_places_are_understood():
    """Names of countries, codes that are usual and hosts are read as what they mean, which is said; others stay."""
    text = (
        "bought,sold,marketplace,country\n1,2,eBay.de,Deutschland\n1,2,www.ebay.co.uk,UK\n1,2,eBay,de\n"
        "1,2,Mercado Libre,Germany\n1,2,Etsy,Narnia\n"
    )
    history = parse_history(text)
    assert [(it.marketplace, it.country) for it in history.sales] == [
        ("ebay", "DE"),
        ("ebay", "GB"),
        ("ebay", "DE"),
        ("mercadolibre", "DE"),
        ("etsy", "NARNIA"),
    ]
    assert dict(history.read_as) == {
        "eBay.de": "ebay",
        "Deutschland": "DE",
        "www.ebay.co.uk": "ebay",
        "UK": "GB",
        "Mercado Libre": "mercadolibre",
        "Germany": "DE",
    }


def test_a_line_is_numbered_as_in_the_file():
    """A line of the separator counts."""
    assert parse_history("sep=;\nbought;sold\nx;2\n").left_out == ((3, "no amount in bought: x"),)

"""What holds for every price text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_currency, get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from lens_rx.parsing.prices import PriceHint, PriceKind, parse_price

LOCALES = (
    "en en_GB en_CA en_AU en_IN en_ZA de de_CH de_AT fr fr_CA fr_CH es es_MX it pt_BR pt_PT nl pl cs sk hu ro bg ru uk tr el sv da nb fi et lv"
    " lt hr sl sr ja zh zh_TW ko ar ar_EG he fa hi bn th vi id ms"
).split()
CURRENCIES = (
    "EUR USD GBP JPY CHF SEK NOK DKK PLN CZK HUF RON BGN TRY BRL INR CAD AUD NZD SGD HKD TWD CNY KRW MXN ZAR ILS UAH THB IDR VND AED SAR"
    " KWD JOD TND"
).split()
CENTS = st.integers(min_value=1, max_value=99_999_999)


@given(
    cents=CENTS, currency=st.sampled_from(CURRENCIES), locale=st.sampled_from(LOCALES), native=st.booleans()
)
def test_what_babel_writes_is_read_back(cents: int, currency: str, locale: str, native: bool):
    """Every locale's standard pattern, in Latin or native digits, is read back to the minor unit."""
    amount = Decimal(cents).scaleb(-get_currency_precision(currency))
    text = format_currency(amount, currency, locale=locale, numbering_system="default" if native else "latn")
    reading = parse_price(text, PriceHint(language=locale.replace("_", "-"), currency=currency))
    assert (reading.amounts, reading.currency, reading.kind) == ((amount,), currency, PriceKind.SINGLE)


@given(
    cents=CENTS,
    currency=st.sampled_from(["EUR", "USD", "GBP", "JPY", "CHF", "INR", "BRL", "PLN"]),
    locale=st.sampled_from(LOCALES),
)
def test_the_amount_needs_no_hint(cents: int, currency: str, locale: str):
    """Without a hint the amount of a currency of at most two minor digits is still read back."""
    amount = Decimal(cents).scaleb(-get_currency_precision(currency))
    assert parse_price(format_currency(amount, currency, locale=locale)).amounts == (amount,)


@given(text=st.text(max_size=300))
def test_no_text_raises(text: str):
    """Any text has a reading of zero, one or two amounts that are not negative, low before high."""
    reading = parse_price(text, PriceHint(language=text[:5], host=text[5:15], currency=text[15:20]))
    assert len(reading.amounts) <= 2
    assert list(reading.amounts) == sorted(reading.amounts)
    assert all(amount >= 0 for amount in reading.amounts)


@given(
    text=st.text(alphabet="0123456789., '-€$£¥kMx%/()+~:abfromwasnow円から万٣۴１\u00a0\u200f", max_size=60)
)
def test_no_heap_of_price_characters_raises(text: str):
    """Numbers, signs, words and marks in any order have a reading whose kind fits its amounts."""
    reading = parse_price(text)
    assert (reading.kind is PriceKind.NONE) == (not reading.amounts)
    assert (reading.quantity is not None) == (reading.kind is PriceKind.LOT)


@given(
    low=CENTS,
    more=CENTS,
    currency=st.sampled_from(["EUR", "USD", "GBP"]),
    locale=st.sampled_from(["en", "de", "fr", "it", "pl", "sv"]),
)
def test_a_written_range_is_read_back(low: int, more: int, currency: str, locale: str):
    """Two amounts that rise, joined by a dash, are a range in every locale."""
    ends = Decimal(low).scaleb(-2), Decimal(low + more).scaleb(-2)
    text = " – ".join(format_currency(end, currency, locale=locale) for end in ends)
    reading = parse_price(text)
    assert (reading.amounts, reading.kind) == (ends, PriceKind.RANGE)


@pytest.mark.parametrize("piece", ["9", "1 ", "1,", "€1", "1-", "was now ", "1万", "(", "'", "x1", "US $"])
def test_a_huge_text_has_a_reading(piece: str):
    """A hundred thousand characters of anything are answered, not choked on."""
    assert parse_price(piece * (100_000 // len(piece))).kind in PriceKind

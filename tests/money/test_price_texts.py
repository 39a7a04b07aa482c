"""Price texts of the world and what they say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lens_rx.money import PriceHint, PriceKind, PriceReading, parse_price

SINGLE = [
    ("1 099,00 €", "1099", "EUR"),
    ("CHF 1'250.–", "1250", "CHF"),
    ("CHF 1’250.–", "1250", "CHF"),
    ("kr 499,-", "499", None),
    ("₹1,29,999", "129999", "INR"),
    ("$1.2k", "1200", "USD"),
    ("EUR 1.234", "1234", "EUR"),
    ("1.234 $", "1234", "USD"),
    ("١٬٢٣٤٫٥٠ ر.س.", "1234.5", "SAR"),
    ("１，２３４円", "1234", "JPY"),
    ("￥1,980", "1980", "JPY"),
    ("1\u202f234,56\u00a0€", "1234.56", "EUR"),
    ("12\u2009345,00 zł", "12345", "PLN"),
    ("Nur 9,99 €", "9.99", "EUR"),
    ("19,99 € zzgl. Versand 4,99 €", "19.99", "EUR"),
    ("19,99 € zzgl. 4,99 € Versand", "19.99", "EUR"),
    ("Size 42 - 59 EUR", "59", "EUR"),
    ("R$ 1.299,90", "1299.90", "BRL"),
    ("TL 1.299,90", "1299.90", "TRY"),
    ("1.299,90 TL", "1299.90", "TRY"),
    ("£12.99", "12.99", "GBP"),
    ("¥1200", "1200", "JPY"),
    ("1200円", "1200", "JPY"),
    ("C $35.00", "35", "CAD"),
    ("AU $59.95", "59.95", "AUD"),
    ("$45.00 Save $35.00", "45", "USD"),
    ("Save $20 – now only $45", "45", "USD"),
    ("$5 off $45", "45", "USD"),
    ("$\u03368\u03360\u0336 $45", "45", "USD"),
    ("12,99 € (2,60 € / 100 g)", "12.99", "EUR"),
    ("59,90 EUR 599,00 EUR pro Kilogramm", "59.90", "EUR"),
    ("$20.00 Free shipping", "20", "USD"),
    ("45 € VB", "45", "EUR"),
    ("VB 45 €", "45", "EUR"),
    ("45 VB", "45", None),
    ("120 € VHB", "120", "EUR"),
    ("$45 OBO", "45", "USD"),
    ("$1.5M", "1500000", "USD"),
    ("€3,5 Mio.", "3500000", "EUR"),
    ("1.2 lakh", "120000", None),
    ("₹1.2 lakh", "120000", "INR"),
    ("₹2.5 Cr", "25000000", "INR"),
    ("Rs 45 lakhs", "4500000", "INR"),
    ("5 тыс. руб.", "5000", "RUB"),
    ("1.5万円", "15000", "JPY"),
    ("3万5千円", "35000", "JPY"),
    ("5만원", "50000", "KRW"),
    ("1만 5천원", "15000", "KRW"),
    ("Rp 1,5 juta", "1500000", "IDR"),
    ("Rp 150rb", "150000", "IDR"),
    ("£2k", "2000", "GBP"),
    ("10k €", "10000", "EUR"),
    ("1,5 triệu đồng", "1500000", "VND"),
    ("1.234,56 €", "1234.56", "EUR"),
    ("$1,234.56", "1234.56", "USD"),
    ("1234,56 €", "1234.56", "EUR"),
    ("1.234.567,89 €", "1234567.89", "EUR"),
    ("25.–", "25", None),
    ("25,- €", "25", "EUR"),
    ("€ 25,-", "25", "EUR"),
    ("€ 25,--", "25", "EUR"),
    ("499:-", "499", None),
    ("Fr. 25.50", "25.50", "CHF"),
    ("SFr. 1'234.50", "1234.50", "CHF"),
    ("۱۲۳٬۴۵۶ ریال", "123456", "IRR"),
    ("₹ १,२३,४५६", "123456", "INR"),
    ("$.75", "0.75", "USD"),
    ("12€99", "12.99", "EUR"),
    ("35 € 99", "35.99", "EUR"),
    ("0,99 €", "0.99", "EUR"),
    ("€0.51", "0.51", "EUR"),
    ("KD 12.500", "12.5", "KWD"),
    ("1,250.500 KWD", "1250.5", "KWD"),
    ("12,500 DT", "12.5", "TND"),
    ("Rp1.250.000", "1250000", "IDR"),
    ("250.000 ₫", "250000", "VND"),
    ("1 234.56 USD", "1234.56", "USD"),
    ("1'234,50 €", "1234.5", "EUR"),
    ("12.999 kr.", "12999", None),
    ("\u200e$45.00\u200f", "45", "USD"),
    ("\u200f45.00 ₪\u200f", "45", "ILS"),
    ("HK$450", "450", "HKD"),
    ("NT$1,160", "1160", "TWD"),
    ("S$45", "45", "SGD"),
    ("A$45", "45", "AUD"),
    ("CA$45", "45", "CAD"),
    ("MX$450", "450", "MXN"),
    ("45 USD", "45", "USD"),
    ("USD 45", "45", "USD"),
    ("45 euro", "45", "EUR"),
    ("45 Euros", "45", "EUR"),
    ("1.500 Kč", "1500", "CZK"),
    ("45 lei", "45", "RON"),
    ("45 лв.", "45", "BGN"),
    ("45 грн", "45", "UAH"),
    ("฿450", "450", "THB"),
    ("450 บาท", "450", "THB"),
    ("₱450", "450", "PHP"),
    ("RM45.00", "45", "MYR"),
    ("R 1 299.00", "1299", "ZAR"),
    ("R1,299", "1299", "ZAR"),
    ("S/ 45.00", "45", "PEN"),
    ("₪45", "45", "ILS"),
    ("45 ₪", "45", "ILS"),
    ("₩45,000", "45000", "KRW"),
    ("45,000원", "45000", "KRW"),
    ("45元", "45", "CNY"),
    ("NT 450元", "450", "TWD"),
    ("$45 CAD", "45", "CAD"),
    ("AED 45", "45", "AED"),
    ("45 د.إ", "45", "AED"),
    ("45 dollars", "45", "USD"),
    ("99¢", "0.99", "USD"),
    ("45 kn", "45", "HRK"),
    ("Rs. 1,299/-", "1299", "INR"),
    ("45 Fr.", "45", "CHF"),
    ("45,00 eur", "45", "EUR"),
    ("45 zl", "45", "PLN"),
    ("EU 42 59,00 €", "59", "EUR"),
    ("Gr. 38 45 €", "45", "EUR"),
    ("Taille 38 - 45 €", "45", "EUR"),
    ("iPhone 13 128 GB 450 €", "450", "EUR"),
    ("PlayStation 5 - 450 €", "450", "EUR"),
    ("L / 42 · 59 €", "59", "EUR"),
    ("100 ml 59 €", "59", "EUR"),
    ("US 9 $120", "120", "USD"),
    ("W32 L34 45 €", "45", "EUR"),
    ("45 € Gr. 38", "45", "EUR"),
    ("Levi's 501 45 €", "45", "EUR"),
    ("Size M $45", "45", "USD"),
    ("Size: 9.5 $120.00", "120", "USD"),
    ("サイズ 42 5,000円", "5000", "JPY"),
    ("34.12 (40.94 inc VAT)", "34.12", None),
    ("R$ 528,00 em até 12x de R$ 44,00 sem juros", "528", "BRL"),
    ("R$60,00 até 2x de R$30,00", "60", "BRL"),
    ("$120.00 or 4 interest-free payments of $30.00", "120", "USD"),
    ("599 € oder 24,96 € mtl.", "599", "EUR"),
    ("5,000円（税込5,500円）", "5000", "JPY"),
    ("302,44€ Χωρίς ΦΠΑ: 243,90€", "302.44", "EUR"),
    ("$45.00 + $4.99 shipping", "45", "USD"),
    ("45,00 € + 5,95 € Versand", "45", "EUR"),
    ("45 € inkl. 19% MwSt. zzgl. Versandkosten", "45", "EUR"),
    ("45 € frais de port 5 €", "45", "EUR"),
    ("45 € + envío 5 €", "45", "EUR"),
    ("$45.00 +$5.00 delivery in 2-4 days", "45", "USD"),
    ("Price: $45", "45", "USD"),
    ("Preis: 45 €*", "45", "EUR"),
    ("$59*", "59", "USD"),
    ("59,00 €*", "59", "EUR"),
    ("Buy It Now $45", "45", "USD"),
    ("EUR 45,00 Sofort-Kaufen", "45", "EUR"),
    ("3 bids $45", "45", "USD"),
    ("$45.00 0 bids", "45", "USD"),
    ("US $45.00 +US $12.30 shipping", "45", "USD"),
    ("$45.00 (Approximately €41.20)", "45", "USD"),
    ("Kostenloser Versand 45 €", "45", "EUR"),
    ("1,299円＋税", "1299", "JPY"),
    ("12 k€", "12000", "EUR"),
    ("12⁹⁹ €", "12.99", "EUR"),
    ("€12 50", "12.50", "EUR"),
    ("12 99 €", "12.99", "EUR"),
    ("2021 BMW X5 45.000 €", "45000", "EUR"),
    ("12.500 € 45.000 km", "12500", "EUR"),
    ("80 m², 1.200 €", "1200", "EUR"),
    ("Was $120 Now: $0.00", "120", "USD"),
    ("89,000 DT", "89", "TND"),
]  # fmt: skip
RANGE = [
    ("US $12.50 to US $15.00", "12.5", "15", "USD"),
    ("$20.00 to $45.00", "20", "45", "USD"),
    ("10,00 - 20,00 €", "10", "20", "EUR"),
    ("10,00 € – 20,00 €", "10", "20", "EUR"),
    ("€10-20", "10", "20", "EUR"),
    ("10-20€", "10", "20", "EUR"),
    ("von 10 bis 20 €", "10", "20", "EUR"),
    ("entre 10 y 20 €", "10", "20", "EUR"),
    ("de 10 à 20 €", "10", "20", "EUR"),
    ("$10 ~ $20", "10", "20", "USD"),
    ("¥1,000〜¥2,000", "1000", "2000", "JPY"),
    ("1,000円から2,000円", "1000", "2000", "JPY"),
    ("EUR 10,00 bis EUR 20,00", "10", "20", "EUR"),
    ("10,00 EUR a 20,00 EUR", "10", "20", "EUR"),
    ("da 10 a 20 €", "10", "20", "EUR"),
    ("od 10 do 20 zł", "10", "20", "PLN"),
    ("от 100 до 200 руб.", "100", "200", "RUB"),
    ("$1,200.00–$1,500.00", "1200", "1500", "USD"),
    ("£10 to £20", "10", "20", "GBP"),
    ("$1-2k", "1000", "2000", "USD"),
    ("10 to 20 USD", "10", "20", "USD"),
    ("US $10.00 - 15.00", "10", "15", "USD"),
    ("10 tot 20 euro", "10", "20", "EUR"),
    ("between $10 and $20", "10", "20", "USD"),
    ("1 000 - 1 500 kr", "1000", "1500", None),
    ("$12-15K", "12000", "15000", "USD"),
]  # fmt: skip
FROM = [
    ("ab 19,90 €", "19.90", "EUR"),
    ("desde 19,90 €", "19.90", "EUR"),
    ("From $109.90", "109.90", "USD"),
    ("à partir de 39,90 €", "39.90", "EUR"),
    ("A partir de R$ 39,90", "39.90", "BRL"),
    ("da 39,90 €", "39.90", "EUR"),
    ("od 39,90 zł", "39.90", "PLN"),
    ("vanaf € 39,90", "39.90", "EUR"),
    ("v.a. € 39,90", "39.90", "EUR"),
    ("fra 399 kr", "399", None),
    ("från 399 kr", "399", None),
    ("от 399 руб.", "399", "RUB"),
    ("399 €-tól", "399", "EUR"),
    ("3 990 Ft-tól", "3990", "HUF"),
    ("100円〜", "100", "JPY"),
    ("100円から", "100", "JPY"),
    ("¥100起", "100", "JPY"),
    ("10,000원부터", "10000", "KRW"),
    ("$49+", "49", "USD"),
    ("starting at $49", "49", "USD"),
    ("100 TL'den başlayan", "100", "TRY"),
    ("alkaen 39,90 €", "39.90", "EUR"),
    ("από 39,90 €", "39.90", "EUR"),
    ("de la 39,90 lei", "39.90", "RON"),
    ("od 390 Kč", "390", "CZK"),
    ("dès 39 €", "39", "EUR"),
    ("Ab CHF 39.90", "39.90", "CHF"),
    ("$49 and up", "49", "USD"),
    ("from 45 USD", "45", "USD"),
]  # fmt: skip
WAS_NOW = [
    ("Was $80 Now $45", "45", "USD"),
    ("statt 99,00 € nur 79,00 €", "79", "EUR"),
    ("79,00 € statt 99,00 €", "79", "EUR"),
    ("UVP 199,00 € 149,00 €", "149", "EUR"),
    ("149,00 € UVP 199,00 €", "149", "EUR"),
    ("45 € au lieu de 80 €", "45", "EUR"),
    ("Antes 80 € Ahora 45 €", "45", "EUR"),
    ("antes: $80.00 ahora: $45.00", "45", "USD"),
    ("RRP £80.00 £45.00", "45", "GBP"),
    ("£45.00 (RRP £80.00)", "45", "GBP"),
    ("£45.00, was £80.00", "45", "GBP"),
    ("De R$ 100,00 por R$ 80,00", "80", "BRL"),
    ("Van € 50,00 voor € 40,00", "40", "EUR"),
    ("80 zł zamiast 100 zł", "80", "PLN"),
    ("Było 100 zł, teraz 80 zł", "80", "PLN"),
    ("Původní cena 1 290 Kč, nyní 990 Kč", "990", "CZK"),
    ("было 5 000 ₽ стало 3 000 ₽", "3000", "RUB"),
    ("Старая цена 5 000 руб. 3 000 руб.", "3000", "RUB"),
    ("12 990 Ft helyett 9 990 Ft", "9990", "HUF"),
    ("定価5,000円→3,000円", "3000", "JPY"),
    ("通常価格 5,000円 特価 3,000円", "3000", "JPY"),
    ("原价¥199 现价¥99", "99", "JPY"),
    ("정가 50,000원 할인가 30,000원", "30000", "KRW"),
    ("Prima 80,00 € Ora 45,00 €", "45", "EUR"),
    ("99,99 EUR (-30,00%) 69,99 EUR", "69.99", "EUR"),
    ("$80.00 → $45.00", "45", "USD"),
    ("List Price: $80.00 Price: $45.00 You Save: $35.00 (44%)", "45", "USD"),
    ("M.R.P.: ₹1,999 ₹999 (50% off)", "999", "INR"),
    ("Eski fiyat 1.000 TL Yeni fiyat 800 TL", "800", "TRY"),
    ("100 TL yerine 80 TL", "80", "TRY"),
    ("reduced from $80 to $45", "45", "USD"),
    ("von 80 € auf 45 €", "45", "EUR"),
    ("Neupreis 120 €, jetzt 45 €", "45", "EUR"),
    ("45 € (NP 120 €)", "45", "EUR"),
    ("Compare at $80.00 $45.00", "45", "USD"),
    ("Originally $80, on sale for $45", "45", "USD"),
    ("Sale price $45.00 Regular price $80.00", "45", "USD"),
    ("Angebot€45,00 Regulärer Preis€80,00", "45", "EUR"),
    ("£45.00 £80.00 44% OFF", "45", "GBP"),
    ("-44% 45,00 € 80,00 €", "45", "EUR"),
    ("Rs. 999 Rs. 1,999 (50% OFF)", "999", "INR"),
    ("PVPR 80 € 45 €", "45", "EUR"),
]  # fmt: skip
LOT = [
    ("2 x 15,00 €", "15", "EUR", 2),
    ("2x15,00 €", "15", "EUR", 2),
    ("2 × 15,00 €", "15", "EUR", 2),
    ("3 for $30", "10", "USD", 3),
    ("3 für 30 €", "10", "EUR", 3),
    ("3er Pack 30,00 €", "10", "EUR", 3),
    ("3er-Pack 30,00 €", "10", "EUR", 3),
    ("Pack of 3 $30", "10", "USD", 3),
    ("Lot of 5 - $50.00", "10", "USD", 5),
    ("5 Stück à 2,50 €", "2.50", "EUR", 5),
    ("15,00 € x 2", "15", "EUR", 2),
    ("$30 for 3", "10", "USD", 3),
    ("2 pour 30 €", "15", "EUR", 2),
    ("2 por 30 €", "15", "EUR", 2),
    ("4 @ $2.50", "2.50", "USD", 4),
    ("Lot de 3 - 30 €", "10", "EUR", 3),
    ("2 za 30 zł", "15", "PLN", 2),
    ("10 Stk. 30 €", "3", "EUR", 10),
    ("3-pack 30 kr", "10", None, 3),
    ("Set of 4 £40", "10", "GBP", 4),
    ("3個セット 3,000円", "1000", "JPY", 3),
    ("2 voor € 30", "15", "EUR", 2),
]  # fmt: skip
PER_UNIT = [
    ("€ 2,50 / kg", "2.50", "EUR"),
    ("2,50 €/kg", "2.50", "EUR"),
    ("2,50 € pro kg", "2.50", "EUR"),
    ("2,50 € je 100 g", "2.50", "EUR"),
    ("$5 per lb", "5", "USD"),
    ("$5/lb", "5", "USD"),
    ("$4.99 each", "4.99", "USD"),
    ("2,50 € / 100 ml", "2.50", "EUR"),
    ("(1 kg = 25,00 €)", "25", "EUR"),
    ("$15.95/mo", "15.95", "USD"),
    ("2,50 € le kilo", "2.50", "EUR"),
    ("2,50 €/Stück", "2.50", "EUR"),
    ("12 zł/szt", "12", "PLN"),
    ("5 € la pièce", "5", "EUR"),
    ("99 руб./шт.", "99", "RUB"),
    ("12x de R$ 44,00 sem juros", "44", "BRL"),
    ("US $45.00/Piece", "45", "USD"),
]  # fmt: skip
FREE = [
    ("gratis", None),
    ("Gratis!", None),
    ("Free", None),
    ("FREE!", None),
    ("kostenlos", None),
    ("Zu verschenken", None),
    ("Gratuit", None),
    ("За бесплатно", None),
    ("無料", None),
    ("za darmo", None),
    ("Ücretsiz", None),
    ("Zdarma", None),
    ("Ingyenes", None),
    ("مجاني", None),
    ("무료나눔", None),
    ("免费", None),
    ("Gratis op te halen", None),
    ("חינם", None),
    ("Δωρεάν", None),
    ("Miễn phí", None),
    ("Bortskänkes", None),
    ("for free", None),
    ("gratis + 5 € Versand", "EUR"),
]  # fmt: skip
NONE = [
    ("Free shipping", None),
    ("Kostenloser Versand", None),
    ("Versandkostenfrei", None),
    ("Livraison gratuite", None),
    ("Free Shipping on Orders $49+.", "USD"),
    ("sugar-free", None),
    ("tax free", None),
    ("送料無料", None),
    ("", None),
    ("VB", None),
    ("Preis auf Anfrage", None),
    ("Sold out", None),
    ("50%", None),
    ("15.08.2017", None),
    ("July, 2004", None),
    ("10:30", None),
    ("16 GB", None),
    ("Size 42", None),
    ("N/A", None),
    ("Art.-Nr. 12345", None),
    ("twenty", None),
    ("+EUR 5,90 Versand", "EUR"),
]  # fmt: skip
HINTED = [
    ("499 kr", PriceHint(language="sv"), "499", "SEK", PriceKind.SINGLE),
    ("499 kr", PriceHint(host="www.dba.dk"), "499", "DKK", PriceKind.SINGLE),
    ("499 kr", PriceHint(currency="NOK"), "499", "NOK", PriceKind.SINGLE),
    ("$499", PriceHint(host="www.ebay.ca"), "499", "CAD", PriceKind.SINGLE),
    ("$499", PriceHint(language="en-AU"), "499", "AUD", PriceKind.SINGLE),
    ("¥499", PriceHint(language="zh-CN"), "499", "CNY", PriceKind.SINGLE),
    ("499", PriceHint(currency="EUR"), "499", "EUR", PriceKind.SINGLE),
    ("$499", PriceHint(currency="EUR"), "499", "USD", PriceKind.SINGLE),
    ("Ord. pris 499 kr Nu 299 kr", PriceHint(language="sv"), "299", "SEK", PriceKind.WAS_NOW),
    ("Før 499 kr, nå 299 kr", PriceHint(language="nb"), "299", "NOK", PriceKind.WAS_NOW),
    ("Fr. 399 kr", PriceHint(language="sv"), "399", "SEK", PriceKind.FROM),
    ("20 mil pesos", PriceHint(language="es-MX"), "20000", "MXN", PriceKind.SINGLE),
]  # fmt: skip


def _one(amount: str, currency: str | None, kind: PriceKind) -> PriceReading:
    return PriceReading((Decimal(amount),), currency, kind)


@pytest.mark.parametrize(("text", "amount", "currency"), SINGLE)
def test_a_single_price_is_read_whatever_its_separators_signs_and_neighbours(
    text: str, amount: str, currency: str | None
):
    """One amount is asked, and sizes, shipping, taxes and instalments beside it are not taken for it."""
    assert parse_price(text) == _one(amount, currency, PriceKind.SINGLE)


@pytest.mark.parametrize(("text", "low", "high", "currency"), RANGE)
def test_a_range_gives_low_and_high(text: str, low: str, high: str, currency: str | None):
    """A range gives its two ends, also where only one of them carries the currency."""
    assert parse_price(text) == PriceReading((Decimal(low), Decimal(high)), currency, PriceKind.RANGE)


@pytest.mark.parametrize(("text", "amount", "currency"), FROM)
def test_a_lowest_price_is_told_from_a_fixed_one(text: str, amount: str, currency: str | None):
    """Words and marks for "from" are known before and behind the amount."""
    assert parse_price(text) == _one(amount, currency, PriceKind.FROM)


@pytest.mark.parametrize(("text", "amount", "currency"), WAS_NOW)
def test_what_is_asked_now_is_read_not_what_was_asked(text: str, amount: str, currency: str | None):
    """The old, recommended or struck-out price is passed over."""
    assert parse_price(text) == _one(amount, currency, PriceKind.WAS_NOW)


@pytest.mark.parametrize(("text", "amount", "currency", "quantity"), LOT)
def test_a_lot_gives_the_price_of_one_and_how_many(text: str, amount: str, currency: str, quantity: int):
    """The price of a whole pack is parted among its pieces."""
    assert parse_price(text) == PriceReading((Decimal(amount),), currency, PriceKind.LOT, quantity)


@pytest.mark.parametrize(("text", "amount", "currency"), PER_UNIT)
def test_a_price_per_unit_is_said_to_be_one(text: str, amount: str, currency: str | None):
    """A price for a kilogram, a piece or a month is no price of the whole."""
    assert parse_price(text) == _one(amount, currency, PriceKind.PER_UNIT)


@pytest.mark.parametrize(("text", "currency"), FREE)
def test_what_is_given_away_costs_nothing(text: str, currency: str | None):
    """Words for free read as zero."""
    assert parse_price(text) == _one("0", currency, PriceKind.FREE)


@pytest.mark.parametrize(("text", "currency"), NONE)
def test_a_text_without_a_price_has_none(text: str, currency: str | None):
    """Free shipping, dates, sizes, codes and shares of a hundred are no prices."""
    assert parse_price(text) == PriceReading((), currency, PriceKind.NONE)


@pytest.mark.parametrize(("text", "hint", "amount", "currency", "kind"), HINTED)
def test_the_hint_settles_what_the_text_leaves_open(
    text: str, hint: PriceHint, amount: str, currency: str, kind: PriceKind
):
    """Language, host and declared currency decide an ambiguous sign, and never overrule a clear one."""
    assert parse_price(text, hint) == _one(amount, currency, kind)

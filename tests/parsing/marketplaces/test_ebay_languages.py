"""eBay's wordings in seven languages, each in the three layouts that its pages have had."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from lens_rx.facts import Offer
from lens_rx.parsing.marketplaces import ebay

TITLE = "Cobble 40 desk lamp"


@dataclass(frozen=True)
class Site:
    """What one site writes on its cards; each amount of delivery is 4.99, each sale of 3 November 2025."""

    host: str
    price: str
    price_range: tuple[str, str, str]
    new_tab: str
    delivery: tuple[str, ...]
    free: tuple[str, ...]
    bids: tuple[str, ...]
    best_offer: tuple[str, ...]
    sold: tuple[str, ...]
    ended: str
    fewer: tuple[str, ...]
    none: str


SITES = (
    Site(
        "www.ebay.co.uk",
        "£1,025.00",
        ("£10.00", "to", "£20.00"),
        "Opens in a new window or tab",
        ("+£4.99 postage", "+ £4.99 postage estimate", "£4.99 delivery in 2-4 days", "£4.99 postage · Free returns"),
        ("Free postage", "Free P&P", "Free delivery Thu, 6 Nov", "Free postage, Free returns"),
        ("3 bids", "3 bids ·"),
        ("or Best Offer", "Best offer accepted"),
        ("Sold  3 Nov 2025", "SOLD NOV 3, 2025", "Sold on Nov 3, 2025"),
        "Ended 3 Nov 2025",
        ("Results matching fewer words", "Results for fewer search terms"),
        "0 results found",
    ),
    Site(
        "www.ebay.de",
        "EUR 1.025,00",
        ("EUR 10,00", "bis", "EUR 20,00"),
        "Wird in neuem Fenster oder Tab geöffnet",
        ("+EUR 4,99 Versand", "+ ca. EUR 4,99 Versand", "+EUR 4,99 · 1-2 Tage Lieferung"),
        ("Kostenloser Versand", "Gratis Lieferung", "Kostenloser Versand, Kostenloser Rückversand"),
        ("3 Gebote",),
        ("oder Preisvorschlag", "Preisvorschlag akzeptiert", "oder Bestpreisangebot"),
        ("Verkauft  3. Nov 2025", "Verkauft am 03.11.2025"),
        "Beendet 3. Nov 2025",
        ("Ergebnisse für weniger Suchbegriffe", "Artikel mit weniger Wörtern"),
        "Es wurden keine genau passenden Artikel gefunden",
    ),
    Site(
        "www.ebay.fr",
        "1 025,00 EUR",
        ("10,00 EUR", "à", "20,00 EUR"),
        "La page s'ouvre dans une nouvelle fenêtre ou un nouvel onglet",
        ("+4,99 EUR (livraison)", "+4,99 EUR de frais de livraison estimés", "+4,99 EUR pour la livraison"),
        ("Livraison gratuite en 3-4 jours", "Livraison offerte", "Livraison gratuite · Retours gratuits"),
        ("3 enchères",),
        ("ou Offre directe", "Offre directe acceptée", "ou Meilleure offre"),
        ("Vendu le 3 nov. 2025", "VENDU 3 NOV. 2025"),
        "Terminé le 3 nov. 2025",
        ("Résultats correspondant à moins de mots", "Résultats pour un nombre de mots inférieur"),
        "Aucun résultat exact",
    ),
    Site(
        "www.ebay.it",
        "EUR 1.025,00",
        ("EUR 10,00", "a", "EUR 20,00"),
        "Viene aperta una nuova finestra o scheda",
        ("+EUR 4,99 di spedizione", "+EUR 4,99 di spese di spedizione stimate"),
        ("Spedizione gratis", "Consegna gratuita in 2-4 giorni"),
        ("3 offerte",),
        ("o Proposta d'acquisto", "Proposta d’acquisto accettata"),
        ("Venduto  3 nov 2025", "Venduto il 3 nov 2025"),
        "Terminato il 3 nov 2025",
        ("Risultati corrispondenti a un minor numero di parole", "Risultati per meno termini di ricerca"),
        "Non sono stati trovati risultati esatti",
    ),
    Site(
        "www.ebay.es",
        "1.025,00 EUR",
        ("10,00 EUR", "a", "20,00 EUR"),
        "Se abre en una ventana o pestaña nueva",
        ("+4,99 EUR de envío", "+4,99 EUR por el envío", "+4,99 EUR de gastos de envío estimados"),
        ("Envío gratis", "Entrega gratuita en 2-4 días", "Envío gratis Devolución gratis"),
        ("3 pujas", "3 ofertas de subasta"),
        ("o Mejor oferta", "Mejor oferta aceptada", "u Oferta"),
        ("Vendido el 3 de nov de 2025", "Vendido  3 nov 2025"),
        "Finalizado el 3 nov 2025",
        ("Resultados que coinciden con menos palabras", "Resultados con menos términos de búsqueda"),
        "Sin coincidencias exactas",
    ),
    Site(
        "www.ebay.nl",
        "EUR 1.025,00",
        ("EUR 10,00", "tot", "EUR 20,00"),
        "Wordt in nieuw venster of op nieuw tabblad geopend",
        ("+EUR 4,99 verzendkosten", "+EUR 4,99 bezorging"),
        ("Gratis verzending", "Gratis bezorging in 2-4 dagen"),
        ("3 biedingen",),
        ("of Beste bod", "of Bod", "Beste bod geaccepteerd"),
        ("Verkocht  3 nov 2025", "Verkocht op 3 nov. 2025"),
        "Beëindigd op 3 nov 2025",
        ("Resultaten die overeenkomen met minder woorden", "Resultaten met minder zoektermen"),
        "Geen exacte overeenkomsten gevonden",
    ),
    Site(
        "www.ebay.pl",
        "1 025,00 zł",
        ("10,00 zł", "do", "20,00 zł"),
        "Otwiera się w nowym oknie lub karcie",
        ("+4,99 zł za wysyłkę", "+4,99 zł szacowany koszt przesyłki", "+4,99 zł za dostawę"),
        ("Bezpłatna wysyłka", "Darmowa dostawa"),
        ("3 licytacje", "3 oferty"),
        ("lub Najlepsza oferta", "lub Złóż propozycję"),
        ("Sprzedano 3 lis 2025", "Sprzedane: 3 listopada 2025"),
        "Zakończono 3 lis 2025",
        ("Wyniki pasujące do mniejszej liczby słów", "Wyniki z mniejszą liczbą słów"),
        "Brak dokładnych dopasowań",
    ),
)  # fmt: skip


def item_row(number: int, site: Site, caption: str, price: str, said: str) -> str:
    return (
        f"<li><div><a href='/itm/1500000000{number:02}'><img src='https://i.example/1.jpg' alt='{TITLE} {number}'></a></div>"
        f"<div><span>{caption}</span><a href='/itm/1500000000{number:02}'><h3>{TITLE} {number}</h3>"
        f"<span class=clipped>{site.new_tab}</span></a>"
        f"<div><span>{price}</span></div><div><span>{said}</span></div></div></li>"
    )


def card_row(number: int, site: Site, caption: str, price: str, said: str) -> str:
    return (
        f"<li><div><a href=/itm/1500000000{number:02}?x=1><img src=https://i.example/1.jpg></a></div><div>"
        f"<div><span>{caption}</span></div><a href=/itm/1500000000{number:02}?x=1><div role=heading><span>{TITLE} {number}"
        f"</span><span>{site.new_tab}</span></div></a><div><span>{price}</span></div><div><span>{said}</span></div>"
        "</div></li>"
    )


def grid_row(number: int, site: Site, caption: str, price: str, said: str) -> str:
    return (
        f"<li><div><img src=https://i.example/1.jpg></div><div><span>{caption}</span><div>"
        f"<a href=/itm/1500000000{number:02}>{TITLE} {number}</a></div><div><span>{price}</span></div>"
        f"<div><span>{said}</span></div><span role=heading><span>S&#8291;</span><span>p&#8291;</span></span></div></li>"
    )


LAYOUTS: tuple[Callable[[int, Site, str, str, str], str], ...] = (item_row, card_row, grid_row)


@pytest.fixture(params=LAYOUTS, ids=lambda layout: layout.__name__)
def layout(request: pytest.FixtureRequest) -> Callable[[int, Site, str, str, str], str]:
    chosen: Callable[[int, Site, str, str, str], str] = request.param
    return chosen


@pytest.fixture(params=SITES, ids=lambda site: site.host)
def site(request: pytest.FixtureRequest) -> Site:
    chosen: Site = request.param
    return chosen


class Reads:
    """Reads the one card of a page in a site's language and layout."""

    def __init__(self, site: Site, layout: Callable[[int, Site, str, str, str], str]) -> None:
        self._site, self._layout = site, layout

    def __call__(self, said: str = "", *, price: str = "", caption: str = "") -> Offer:
        row = self._layout(1, self._site, caption, price or self._site.price, said)
        sold = "&LH_Sold=1" if caption else ""
        url = f"https://{self._site.host}/sch/i.html?_nkw=x{sold}"
        (offer,) = ebay.offers_from_html(f"<ul>{row}</ul>", url)
        return offer


@pytest.fixture
def read(site: Site, layout: Callable[[int, Site, str, str, str], str]) -> Reads:
    return Reads(site, layout)


def test_title_and_price(read: Reads):
    """The title is what is linked, without what is only read out; thousands are told from cents."""
    offer = read()
    assert (offer.title, offer.price, offer.price_high) == (f"{TITLE} 1", Decimal(1025), None)


def test_price_range(site: Site, read: Reads):
    """Both ends of a range are read, in one text or in three."""
    for price in (" ".join(site.price_range), "</span><span> ".join(site.price_range)):
        offer = read(price=price)
        assert (offer.price, offer.price_high) == (Decimal(10), Decimal(20)), price


def test_delivery(site: Site, read: Reads):
    """What delivery costs is read beside free returns, and free delivery is none."""
    assert {said: read(said).shipping for said in site.delivery} == dict.fromkeys(
        site.delivery, Decimal("4.99")
    )
    assert {said: read(said).shipping for said in site.free} == dict.fromkeys(site.free, Decimal(0))


def test_bids_and_best_offers(site: Site, read: Reads):
    """Auctions and sellers who take offers are told from fixed prices, and from each other."""
    for said in site.bids:
        assert (read(said).bids, read(said).best_offer) == (3, False), said
    for said in site.best_offer:
        assert (read(said).bids, read(said).best_offer) == (None, True), said


def test_sales(site: Site, read: Reads):
    """A sale has its day; what ended without one was not sold."""
    for caption in site.sold:
        offer = read(caption=caption)
        assert offer.sold_at is not None, caption
        assert (offer.sold, offer.sold_at.date().isoformat()) == (True, "2025-11-03"), caption
    assert (read(caption=site.ended).sold, read(caption=site.ended).sold_at) == (False, None)


@pytest.mark.parametrize("notice", ["<li><span>{}</span></li>", "<li><div><h3>{}</h3></div></li>"])
def test_fewer_words(site: Site, layout: Callable[[int, Site, str, str, str], str], notice: str):
    """What stands below the notice that only some of the words match is no offer."""
    rows = [layout(number, site, "", site.price, "") for number in range(4)]
    url = f"https://{site.host}/sch/i.html?_nkw=x"
    for said in site.fewer:
        html = f"<ul>{rows[0]}{rows[1]}{notice.format(said)}{rows[2]}{rows[3]}</ul>"
        assert len(ebay.offers_from_html(html, url)) == 2, said


def test_what_every_card_says_is_no_title(layout: Callable[[int, Site, str, str, str], str]):
    """Words that are read out on every card, in a language that is not known, belong to no title."""
    unknown = replace(SITES[0], new_tab="Atver jaunā cilnē vai logā", price="€7.00")
    rows = "".join(layout(number, unknown, "", "€7.00", "") for number in range(4))
    offers = ebay.offers_from_html(f"<ul>{rows}</ul>", "https://www.ebay.ie/sch/i.html?_nkw=x")
    assert [offer.title for offer in offers] == [f"{TITLE} {number}" for number in range(4)]


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("+US $4.99 за доставку", "shipping", Decimal("4.99")),
        ("Бесплатная доставка", "shipping", Decimal(0)),
        ("Frete grátis", "shipping", Decimal(0)),
        ("무료 배송", "shipping", Decimal(0)),
        ("+USD4.99 배송", "shipping", Decimal("4.99")),
        ("送料無料", "shipping", Decimal(0)),
        ("3 ставки", "bids", 3),
        ("3 lances", "bids", 3),
        ("ou Melhor oferta", "best_offer", True),
        ("или Лучшее предложение", "best_offer", True),
        ("Продано 3 нояб. 2025", "sold", True),
        ("판매됨 2025년 11월 3일", "sold", True),
    ],
)
def test_translated_for_visitors(said: str, field: str, value: object):
    """The American site speaks the languages of its visitors, too."""
    row = card_row(1, SITES[0], "", "US $25.00", said)
    (offer,) = ebay.offers_from_html(f"<ul>{row}</ul>", "https://www.ebay.com/sch/i.html?_nkw=x")
    assert (getattr(offer, field), offer.price, offer.currency) == (value, Decimal(25), "USD")


def test_none(site: Site):
    """The notice that nothing matches is understood."""
    assert ebay.says_none(f"<main><h3>{site.none}</h3></main>")

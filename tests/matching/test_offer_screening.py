"""Which offers are believed, title by title, in the languages of the marketplaces."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lens_rx.facts import Condition, Identity, Match, Money, Offer
from lens_rx.matching import offers_from_matches, screen_offers


def offer(title: str, number: int = 1) -> Offer:
    link = f"https://www.ebay.de/itm/{110_000_000_000 + number}"
    return Offer(str(number), title, link, Decimal(50), "EUR", marketplace="ebay")


def reason(title: str, identity: Identity) -> str:
    """Return why one offer is rejected, empty where it is believed."""
    _, rejected = screen_offers([offer(title)], identity)
    return rejected[0].reason if rejected else ""


FLEECE = Identity("Patagonia", "Better Sweater", category="fleece jacket")
CAMERA = Identity("Canon", "AE-1", category="camera")
BUDS = Identity("Sony", "WF-1000XM5", category="earbuds")
HEADPHONES = Identity("Apple", "AirPods Max", category="headphones")
SHOE = Identity("Caldera", "Trail Runner 3", category="shoes")
PARKA = Identity("Norrvik", "Fjell Parka", category="jacket")
BAG = Identity("Longchamp", "Le Pliage", category="bag")
DOWN = Identity("The North Face", "1996 Retro Nuptse", category="jacket")
JEANS = Identity("Levi's", "501", category="jeans")
CHAIR = Identity("Herman Miller", "Aeron", category="office chair")
PHONE = Identity("Apple", "iPhone 12", category="smartphone")
WATCH = Identity("Rolex", "Submariner 16610", category="watch")
GUITAR = Identity("Gibson", "Les Paul Standard", category="electric guitar")
PACK = Identity("Fjällräven", "Kånken", category="backpack")
SNEAKER = Identity("Nike", "Air Max 90", category="sneakers")
LIBERTY = Identity("Soundcore", "Liberty 4 NC", category="earbuds")
LAMP = Identity("Lumenfeld", "Stativ", category="lamp")

BELIEVED = {
    FLEECE: (
        "Patagonia Better Sweater Men's M Grey", "patagonia better sweater fleece jacket women size S",
        "Herren Patagonia Better Sweater Fleecejacke Gr. L grau", "Veste polaire Patagonia Better Sweater femme",
        "Chaqueta Patagonia Better Sweater hombre talla M", "Felpa Patagonia Better Sweater uomo",
        "Patagonia Better Sweater Fleece Jacket - Size 10", "Patagonia Better Sweater bluza polarowa męska",
        "Patagonia Better Sweater with original tags and bag", "Fleece for men Patagonia Better Sweater",
    ),
    CAMERA: (
        "Canon AE1 body black", "CANON AE-1 Kamera mit 50mm Objektiv", "Canon AE-1 with case and strap",
        "Canon AE-1 35mm Film Camera w/ 50mm f/1.8 lens", "Appareil photo Canon AE-1 avec housse",
        "キヤノン Canon AE-1 フィルムカメラ", "Canon AE-1 inkl. Bedienungsanleitung und Tasche", "Aparat Canon AE-1 z pokrowcem",
    ),
    BUDS: ("Sony WF1000XM5 schwarz", "SONY WF-1000XM5 mit Ladekabel und OVP", "Sony WF-1000XM5 + Box"),
    HEADPHONES: (
        "AirPods Max", "Apple AirPods Max (2025) - with Apple Care+", "AirPods Max (Lightning) in black",
        "Airpod Max", "AirPods Max like new", "AirPods Max Type C",
    ),
    SHOE: ("Caldera Trail Runner 3 orange UK 9", "Laufschuhe Caldera Trail Runner 3 Gr. 43"),
    PARKA: ("Norrvik Fjell Parka Gr. M sehr gut", "Norrvik Fjell Parka Wachsjacke", "Norrvik Fjell Parka · Damen"),
    BAG: ("Longchamp Pliage M noir", "Le Pliage tote bag Longchamp large", "Borsa Longchamp Le Pliage"),
    DOWN: ("TNF North Face 1996 Nuptse Retro puffer", "Daunenjacke The North Face Nuptse Retro 1996"),
    JEANS: ("Levis 501 jeans blue", "LEVI'S 501 Original Fit Jeans Herren", "Levi's 501 W32 L34", "Slim fit Levi's 501"),
    CHAIR: ("Bürostuhl Herman Miller Aeron", "Chaise de bureau Herman Miller Aeron", "Herman Miller Aeron sedia"),
    PHONE: ("iPhone 12 128GB blue unlocked", "Grey iPhone 12 64GB", "Apple iPhone 12 64GB + OVP + Ladekabel"),
    WATCH: ("Rolex Submariner Date 16610 box & papers", "Rolex Submariner 16610 steel bracelet 40mm case"),
    GUITAR: ("2004 Gibson Les Paul Standard electric guitar w/ hard case", "Guitare Gibson Les Paul Standard 2019"),
    PACK: ("Fjallraven Kanken backpack classic", "Sac à dos Fjällräven Kånken", "Plecak Fjällräven Kånken"),
    SNEAKER: ("Baskets Nike Air Max 90 taille 42", "Nike Airmax 90 Gr. 43", "NIKE AIR MAX 90 US 10.5 EUR 44.5"),
}  # fmt: skip

REJECTED = {
    "more than one": {
        FLEECE: (
            "Lot of 3 Patagonia Better Sweater", "2x Patagonia Better Sweater", "Konvolut Patagonia Better Sweater",
            "Bundle Patagonia Better Sweater + Nano Puff", "Patagonia Better Sweater and pants",
        ),
        PARKA: ("3 Stück Norrvik Fjell Parka", "Norrvik Fjell Parka + Norrvik Fjell Hose Set"),
        BAG: ("Lot de 2 sacs Longchamp Pliage",),
        SNEAKER: ("2 paar Nike Air Max 90",),
    },
    "no original": {
        FLEECE: ("Patagonia style better sweater", "Patagonia Better Sweater Replica"),
        PARKA: ("Parka im Stil von Norrvik Fjell", "Norrvik Fjell Parka Replik"),
        BAG: ("Sac style Longchamp Le Pliage",),
        HEADPHONES: ("Apple AirPods Max fake",),
        CHAIR: ("Office chair inspired by Herman Miller Aeron",),
        PACK: ("Kanken style backpack",),
    },
    "accessory": {
        FLEECE: ("Zipper pull for Patagonia Better Sweater",),
        CAMERA: (
            "Canon AE-1 manual", "Kameratasche für Canon AE-1", "Lens cap Canon AE-1", "Battery door for Canon AE-1",
            "Canon AE-1 用 ケース",
        ),
        BUDS: ("Charging case only Sony WF-1000XM5", "Hülle für Sony WF-1000XM5", "Leere Box Sony WF-1000XM5"),
        SHOE: ("Caldera Trail Runner 3 laces", "Insoles for Caldera Trail Runner 3"),
        CHAIR: ("Herman Miller Aeron replacement casters", "Ersatzteile Herman Miller Aeron"),
        PHONE: ("Coque pour iPhone 12", "Panzerglas iPhone 12", "iPhone 12 Case Leather"),
        WATCH: ("Bracelet for Rolex Submariner 16610", "Empty box Rolex Submariner 16610"),
    },
    "another kind": {
        FLEECE: ("Patagonia Better Sweater Vest Mens",),
        PARKA: ("Norrvik Fjell Parka Mütze",),
        BAG: ("Portefeuille Longchamp Le Pliage",),
        JEANS: ("Levi's 501 Shorts",),
    },
    "title": {
        FLEECE: ("Patagonia Synchilla Fleece", "Columbia Fleece Jacket"),
        CAMERA: ("Canon A-1 camera", "Canon AE-2 camera", "Nikon FM2"),
        BUDS: ("Sony WF-1000XM4", "Sony WH-1000XM5 Over-Ear"),
        HEADPHONES: ("Apple AirPods Pro", "AirPods 3"),
        SHOE: ("Caldera Trail Runner 2", "Nike Trail Runner"),
        DOWN: ("The North Face Denali Jacket", "The North Face 1992 Nuptse"),
        PHONE: ("iPhone 12 Pro 128GB", "Apple iPhone 12 mini", "Apple iPhone 13"),
        WATCH: ("Rolex Submariner 116610LN",),
        GUITAR: ("Epiphone Les Paul Standard", "Gibson Les Paul Studio"),
        SNEAKER: ("Nike Air Max 95",),
        LIBERTY: ("Soundcore Liberty 4 Pro Wireless Earbuds Noise Cancelling", "Soundcore Liberty 3 NC"),
        LAMP: ("Lumenfeld Stativ Mark II", "Lumenfeld Stativ 2"),
    },
    "about": {
        LAMP: ("Lumenfeld Stativ Werbeplakat alt", "Livre Lumenfeld Stativ", "Pin Lumenfeld Stativ"),
    },
    "edition": {
        LAMP: ("Lumenfeld Stativ Limited Edition", "Lumenfeld Stativ Edición limitada", "Lumenfeld Stativ 限定版"),
    },
    "children": {FLEECE: ("Patagonia Better Sweater Kids", "Patagonia Better Sweater for Dogs")},
    "Somebody": {FLEECE: ("WTB Patagonia Better Sweater",), PARKA: ("Suche Norrvik Fjell Parka",)},
    "placeholder": {FLEECE: ("Shop on eBay", "", "{{title}}")},
}  # fmt: skip


@pytest.mark.parametrize(
    ("identity", "title"), [(it, title) for it, told in BELIEVED.items() for title in told]
)
def test_honest_titles_are_believed(identity: Identity, title: str):
    """A title that names the thing, and what comes with it, is believed in any language."""
    assert reason(title, identity) == ""


@pytest.mark.parametrize(
    ("words", "identity", "title"),
    [(words, it, title) for words, cases in REJECTED.items() for it, told in cases.items() for title in told],
)
def test_other_things_are_rejected_with_their_reason(words: str, identity: Identity, title: str):
    """What is not one such thing is rejected, and the reason says why."""
    assert words in reason(title, identity)


def test_order_is_kept_on_both_sides():
    """What is kept and what is rejected stand in the order of the page."""
    titles = ["Canon AE-1 a", "Canon A-1", "Canon AE-1 b", "Canon AV-1"]
    kept, rejected = screen_offers([offer(title, n) for n, title in enumerate(titles)], CAMERA)
    assert [it.title for it in kept] == ["Canon AE-1 a", "Canon AE-1 b"]
    assert [it.offer.title for it in rejected] == ["Canon A-1", "Canon AV-1"]


def test_a_listing_counts_once():
    """The same listing by another address, or the same picture at the same price, is a duplicate."""
    first = replace(offer("Canon AE-1"), image="https://i.example/1.jpg")
    again = replace(
        first, id="x", link="https://www.ebay.de/itm/some-words/110000000001?hash=1", marketplace=""
    )
    relisted = replace(first, id="y", link="https://www.ebay.de/itm/119999999999")
    other = replace(relisted, id="z", link="https://www.ebay.de/itm/118888888888", price=Decimal(51))
    kept, rejected = screen_offers([first, again, relisted, other], CAMERA)
    assert kept == (first, other)
    assert {it.reason for it in rejected} == {"The same listing was already counted."}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"price": Decimal(0)}, "no price"),
        ({"price_high": Decimal(150)}, "variants"),
        ({"bids": 0}, "bid"),
    ],
)
def test_prices_that_nobody_means_are_rejected(changes: dict[str, object], words: str):
    """No price, a price over many variants, the start of an auction without bids say nothing."""
    _, (rejected,) = screen_offers([replace(offer("Canon AE-1"), **changes)], CAMERA)
    assert words in rejected.reason


@pytest.mark.parametrize(
    "changes", [{"price_high": Decimal(60)}, {"bids": 4}, {"bids": 0, "sold": True}, {"sold": True}]
)
def test_prices_that_are_meant_are_believed(changes: dict[str, object]):
    """A narrow range, a bid, a sale tell what the thing goes for."""
    kept, _ = screen_offers([replace(offer("Canon AE-1"), **changes)], CAMERA)
    assert len(kept) == 1


def test_words_of_the_thing_itself_give_nothing_away():
    """A thing that is a set, a case, or for another thing, is judged by what it is."""
    assert reason("Halvar Carry Case for Reflex M2", Identity("Halvar", "Carry Case for Reflex M2")) == ""
    assert reason("Norrvik Tea Set of 6 cups", Identity("Norrvik", "Tea Set of 6")) == ""


@pytest.mark.parametrize(
    ("link", "title", "condition"),
    [
        ("https://www.vinted.de/items/4412345678-coat", "Norrvik Fjell Parka", Condition.USED),
        (
            "https://www.vinted.de/items/4412345678-coat",
            "Used Norrvik Fjell Parka, very good",
            Condition.VERY_GOOD,
        ),
        ("https://www.ebay.co.uk/itm/110000000001", "Norrvik Fjell Parka", Condition.UNKNOWN),
        ("https://shop.example.com/a", "Norrvik Fjell Parka gebraucht", Condition.USED),
        ("https://jp.mercari.com/item/m123456789", "Norrvik Fjell Parka", Condition.USED),
    ],
)
def test_second_hand_look_alikes_are_offers(link: str, title: str, condition: Condition):
    """A priced look-alike on a second-hand host, or in second-hand words, is an offer."""
    (found,) = offers_from_matches([Match(title, link, price=Money(Decimal(80), "EUR"))])
    assert (found.title, found.link, found.price, found.currency) == (title, link, Decimal(80), "EUR")
    assert found.condition is condition


@pytest.mark.parametrize(
    "match",
    [
        Match("Norrvik Fjell Parka", "https://www.norrvik.com/fjell", price=Money(Decimal(300), "EUR")),
        Match("Norrvik Fjell Parka new", "https://www.zalando.de/x.html", price=Money(Decimal(300), "EUR")),
        Match("Norrvik Fjell Parka", "https://www.vinted.de/items/1-x"),
        Match("Parka", "https://www.vinted.de/items/1-x", price=Money(Decimal(9), "EUR"), in_stock=False),
        Match("Parka", "not an address", price=Money(Decimal(9), "EUR")),
        Match("Parka", "http://[broken", price=Money(Decimal(9), "EUR")),
    ],
    ids=lambda match: match.link,
)
def test_other_look_alikes_are_no_offers(match: Match):
    """What a shop sells new, has no price, or is gone, is no second-hand offer."""
    assert offers_from_matches([match]) == ()


@settings(max_examples=80, deadline=1000)
@given(st.text(max_size=200), st.text(max_size=20), st.text(max_size=20))
def test_any_title_is_judged(title: str, producer: str, model: str):
    """Every offer comes out on exactly one side, whatever its words."""
    kept, rejected = screen_offers([offer(title)], Identity(producer, model))
    assert len(kept) + len(rejected) == 1

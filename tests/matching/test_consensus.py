"""What titles agree on, in the languages and habits of real listings; where they do not, nothing is said."""

from __future__ import annotations

from itertools import count

import pytest

from lens_rx.facts import Decider, Match
from lens_rx.matching.consensus import consensus

AGREEING = {
    "one word, a model of words": (
        "Norrvik",
        "Fjell Parka",
        """
        Norrvik Fjell Parka | Norrvik | https://norrvik.com/fjell
        Norrvik Fjell Parka Gr. M dunkelgrün | eBay | https://www.ebay.de/itm/1
        Parka Norrvik Fjell Parka homme taille L | https://www.vinted.fr/items/2
        Men's Norrvik Fjell Parka size XL vgc
        Herren Jacke Norrvik Fjell Parka, wie neu
        """,
    ),
    "two words that a host joins": (
        "Stella Nova",
        "Moto Boot",
        """
        Stella Nova Moto Boot - Stella Nova | https://www.stellanova.com/moto
        Stella Nova Moto Boot EU 38 | https://poshmark.com/2
        STELLA NOVA MOTO BOOT black leather | https://ebay.com/3
        Stella Nova Moto Boot | https://zalando.de/4
        """,
    ),
    "two words, the first of which is noise elsewhere": (
        "New Balance",
        "574",
        """
        New Balance 574 Core grey | Zalando | https://zalando.de/1
        NEW BALANCE 574 US 10.5 new in box | https://ebay.com/2
        new balance 574 sneakers gr. 42 | https://kleinanzeigen.de/3
        Brand new! New Balance 574 | https://depop.com/4
        """,
    ),
    "three words with an article": (
        "The North Face",
        "Nuptse 1996",
        """
        The North Face Nuptse 1996 jacket | https://thenorthface.com/1
        Doudoune The North Face Nuptse 1996 noire taille M | https://vinted.fr/2
        THE NORTH FACE Nuptse 1996 Daunenjacke Herren L | https://ebay.de/3
        north face Himalayan parka | https://ebay.com/4
        """,
    ),
    "an ampersand": (
        "Bang & Olufsen",
        "Beoplay H95",
        """
        Bang & Olufsen Beoplay H95 headphones | https://bang-olufsen.com/1
        Bang and Olufsen Beoplay H95 Kopfhörer | https://ebay.de/2
        Bang & Olufsen Beoplay H95 casque | https://fnac.com/3
        BANG & OLUFSEN Beoplay H95 - like new | https://ebay.com/4
        """,
    ),
    "a model number with and without hyphen": (
        "Sonora",
        "WH-1000XM4",
        """
        Sonora WH-1000XM4 wireless headphones black
        Sonora WH1000XM4 Kopfhörer schwarz
        Casque Sonora WH-1000XM4 noir
        ソノラ Sonora WH-1000XM4 ワイヤレスヘッドホン
        Sonora WH-1000XM5 silver
        """,
    ),
    "an accent that not all write": (
        "Fjällsund",
        "Greenland Jacket",
        """
        Fjällsund Greenland Jacket | https://fjallsund.com/1
        Fjallsund Greenland Jacket navy M | https://ebay.com/2
        Fjällsund Greenland Jacket Herren | https://ebay.de/3
        Fjällsund Greenland Jacket dark olive | https://sellpy.se/4
        """,
    ),
    "an apostrophe and a number": (
        "Levi's",
        "501",
        """
        Levi's 501 jeans W32 L34 blau | https://ebay.de/1
        Levi's 501 32x34 | https://depop.com/2
        Jean Levi's 501 homme bleu | https://vinted.fr/3
        Vintage Levi's 501 | https://etsy.com/4
        """,
    ),
    "the neighbour of the same make": (
        "Halvar",
        "Reflex M2",
        """
        Halvar Reflex M2 35 mm camera
        Halvar Reflex M3 camera body
        Halvar Reflex M2 boxed
        Halvar Reflex M2 Kamera mit Tasche
        Halvar Reflex M2 | eBay
        Halvar Range 35
        """,
    ),
    "the maker behind the model": (
        "Lumenfeld",
        "Arko",
        """
        Arko Lumenfeld table lamp red | https://lumenfeld.dk/arko
        Arko Lumenfeld | https://2.test/
        Lampe Arko Lumenfeld rouge | https://3.test/
        Arko Lumenfeld Leuchte | https://4.test/
        """,
    ),
    "a name in another script": (
        "無垢工房",
        "KX-70",
        """
        無垢工房 KX-70 ヘッドホン
        無垢工房 KX-70 美品
        【中古】無垢工房 KX-70
        無垢工房 KX-70 送料無料
        """,
    ),
    "a colour in half of the titles": (
        "Aurelle",
        "Nora",
        """
        Aurelle Nora burgundy
        Aurelle Nora burgundy bag
        Aurelle Nora handbag
        Aurelle Nora Tasche
        """,
    ),
    "a colour that is the name": (
        "Chronova",
        "Rally Black",
        """
        Chronova Rally Black watch
        Chronova Rally Black Uhr
        Montre Chronova Rally Black
        Chronova Rally Black 40 mm
        """,
    ),
    "a size letter that is the name": (
        "Silvaro",
        "Starling S",
        """
        Silvaro Starling S electric guitar
        Silvaro Starling S E-Gitarre
        Silvaro Starling S | Mercari
        Silvaro Starling S surf green
        """,
    ),
    "one that everybody shouts": (
        "CALDERA",
        "TRAIL RUNNER 3",
        """
        CALDERA TRAIL RUNNER 3 SHOES
        CALDERA TRAIL RUNNER 3 UK 9
        CALDERA TRAIL RUNNER 3 SCHUHE
        """,
    ),
}

DISAGREEING = {
    "titles of nothing": "",
    "one title": "Halvar Reflex M2 camera",
    "every title another thing": """
        Halvar Reflex M2 camera
        Norrvik Fjell Parka
        Stolhus Ronda chair
        Kivo One Pro
        """,
    "two camps": """
        Halvar Reflex M2
        Halvar Reflex M2 boxed
        Brokk DX 18
        Brokk DX 18 drill
        """,
    "a kind and a colour": """
        brown leather jacket men
        Brown Leather Jacket Size M
        Brown leather jacket vintage
        """,
    "a maker without a model": """
        Norrvik jacket green
        Norrvik Jacket M
        Norrvik Jacket navy
        """,
    "talk about a kind": """
        electric guitar aesthetic wallpaper
        How to choose: electric guitar
        electric guitar outfit ideas
        """,
    "shops and trade": """
        Buy online - free shipping | eBay
        Buy online best price | eBay
        Shop online | eBay
        """,
}

_numbers = count()


def matches(titles: str) -> list[Match]:
    """Return a match a line; what follows the last bar is its link where it is one."""
    found = []
    for line in filter(None, map(str.strip, titles.splitlines())):
        title, _, link = line.rpartition(" | ")
        has_link = link.startswith("http")
        other = f"https://shop{next(_numbers)}.test/"
        found.append(Match(title if has_link else line, link if has_link else other))
    return found


@pytest.mark.parametrize("case", AGREEING)
def test_agreeing_titles_name_the_thing(case: str):
    """The name that most titles share is told, split where the producer's name ends, without noise."""
    producer, model, titles = AGREEING[case]
    identity = consensus(matches(titles))
    assert identity
    assert (identity.producer, identity.model) == (producer, model)
    assert identity.decider is Decider.CONSENSUS
    assert len(identity.titles) >= 2


@pytest.mark.parametrize("case", DISAGREEING)
def test_disagreeing_titles_name_nothing(case: str):
    """Where titles share no name, or share two, nothing is said."""
    assert consensus(matches(DISAGREEING[case])) is None


CAMPS = """
    Halvar Reflex M2
    Halvar Reflex M2 boxed
    Halvar Reflex M2 camera
    Brokk DX 18
    Brokk DX 18 drill
    """


def test_a_given_producer_is_the_only_one_heard():
    """With the producer given, titles of others are not heard on the model, be they more."""
    identity = consensus(matches(CAMPS), producer="Brokk")
    assert identity and (identity.producer, identity.model) == ("Brokk", "DX 18")


def test_a_given_producer_that_no_title_bears_names_nothing():
    """A producer whom no title names gets no model of another's."""
    assert consensus(matches(CAMPS), producer="Tonwerk") is None


def test_a_given_model_tells_its_producer():
    """With the model given, what stands before it in its titles is the producer."""
    identity = consensus(matches(CAMPS), model="DX 18")
    assert identity and (identity.producer, identity.model) == ("Brokk", "DX 18")


def test_a_hostile_title_costs_little():
    """A title of a hundred thousand words, and a thousand titles, are cut to what a page shows."""
    long = Match("Halvar " * 100_000, "https://a.test/")
    few = matches("Halvar Reflex M2\nHalvar Reflex M2")
    identity = consensus([*few, *few, long, *([Match("Reflex", "https://b.test/")] * 1000)])
    assert identity is None or identity.producer == "Halvar"

"""Which titles name another variant of a thing, in the languages of the marketplaces."""

import pytest

from lens_rx.facts import Identity
from lens_rx.matching.variants import other_variant

PHONE = Identity("Kivo", "One", ("Kivo One | eBay", "Kivo One Pro sand", "Kivo One boxed"), "phone")
NUMBERED = Identity("Apple", "iPhone 12", category="smartphone")
LETTERED = Identity("Samsung", "Galaxy S21", category="phone")
BUDS = Identity("Apple", "AirPods Pro", category="earbuds")
CAMERA = Identity("Sony", "A7", category="camera")
CONSOLE = Identity("Nintendo", "Switch", category="console")
PARKA = Identity("Norrvik", "Fjell Parka", category="jacket")
JEANS = Identity("Levi's", "501", category="jeans")
BOOT = Identity("Caldera", "Ridge Boot", category="boots")
DRESS = Identity("Aurelle", "Nora", category="dress")
DRILL = Identity("Brokk", "DX 18")

OTHERS = {
    PHONE: (
        "Kivo One Pro sand", "KIVO ONE PRO MAX", "Kivo OnePro", "Kivo One-Pro", "Kivo One Plus", "Kivo One+ 128GB",
        "Kivo One XL", "Kivo One S", "Kivo One SE", "Kivo One Lite 64 GB", "Kivo One 2", "Kivo One II",
        "Kivo One Mark II", "Kivo One 2nd gen", "Kivo One (2. Generation)", "Kivo One Gen 3", "Kivo One プロ 中古",
    ),
    NUMBERED: ("iPhone 12 Pro 128GB", "iPhone 12 mini", "iPhone 12 (Pro)", "iPhone 12 mini 中古"),
    LETTERED: ("Galaxy S21+", "Galaxy S21 FE", "Galaxy S21 Ultra 5G"),
    BUDS: (
        "Apple AirPods Pro 2", "AirPods Pro (2nd generation)", "AirPods Pro 2ème génération",
        "AirPods Pro 2a generazione", "AirPods Pro 第2世代",
    ),
    CAMERA: ("Sony A7 III", "Sony A7 R", "Sony A7 II body"),
    CONSOLE: ("Nintendo Switch OLED", "Nintendo Switch Lite"),
    PARKA: ("Norrvik Fjell Lite Jacke", "Norrvik Fjell Parka II", "Norrvik Fjell Parka Pro", "Norrvik Fjell Parka Mini"),
    BOOT: ("Caldera Ridge Boot 2",),
    DRILL: ("Brokk DX 18 Pro", "Brokk DX 18 II"),
}  # fmt: skip

THE_SAME = {
    PHONE: (
        "Kivo One", "Kivo One 128 GB", "Kivo One 6 GB RAM", "Kivo One 2 Jahre alt", "Kivo One - 3 months old",
        "Kivo One 3 mois", "Kivo One, 2 Ladekabel", "Kivo One, mini Kratzer", "Kivo One se vende", "Kivo One a vendre",
        "Kivo One s krabičkou", "Kivo One phone one owner", "Kivo One 1st generation", "Kivo One 5G",
    ),
    LETTERED: ("Samsung Galaxy S21 5G 128GB",),
    BUDS: ("AirPods Pro", "AirPods Pro 1. Generation"),
    PARKA: (
        "Norrvik Fjell Parka XL", "Norrvik Fjell Parka S", "Norrvik Fjell Parka XS", "Norrvik Fjell Parka plus size",
        "Norrvik Fjell Parka slim fit",
    ),
    JEANS: ("Levi's 501 slim fit", "Levi's 501 W32 L34", "Levis 501 S"),
    BOOT: ("Caldera Ridge Boot 8 UK", "Ridge Boot UK 8", "Ridge Boot 8 US"),
    DRESS: ("Aurelle Nora mini dress", "Aurelle Nora XS"),
    DRILL: ("Brokk DX 18 V",),
}  # fmt: skip


def pairs(table: dict[Identity, tuple[str, ...]]) -> list[tuple[Identity, str]]:
    return [(identity, title) for identity, titles in table.items() for title in titles]


@pytest.mark.parametrize(("identity", "title"), pairs(OTHERS))
def test_a_longer_name_is_another_variant(identity: Identity, title: str):
    """A word that makes another model, right behind the thing's own name, is told."""
    assert other_variant(title, identity)


@pytest.mark.parametrize(("identity", "title"), pairs(THE_SAME))
def test_sizes_ages_and_small_words_are_none(identity: Identity, title: str):
    """The size of a garment, an age, a measure, or a word of the language makes no other model."""
    assert other_variant(title, identity) == ""


def test_what_most_titles_say_belongs_to_the_thing():
    """A word by which at least half of the look-alikes call the thing is no variant; by which fewer do, is one."""
    usual = Identity("Nimbus", "Watch", ("Nimbus Watch Pro", "Nimbus Watch Pro black"), "watch")
    stray = Identity("Nimbus", "Watch", ("Nimbus Watch Pro", "Nimbus Watch", "Nimbus Watch"), "watch")
    assert other_variant("Nimbus Watch Pro boxed", usual) == ""
    assert other_variant("Nimbus Watch Pro boxed", stray) == "Pro"

"""Whether a title states the size or variant that the user gave, in the languages of the marketplaces."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lens_rx.facts import Identity, Item, Offer, Offers, Options, Rejected
from lens_rx.matching.assess_offers import assess_offers
from lens_rx.matching.wanted_traits import WantedTraits

PARKA = Identity("Norrvik", "Fjell Parka", category="jacket")
SHOE = Identity("Adidas", "Samba OG", category="sneaker")
JEANS = Identity("Levi's", "501", category="jeans")
PHONE = Identity("Kivo", "One", category="smartphone")
PACK = Identity("Osprey", "Talon", category="backpack")
PODS = Identity("Kivo", "Pods", category="headphones")
UNKNOWN = Identity("", "")

#: By identity, size and variant: titles that state the same, another one, and none.
TITLES: dict[tuple[Identity, str, str], tuple[str, str, str]] = {
    (PARKA, "M", ""): (
        "Fjell Parka M green|Parka Gr. m|Parka taille M/L|Parka Medium|サイズM|Parka (M)|Parka M-L",
        "Parka size L|Parka Herren XL|parka 2xl|Parka storlek S|maat XXL|Talla extra large|Parka tg. XS",
        "parka|Parka Men's M-65|H&M Parka|L.L. Bean parka|WOMEN'S PARKA|Parka 30 L|Parka Gr. 48",
    ),
    (PARKA, "size large", ""): ("Parka L", "Parka M", "parka"),
    (PARKA, "38", ""): (
        "parka Gr. 38|parka 38-40|parka EU 38|velikost 38",
        "parka EU 40|parka 42|rozmiar 36",
        "parka 59 EUR|parka UK 12|parka 60 cm|parka 1938|€38 parka",
    ),
    (PARKA, "UK 10", ""): ("Parka UK 10", "Parka UK 12", "Parka EU 38"),
    (SHOE, "EU 42", ""): (
        "Samba OG 42|Samba US 9|Samba UK 8|Samba EUR 42 59€|Samba 41/42|Samba pointure 42|Samba size 8",
        "Samba Gr. 43|Samba US 10|Samba 42½|Samba 42 2/3|Samba women's US 9|Samba UK 8.5 EU 42.5|Samba 38",
        "Samba|Samba 45 €|Samba 2022",
    ),
    (SHOE, "US 9", ""): (
        "Samba EU 42|Samba US 9|Samba 9 US EU 43",
        "Samba EU 44|Samba US 9.5|Samba UK 9",
        "Samba",
    ),
    (JEANS, "W32 L34", ""): (
        "Levi's 501 W32 L34|501 32/34|501 W32|501 32W 34L",
        "501 W34 L32|501 32x30",
        "Levi's 501",
    ),
    (JEANS, "32", ""): ("501 W32 L34|501 32", "501 34/34", "501"),
    (PHONE, "256 GB", ""): (
        "Kivo One 256GB|One 8/256GB|One 16GB RAM 256 GB|One 256 Go",
        "Kivo One 128 GB|One 1TB|One 12GB+512GB",
        "Kivo One|One 16GB RAM",
    ),
    (PHONE, "1 TB", ""): ("One 1024GB|One 1To", "One 512 GB", "Kivo One"),
    (PHONE, "13 inch", ""): ('One 13-inch|One 13 Zoll|One 13.3"', "One 15″|One 15''|One 15 pouces", "One 13"),
    (PACK, "28 l", ""): ("Talon 28L|Talon 28 Liter|Talon 2800 cl", "Talon 22 L|Talon 33 litros", "Talon L"),
    (UNKNOWN, "100 cm", ""): ("x 100 cm|x 80x100cm", "x 80 cm", "x 100"),
    (UNKNOWN, "Queen", ""): ("bed queen", "", "bed"),
    (PHONE, "", "2nd generation"): (
        "One 2nd gen|One (2. Generation)|One Mark II|One 2e génération|One 第2世代|One generación 2",
        "One Gen 3|One mk3|One V3",
        "Kivo One|One 2|One V14-IIL",
    ),
    (PHONE, "", "blue 256 GB"): (
        "One dunkelblau 256 GB|One azul 256GB|One black/blue 256 GB|One ブルー256GB",
        "One rot 256 GB|One blue 128 GB|One schwarzes 256 GB",
        "One 256 GB|One blue",
    ),
    (PACK, "", "leather"): ("Talon cuir|Talon aus Leder", "Talon canvas", "Talon"),
    (PACK, "", "red Signature"): ("Talon signature red", "Talon blue", "Talon red|Talon signature"),
}


def cases() -> list[tuple[Identity, str, str, str, str]]:
    return [
        (*given, title, fit)
        for given, groups in TITLES.items()
        for titles, fit in zip(groups, ("same", "other", "unknown"), strict=True)
        for title in titles.split("|")
        if title
    ]


def offer(title: str, number: int = 0, **fields: object) -> Offer:
    return Offer(str(number), title, f"https://m.test/{title}/{number}", Decimal(100), "EUR", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(("identity", "size", "variant", "title", "expected"), cases())
def test_a_title_states_the_same_another_or_none(
    identity: Identity, size: str, variant: str, title: str, expected: str
):
    """Another one and one that is not stated are told apart, and never weigh more than the same."""
    fit = WantedTraits.of(Options(size=size, variant=variant), identity).fit(offer(title))
    found = "same" if fit.is_stated else "other" if fit.others else "unknown"
    assert found == expected, fit
    assert (fit.log_sd > 0 or fit.is_other_thing) == (expected != "same")


@pytest.mark.parametrize("number", range(3, 14))
def test_shoe_sizes_convert_there_and_back(number: int):
    """What is the same from one region to another is so the other way, and no size is that of the next but one."""
    for one, other in (("UK", "US"), ("US", "EU"), ("EU", "UK")):
        for step in (-2, -1, 0, 1, 2):
            sizes = [f"{region} {number + step + 32 * (region == 'EU')}" for region in (one, other)]
            there, back = (
                WantedTraits.of(Options(size=a), SHOE).fit_text(b).is_stated for a, b in (sizes, sizes[::-1])
            )
            assert there == back
    same = [
        it
        for it in range(34, 50)
        if WantedTraits.of(Options(size=f"UK {number}"), SHOE).fit_text(f"EU {it}").is_stated
    ]
    assert len(same) <= 2


def test_the_label_of_a_card_counts():
    """A size that stands beside the title, as on Vinted, is the offer's."""
    wanted = WantedTraits.of(Options(size="M"), PARKA)
    assert wanted.fit(offer("Parka", size="L / 40 / 12")).note == "It is size L, not M"
    assert wanted.fit(offer("Parka", size="M / 38 / 10")).is_stated


def test_a_name_that_states_the_size_still_does():
    """A model called by its volume states it; a colour in the producer's name states none."""
    named = Identity("Osprey", "Talon 28 L", category="backpack")
    assert WantedTraits.of(Options(size="28 l"), named).fit(offer("Osprey Talon 28 L")).is_stated
    diamond = Identity("Black Diamond", "Distance", category="backpack")
    blue = WantedTraits.of(Options(variant="blue"), diamond).fit(offer("Black Diamond Distance"))
    assert blue.note == "its colour is not stated"


def assessed(options: Options, *titles: str, identity: Identity = PHONE, rejected: tuple[Rejected, ...] = ()):
    offers = tuple(offer(title, number) for number, title in enumerate(titles))
    return assess_offers(Offers(offers, rejected), Item((), options), identity)


def test_without_size_and_variant_nothing_is_assessed():
    """Every offer is as good as the other."""
    it = assessed(Options(), "One 128 GB", "One 256 GB")
    assert {(one.exclusion, one.log_sd, one.note) for one in it.assessments} == {("", 0.0, "")}
    assert it.doubt([1, 1]) == ""


def test_another_capacity_goes():
    """Where enough are of the wanted one, another one is no price of the thing."""
    it = assessed(Options(size="256 GB"), *["One 256GB"] * 3, "One 512 GB", "One")
    assert [one.exclusion for one in it.assessments] == ["", "", "", "It is 512 GB, not 256 GB.", ""]
    assert [one.note for one in it.assessments[3:]] == ["", "its storage is not stated"]
    assert it.doubt([1, 1, 1, 0, 1]) == ""


def test_where_none_states_the_size_a_doubt_says_so():
    """The offers count nearly as before, and the worth is a little less sure."""
    it = assessed(Options(size="M"), *["Fjell Parka"] * 5, identity=PARKA)
    assert it.doubt([1] * 5) == "None of 5 offers states size M."
    assert {one.group for one in it.assessments} == {"its size is not stated"}


def test_where_hardly_any_is_of_the_capacity_the_others_count():
    """They count for much less, the worth is less sure, and a doubt says why."""
    it = assessed(Options(size="256 GB"), "One 256GB", "One 512 GB", "One 128 GB", "One 128 GB")
    assert [one.exclusion for one in it.assessments] == [""] * 4
    assert [one.log_sd > 0.3 for one in it.assessments] == [False, True, True, True]
    assert it.doubt([1] * 4) == "Only 1 of 4 offers states 256 GB; others count as well, for less."
    assert it.doubt([1, 0, 0, 0]) == ""


def test_a_rejected_variant_comes_back_where_it_is_the_wanted_one():
    """An offer that was rejected for the words that the user gave counts; one of yet another variant does not."""
    rejected = (
        Rejected(
            offer("Kivo Pods 2nd generation", 90), "The title names another variant: Pods 2nd generation."
        ),
        Rejected(offer("Kivo Pods 2", 91), "The title names another variant: Pods 2."),
        Rejected(offer("Kivo Pods 3", 92), "The title names another variant: Pods 3."),
        Rejected(offer("Kivo Pods 2 box only", 93), "The title names another variant: Pods 2."),
        Rejected(offer("Kivo Pods Limited Edition", 94), "It is another edition: “limited edition”."),
    )
    it = assessed(Options(variant="2nd generation"), "Kivo Pods", identity=PODS, rejected=rejected)
    assert [one.offer.id for one in it.rejected] == ["92", "93", "94"]
    assert [one.log_sd > 0 for one in it.assessments] == [True, False, True]
    it = assessed(Options(variant="Limited Edition"), "Kivo Pods", identity=PODS, rejected=rejected)
    assert [one.offer.id for one in it.rejected] == ["90", "91", "92", "93"]

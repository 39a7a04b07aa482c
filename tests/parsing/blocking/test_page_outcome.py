from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from page_files import PageFile, saved, shared

from lens_rx.facts import Outcome
from lens_rx.parsing.blocking import (
    CONSENT_ACCEPT_WORDS,
    CONSENT_REJECT_WORDS,
    PageVerdict,
    classify_page,
)
from lens_rx.parsing.blocking.page_summary import summarize
from lens_rx.parsing.html.tree import parse_html

SEARCH = "https://www.google.com/search?q=x"
LENS = "https://www.google.com/search?vsrid=x&udm=26"
SHOP = "https://shop.example/p/1"
WALLS = [page for page in saved("blocked") if page.truth["outcome"] == "blocked"]
HEALTHY = [
    *shared("product"),
    *shared("ebay"),
    *shared("lens"),
    *(page for page in shared("2026/product") if page.truth["kind"] != "not_found"),
    *shared("2026/market"),
]


@pytest.mark.parametrize("page", saved("blocked"), ids=str)
def test_our_page(page: PageFile):
    """Each of our pages gets the outcome and the wall that it was written to show."""
    found = classify_page(page.html, page.url, page.truth["status"])
    assert found == PageVerdict(Outcome(page.truth["outcome"]), page.truth["wall"])


@pytest.mark.parametrize("page", [*shared("blocked"), *shared("2026/blocked")] or [None], ids=str)
def test_real_wall(page: PageFile | None):
    """Every real wall is recognised, at its own address and at the one that was asked for."""
    if page is None:
        pytest.skip("the shared pages are not there")
    for url in (page.url, SEARCH, LENS, SHOP, "https://www.ebay.com/sch/i.html?_nkw=x"):
        assert classify_page(page.html, url, page.truth["status"]).outcome is Outcome.BLOCKED


@pytest.mark.parametrize("page", HEALTHY or [None], ids=str)
def test_real_page(page: PageFile | None):
    """No healthy real page is taken for a wall, whatever words it carries."""
    if page is None:
        pytest.skip("the shared pages are not there")
    assert classify_page(page.html, page.url, 200) == PageVerdict(Outcome.OK)


@pytest.mark.parametrize("page", shared("serp") or [None], ids=str)
def test_real_search(page: PageFile | None):
    """A search that found nothing is empty; one that found something is fine."""
    if page is None:
        pytest.skip("the shared pages are not there")
    outcome = Outcome.OK if page.truth["results"] else Outcome.EMPTY
    assert classify_page(page.html, page.url, 200) == PageVerdict(outcome)


@pytest.mark.parametrize(
    ("url", "wall"),
    [
        ("https://www.google.com/sorry/index?continue=x", "captcha"),
        ("https://consent.google.com/m?continue=x", "consent"),
        ("https://consent.youtube.com/m?continue=x", "consent"),
        ("https://www.google.com/httpservice/retry/enablejs?sei=x", "shell"),
        ("https://www.google.de/webhp", "shell"),
        ("https://www.ebay.de/splashui/challenge?ru=x", "pardon"),
        ("https://www.ebay.de/splashui/captcha?ru=x", "captcha"),
        ("https://signin.ebay.com/ws/eBayISAPI.dll", "login"),
        ("https://shop.example/p/1?__cf_chl_rt_tk=x", "challenge"),
    ],
)
def test_address(url: str, wall: str):
    """The address that a page came from is enough where only a wall has it."""
    assert classify_page("<html><body><p>hello</p></body></html>", url, 200) == PageVerdict(
        Outcome.BLOCKED, wall
    )


@pytest.mark.parametrize(
    ("status", "wall"), [(403, "forbidden"), (429, "rate_limit"), (503, "unavailable"), (999, "forbidden")]
)
def test_status(status: int, wall: str):
    """A page that says nothing else is judged by its status."""
    html = "<html><body><h1>Sorry</h1><p>Come back another day, we are resting.</p></body></html>"
    assert classify_page(html, SHOP, status) == PageVerdict(Outcome.BLOCKED, wall)
    assert classify_page(html, SEARCH, status) == PageVerdict(Outcome.BLOCKED, wall)


@pytest.mark.parametrize(
    ("html", "status", "wall"),
    [
        ('{"url":"https://geo.captcha-delivery.com/captcha/?initialCid=a&hash=b"}', 403, "captcha"),
        ('{"appId":"PXa","blockScript":"/a/captcha/PXa/captcha.js"}', 403, "captcha"),
        ("<h1>We are sorry</h1><p>Your network may be sending automated queries.</p>", 200, "captcha"),
        ("<h1>You are now in line</h1><p>Your estimated wait is five minutes.</p>", 200, "unavailable"),
        ("<h1>Warteraum</h1><p>Sie stehen in der Warteschlange.</p>", 200, "unavailable"),
    ],
)
@pytest.mark.parametrize("url", [SEARCH, SHOP, "https://www.vinted.fr/catalog?search_text=x"])
def test_wall_by_its_words(html: str, status: int, wall: str, url: str):
    """What a wall answers to programs, and rooms to wait in, are named for what they are."""
    assert classify_page(html, url, status) == PageVerdict(Outcome.BLOCKED, wall)


@pytest.mark.parametrize(
    ("reject", "accept"),
    [
        ("Reject all", "Accept all"),
        ("Alle ablehnen", "Alle akzeptieren"),
        ("Tout refuser", "Tout accepter"),
        ("Rechazar todo", "Aceptar todo"),
        ("Rifiuta tutto", "Accetta tutto"),
        ("Alles afwijzen", "Alles accepteren"),
        ("Odrzuć wszystko", "Zaakceptuj wszystko"),
        ("Afvis alle", "Acceptér alle"),
        ("Avvisa alla", "Godkänn alla"),
        ("Rejeitar tudo", "Aceitar tudo"),
        ("Hylkää kaikki", "Hyväksy kaikki"),
        ("Odmítnout vše", "Přijmout vše"),
        ("Az összes elutasítása", "Az összes elfogadása"),
        ("Respinge tot", "Acceptă tot"),
        ("Odbaci sve", "Prihvati sve"),
        ("Zavrni vse", "Sprejmi vse"),
        ("Отхвърляне на всички", "Приемане на всички"),
        ("Απόρριψη όλων", "Αποδοχή όλων"),
        ("Keeldu kõigist", "Nõustu kõigiga"),
        ("Noraidīt visu", "Piekrist visam"),
        ("Atmesti viską", "Sutikti su viskuo"),
    ],
)
def test_consent_buttons(reject: str, accept: str):
    """The two buttons of a question for consent are understood in each language in which it is asked."""
    text = "Cookies and data about you and your device are kept. " * 4
    html = f"<body><p>{text}</p><button>{reject}</button><button>{accept}</button></body>"
    assert classify_page(html, SHOP, 200) == PageVerdict(Outcome.BLOCKED, "consent")


def test_product_outweighs_status():
    """A page that carries its product is read, though its server answers 403."""
    html = '<html><body itemscope itemtype="https://schema.org/Product"><h1>Oak chair</h1></body></html>'
    assert classify_page(html, SHOP, 403).outcome is Outcome.OK


@pytest.mark.parametrize("reject", CONSENT_REJECT_WORDS)
def test_consent_words(reject: str):
    """A page that is nothing but a question for consent is a wall, in whatever language its buttons speak."""
    accept = CONSENT_ACCEPT_WORDS[0]
    text = "Cookies and data about you and your device are kept. " * 4
    html = f"<body><p>{text}</p><button>{reject.title()}</button><button>{accept}</button></body>"
    assert classify_page(html, SHOP, 200) == PageVerdict(Outcome.BLOCKED, "consent")


@pytest.mark.parametrize("url", [SEARCH, LENS, SHOP])
@pytest.mark.parametrize("page", WALLS, ids=str)
def test_truncated(page: PageFile, url: str):
    """A wall that was cut off anywhere is judged without an error."""
    for part in range(1, 8):
        assert classify_page(page.html[: len(page.html) * part // 8], url, 200).outcome in Outcome


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.sampled_from(
                ["<", ">", "</", "<a href='", "<form action=", "<h3>", "<script>", "\ud800", "\x00"]
            ),
        ),
        max_size=60,
    ),
    st.sampled_from([SEARCH, LENS, SHOP, "http://[", "", "https://www.ebay.com/sch/i.html", "\x00"]),
    st.integers(100, 999),
)
def test_anything(parts: list[str], url: str, status: int):
    """Whatever comes is judged within a second, and nothing raises."""
    assert classify_page("".join(parts), url, status).outcome in Outcome


def test_endless_title():
    """Of a title that never ends, no more is read than titles have."""
    assert len(summarize(parse_html("<title>" + "unusual traffic " * 9_000), SHOP).title) == 500


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<ul><li>" * 50_000,
        "<a href=x>" * 20_000,
        "<p" + " a=1" * 50_000,
        "<button>Accept " * 5_000,
    ],
    ids=["divs", "lists", "links", "attributes", "buttons"],
)
def test_hostile(html: str):
    """A page that was built to be slow is judged as any other."""
    for url in (SEARCH, LENS, SHOP):
        assert classify_page(html, url, 200).outcome in Outcome


FULL_FRAME = (
    "<header><nav>" + "<a href=/c/x>Shoes for everybody</a>" * 80 + "</nav></header>{}<footer>"
    "<a href=/help>Help</a></footer>"
)


@pytest.mark.parametrize(
    ("notice", "wall"),
    [
        ("<p>We noticed suspicious activity. Please wait.</p>", "captcha"),
        ("<p>To shop our site, you need a browser that enables cookies.</p>", "shell"),
        ("<p>Our store is currently undergoing maintenance.</p>", "unavailable"),
        ("<p>You have been blocked.</p>", "forbidden"),
    ],
)
def test_notice_in_a_shops_own_frame(notice: str, wall: str):
    """A block page between a shop's own header and footer is one, however many links stand around it."""
    html = f"<body>{FULL_FRAME.format(f'<main>{notice}</main>')}</body>"
    assert classify_page(html, SHOP, 200) == PageVerdict(Outcome.BLOCKED, wall)
    assert (
        classify_page(html.replace(notice, "<p>Oak chair. Turned by hand. </p>" * 9), SHOP, 200).wall is None
    )


def test_page_that_nothing_drew():
    """A page without a word, whose scripts carry its state and would draw it, is a frame for scripts."""
    state = '<script id="__NEXT_DATA__" type="application/json">{"a": "' + "b" * 5_000 + '"}</script>'
    html = f'<title>Rug</title><body><div id="__next"></div>{state}<script src="/main.js"></script></body>'
    assert classify_page(html, SHOP, 200) == PageVerdict(Outcome.BLOCKED, "shell")


def test_panel_over_a_page():
    """A question for consent over a page with pictures and links is no wall."""
    text = "Cookies and data about you and your device are kept. " * 4
    panel = f"<div><p>{text}</p><button>Reject all</button><button>Accept all</button></div>"
    things = "".join(f"<a href=/p/{it}><img src=/i/{it}.jpg></a>" for it in range(20))
    assert classify_page(f"<body>{panel}{things}</body>", SHOP, 200) == PageVerdict(Outcome.OK)


def test_thing_with_the_title_of_a_wall():
    """A long page is read, though the thing on it is called as walls are."""
    html = f"<title>Forbidden | Perfumes</title><body>{'<p>A scent of wood and smoke.</p>' * 400}</body>"
    assert classify_page(html, SHOP, 200) == PageVerdict(Outcome.OK)

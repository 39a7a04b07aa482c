from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from page_files import PageFile, saved, shared

from lens_rx.facts import Match, Money
from lens_rx.parsing.blocking import classify_page
from lens_rx.parsing.google.lens import matches_from_html, says_none

URL = "https://www.google.com/search?vsrid=x&udm=26"
FRAGMENTS = (
    *("<a href='https://x.example/", "<a href='http://[", "'>", "<div role=heading>", "</a>", "<img src=x>"),
    *("<script>google.ldi={'a':'", "<h2>Exact", "$59*", "\ud800", "\x00", "</div>", "<del>"),
)
FULL = [page for page in saved("lens") if page.truth["matches"]]
EMPTY = [page for page in saved("lens") if not page.truth["matches"]]


def wanted(page: PageFile) -> list[Match]:
    return [
        Match(
            title=fact["title"],
            link=fact["link"],
            source=fact["source"],
            thumbnail=fact["thumbnail"],
            price=Money(Decimal(fact["price"][0]), fact["price"][1]) if fact["price"] else None,
            in_stock=fact["in_stock"],
            exact=fact["exact"],
        )
        for fact in page.truth["matches"]
    ]


@pytest.mark.parametrize("field", ["title", "link", "source", "price", "in_stock", "exact"])
@pytest.mark.parametrize("page", FULL, ids=str)
def test_field(page: PageFile, field: str):
    """Each field of each match is read as the page shows it, and there is no match more."""
    found = matches_from_html(page.html, page.url)
    assert [getattr(match, field) for match in found] == [getattr(match, field) for match in wanted(page)]


@pytest.mark.parametrize("page", [page for page in FULL if page.truth["matches"][0]["thumbnail"]], ids=str)
def test_thumbnail(page: PageFile):
    """The picture is the card's own, also where a script hands it over late, and never a placeholder."""
    found = matches_from_html(page.html, page.url)
    assert [match.thumbnail for match in found] == [match.thumbnail for match in wanted(page)]


def test_id():
    """The page's own id of a match is kept."""
    page = next(page for page in FULL if str(page) == "products_en.html")
    found = matches_from_html(page.html, page.url)
    assert found[-1].id == "D5"
    assert len({match.id for match in found}) == len(found)


@pytest.mark.parametrize("page", EMPTY, ids=str)
def test_nothing(page: PageFile):
    """A page that says that nothing matches, in whatever language, has no matches and says so."""
    assert matches_from_html(page.html, page.url) == []
    assert says_none(page.html)
    assert classify_page(page.html, page.url, 200).outcome == "empty"


@pytest.mark.parametrize("page", shared("lens") or [None], ids=str)
def test_real_page(page: PageFile | None):
    """All matches of the real page are found, in its order, and no other link."""
    if page is None:
        pytest.skip("the shared pages are not there")
    found = matches_from_html(page.html, page.url)
    assert [(match.title, match.link) for match in found] == [
        (match["title"], match["link"]) for match in page.truth["matches"]
    ]
    assert all(match.source for match in found)
    assert not any(match.price for match in found)
    assert not says_none(page.html)


@pytest.mark.parametrize(
    ("note", "price"),
    [
        ("<div>$45 <s>$60</s></div>", Money(Decimal(45), "USD")),
        ("<div><del>60,00 €</del> 45,00 €*</div>", Money(Decimal("45.00"), "EUR")),
        ("<div>￥12,800*</div>", Money(Decimal(12800), "JPY")),
        ("<div>Rs. 4,999</div>", Money(Decimal(4999), "INR")),
        ("<div>+$9 shipping</div><div>Save $10</div><div>Used · $59*</div>", Money(Decimal(59), "USD")),
        ("<div>$59.00/mo</div><s>$60</s>", None),
    ],
)
def test_price(note: str, price: Money | None):
    """What is asked now is read beside what is struck out, shipped, saved or paid by the month."""
    html = f'<div><div><a href="https://x.example/p"><b role="heading">A chair</b></a>{note}</div></div>'
    (match,) = matches_from_html(html, URL)
    assert match.price == price


@pytest.mark.parametrize("country", ["com", "de", "co.uk", "com.br"])
def test_own_hosts(country: str):
    """Links to Google, in any country, and to the page's own host are no matches."""
    card = '<div><a href="{}"><div>Source</div><div role="heading">A chair</div></a></div>'
    links = [f"https://www.google.{country}/x", f"https://shopping.google.{country}/y", "https://lens.test/z"]
    html = "".join(map(card.format, [*links, "https://googleish.example/p", "https://notgoogle.com/p"]))
    found = matches_from_html(html, "https://lens.test/search?vsrid=x")
    assert [match.link for match in found] == ["https://googleish.example/p", "https://notgoogle.com/p"]


@pytest.mark.parametrize("page", [*FULL[:4], *shared("lens")], ids=str)
def test_truncated(page: PageFile):
    """A page that was cut off anywhere gives the matches up to there; the last may lack its end."""
    whole = [match.link for match in matches_from_html(page.html, page.url)]
    for part in range(1, 12):
        cut = [match.link for match in matches_from_html(page.html[: len(page.html) * part // 12], page.url)]
        assert cut[:-1] == whole[: max(0, len(cut) - 1)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.sampled_from(FRAGMENTS),
        ),
        max_size=60,
    ),
    st.sampled_from([URL, "http://[", "", "\x00"]),
)
def test_anything(parts: list[str], url: str):
    """Whatever comes is read without an error, and only http(s) links come out."""
    found = matches_from_html("".join(parts), url)
    assert all(match.link.startswith(("http://", "https://")) and match.title for match in found)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000 + "<a href=https://x.example/p><div role=heading>A chair</div></a>",
        "<a href=https://x.example/p><div role=heading>A chair" * 5_000,
        "".join(f"<a href=https://x{i}.example/p><b role=heading>A chair</b></a>" for i in range(5_000)),
        "<script>google.ldi={" + "'a':'b'," * 50_000,
    ],
    ids=["deep", "open", "many", "script"],
)
def test_hostile(html: str):
    """A page that was built to be slow is read as any other, each link once."""
    links = [match.link for match in matches_from_html(html, URL)]
    assert len(links) == len(set(links))

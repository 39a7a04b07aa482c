from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from page_files import PageFile, saved, shared

from lens_rx.facts import SearchResult
from lens_rx.parsing.blocking import classify_page
from lens_rx.parsing.google.search import results_from_html, says_none

URL = "https://www.google.com/search?q=x"
FRAGMENTS = (
    *("<a href='https://x.example/", "<a href='http://[", "'>", "<h3>", "</a>", "<cite>", "<div id=tads>"),
    *("<div data-q=x>", "\ud800", "\x00", "</div>", "<div id=search>", "<em>"),
)
FULL = [page for page in saved("search") if page.truth["results"]]
EMPTY = [page for page in saved("search") if not page.truth["results"]]


@pytest.mark.parametrize("page", FULL, ids=str)
def test_results(page: PageFile):
    """Organic results come with title, link and snippet; ads, questions, maps and panels do not come."""
    wanted = [SearchResult(**fact) for fact in page.truth["results"]]
    assert results_from_html(page.html, page.url) == wanted
    assert classify_page(page.html, page.url, 200).outcome == "ok"


@pytest.mark.parametrize("page", EMPTY, ids=str)
def test_nothing(page: PageFile):
    """A page that found nothing has no results and says so, in a language that we do not know, too."""
    assert results_from_html(page.html, page.url) == []
    assert says_none(page.html)
    assert classify_page(page.html, page.url, 200).outcome == "empty"


@pytest.mark.parametrize("page", shared("serp") or [None], ids=str)
def test_real_page(page: PageFile | None):
    """The real pages give their organic results, in order, and no other link."""
    if page is None:
        pytest.skip("the shared pages are not there")
    found = results_from_html(page.html, page.url)
    assert [{"title": result.title, "link": result.link} for result in found] == page.truth["results"]
    assert all(result.snippet for result in found)
    assert says_none(page.html) is not bool(found)


@pytest.mark.parametrize("title", ["No results found in any shop", "Nichts: keine Treffer im Fußball"])
def test_titles_say_nothing(title: str):
    """A result whose title says that there is nothing does not make the page empty."""
    html = f'<div id="search"><a href="https://x.example/"><h3>{title}</h3></a></div>'
    assert not says_none(html)
    assert classify_page(html, URL, 200).outcome == "ok"


@pytest.mark.parametrize("page", [*FULL, *shared("serp")], ids=str)
def test_truncated(page: PageFile):
    """A page that was cut off anywhere gives the results up to there."""
    whole = [result.link for result in results_from_html(page.html, page.url)]
    for part in range(1, 12):
        cut = [
            result.link for result in results_from_html(page.html[: len(page.html) * part // 12], page.url)
        ]
        assert cut[:-1] == whole[: max(0, len(cut) - 1)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.one_of(st.text(max_size=20), st.sampled_from(FRAGMENTS)), max_size=60),
    st.sampled_from([URL, "http://[", "", "\x00"]),
)
def test_anything(parts: list[str], url: str):
    """Whatever comes is read without an error, and only http(s) links come out."""
    for result in results_from_html("".join(parts), url):
        assert result.link.startswith(("http://", "https://"))
        assert result.title


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000 + "<a href=https://x.example/p><h3>A chair</h3></a>",
        "<a href=https://x.example/p><h3>A chair" * 5_000,
        "".join(f"<a href=https://x{i}.example/p><h3>A chair</h3></a>" for i in range(5_000)),
    ],
    ids=["deep", "open", "many"],
)
def test_hostile(html: str):
    """A page that was built to be slow is read as any other, each link once."""
    links = [result.link for result in results_from_html(html, URL)]
    assert len(links) == len(set(links))

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_files import PageFile, saved, shared
from selectolax.lexbor import LexborHTMLParser

from lens_rx.parsing.html.tree import MAX_DEPTH, ancestors, normalize_space, parse_html, short_text, text_of

PAGES = [*saved("lens"), *saved("blocked"), *shared("product"), *shared("ebay"), *shared("lens")]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_real_pages_stay(page: PageFile):
    """A page that people made comes out as the parser alone would read it."""
    assert parse_html(page.html).html == LexborHTMLParser(page.html).html


@pytest.mark.parametrize("tag", ["div", "ul", "section", "x-box"])
def test_deep_pages_are_cut(tag: str):
    """What nests deeper than any page does is taken out, and the text stays."""
    tree = parse_html(f"<{tag}>" * 5_000 + "the text" + f"</{tag}>" * 5_000 + "<p>after</p>")
    assert len(tree.css(tag)) <= MAX_DEPTH
    assert text_of(tree.body) == "the text after"


def test_shapes_that_close_themselves_are_not_deep():
    """A page with hundreds of icons keeps every tag: within a drawing `/>` closes an element."""
    icon = '<svg viewBox="0 0 9 9"><title>x</title><g>%s<path d="M1 1"></path></g></svg>' % (
        '<path d="M0 0h9"/>' * 3
    )
    tree = parse_html(f"<main>{icon * 200}<h1>name</h1></main>")
    assert len(tree.css("path")) == 800
    assert len(tree.css("main > svg")) == 200
    assert tree.css_first("main > h1") is not None


@pytest.mark.parametrize("opening", ["", "<svg>", "<svg><p>", "<svg><title>"])
def test_shapes_outside_of_drawings_are_deep(opening: str):
    """Outside of a drawing `<path/>` opens an element like any other, and what nests too deep is taken out."""
    tree = parse_html(opening + "<path/>" * 5_000 + "the text")
    last = tree.css("path")[-1]
    assert len(list(ancestors(last, 10_000))) <= MAX_DEPTH + 5


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>'" + "<div>" * 999 + "'</script>",
        "<style>/*" + "<b>" * 999 + "*/</style>",
        "<!--" + "<div>" * 999 + "-->",
        '<svg><sodipodi:namedview id="n"/>' + '<path d="M0 0"/>' * 999 + "</svg>",
    ],
    ids=["script", "style", "comment", "drawing"],
)
def test_text_that_looks_like_tags_is_not_deep(hidden: str):
    """Tags in scripts, style sheets and comments, and elements that close themselves, cut nothing behind them."""
    tree = parse_html(f"<main>{hidden}<div id=a><div id=b>x</div></div></main>")
    assert tree.css_first("main > #a > #b") is not None


@pytest.mark.parametrize(
    "opening",
    [
        '<div ="',
        "<a b=c'>",
        "<svg><style>",
        "<textarea><script></textarea>",
        "<div><svg></div>",
        "<svg><title>",
        "<svg><desc><b>",
        "<svg><g></svg>",
    ],
)
def test_deep_pages_cannot_hide_behind_markup(opening: str):
    """No attribute, raw text or drawing makes the guard overlook tags that nest."""
    tree = parse_html(opening + "<section>" * 5_000 + "the text")
    assert len(tree.css("section")) <= MAX_DEPTH


def test_thousands_of_attributes_are_cut():
    """A tag with thousands of attributes loses them, and its text stays."""
    tree = parse_html("<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">the text</p>")
    paragraph = tree.css_first("p")
    assert text_of(paragraph) == "the text"
    assert len(paragraph.attributes) < 2


@given(st.text(), st.text(alphabet="<>/ abdiv'\"=!-\ud800\x00", max_size=200))
def test_anything(text: str, markup: str):
    """Every text is a page."""
    for html in (text, markup, f"<div>{markup}"):
        assert parse_html(html).body is not None


def test_ancestors():
    """The elements around a node come nearest first, and not more of them than asked for."""
    node = parse_html("<main><ul><li><a>x</a></li></ul></main>").css_first("a")
    assert [around.tag for around in ancestors(node)] == ["li", "ul", "main", "body"]
    assert [around.tag for around in ancestors(node, 2)] == ["li", "ul"]


def test_squeeze():
    """Every kind of white space is one space."""
    assert normalize_space(" a\u00a0\n\tb\u202f c ") == "a b c"


def test_short_text():
    """A short text is read as the whole one is, a long one not at all."""
    tree = parse_html("<div><p>Nur <b>wenige</b>\u00a0Worte</p><p>" + "lang " * 99 + "</p></div>")
    first = tree.css_first("p")
    assert short_text(first, 20) == text_of(first) == "Nur wenige Worte"
    assert short_text(first, 10) == short_text(tree.css_first("div"), 300) == ""

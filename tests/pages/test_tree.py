from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_files import PageFile, saved, shared
from selectolax.lexbor import LexborHTMLParser

from lens_rx.pages.tree import MAX_DEPTH, ancestors, parse, squeeze, text_of

PAGES = [*saved("lens"), *saved("blocked"), *shared("product"), *shared("ebay"), *shared("lens")]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_real_pages_stay(page: PageFile):
    """A page that people made comes out as the parser alone would read it."""
    assert parse(page.html).html == LexborHTMLParser(page.html).html


@pytest.mark.parametrize("tag", ["div", "ul", "section", "x-box"])
def test_deep_pages_are_cut(tag: str):
    """What nests deeper than any page does is taken out, and the text stays."""
    tree = parse(f"<{tag}>" * 5_000 + "the text" + f"</{tag}>" * 5_000 + "<p>after</p>")
    assert len(tree.css(tag)) <= MAX_DEPTH
    assert text_of(tree.body) == "the text after"


def test_thousands_of_attributes_are_cut():
    """A tag with thousands of attributes loses them, and its text stays."""
    tree = parse("<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">the text</p>")
    paragraph = tree.css_first("p")
    assert text_of(paragraph) == "the text"
    assert len(paragraph.attributes) < 2


@given(st.text(), st.text(alphabet="<>/ abdiv'\"=!-\ud800\x00", max_size=200))
def test_anything(text: str, markup: str):
    """Every text is a page."""
    for html in (text, markup, f"<div>{markup}"):
        assert parse(html).body is not None


def test_ancestors():
    """The elements around a node come nearest first, and not more of them than asked for."""
    node = parse("<main><ul><li><a>x</a></li></ul></main>").css_first("a")
    assert [around.tag for around in ancestors(node)] == ["li", "ul", "main", "body"]
    assert [around.tag for around in ancestors(node, 2)] == ["li", "ul"]


def test_squeeze():
    """Every kind of white space is one space."""
    assert squeeze(" a\u00a0\n\tb\u202f c ") == "a b c"

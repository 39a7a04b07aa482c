from __future__ import annotations

from base64 import urlsafe_b64encode
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lens_rx.facts import SearchResult
from lens_rx.parsing.blocking import classify_page
from lens_rx.parsing.google.lens import matches_from_html
from lens_rx.parsing.google.redirects import redirect_targets
from lens_rx.parsing.google.search import results_from_html
from lens_rx.parsing.html.tree import parse_html

SEARCH = "https://www.google.com/search?q=oak+chair"
LENS = "https://www.google.de/search?vsrid=x&udm=26"
HOP = "CAESdQHrOzAVat9YfzzCS78CJFjg4kgZKige7dVy07Ui"
END = "https://chairs.example/oak/40?size=a&legs=4"
SNIPPET = "An oak chair with four legs that stands on any floor."


def field(number: int, content: bytes) -> bytes:
    """Return one length-delimited field of a protobuf message."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])


def beside(quote: str = '"', equals: str = "\\u003d", between: str = "") -> str:
    """Return a page's data as they name the end of a hop beside it, escaped as they come."""
    end = END.replace("=", equals).replace("&", "\\u0026")
    return (
        f"[null,{quote}/goto?url{equals}{HOP}{quote}{between}],[{quote}{end}{quote},{quote}Oak chair{quote}]"
    )


def about(end: str = END) -> str:
    """Return a request about a result, which holds its hop and, deeper, its end."""
    told = field(6, end.encode()) + field(7, b"Oak chair")
    message = field(1, f"https://www.google.com/goto?url={HOP}".encode()) + field(3, field(1024, told))
    request = urlsafe_b64encode(message).decode().rstrip("=")
    return (
        f'"/search/about-this-result?origin\\u003dwww.google.com\\u0026req\\u003d{request}\\u0026hl\\u003den"'
    )


def result(href: str) -> str:
    return (
        f'<div id="search"><div><a href="{href}"><h3>Oak chair</h3><cite>https://chairs.example › oak</cite></a>'
        f"<div>{SNIPPET}</div></div></div>"
    )


DATA = {
    "beside": beside(),
    "in text": beside('\\"', "\\\\u003d"),
    "after numbers": beside(between=",null,35"),
    "about": about(),
    "long": about(END + "&" + "x" * 300),
}


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
def test_end_that_the_page_tells(data: str):
    """A hop whose end stands in the page's data is unwrapped, for results and for look-alikes."""
    html = f"{result(f'/goto?url={HOP}=&amp;ved=2ah')}<script>x({data})</script>"
    (found,) = results_from_html(html, SEARCH)
    assert (found.title, found.link[: len(END)], found.snippet) == ("Oak chair", END, SNIPPET)
    card = (
        f'<a href="https://www.google.de/goto?url={HOP}"><div>Chairs</div><div role="heading">Oak</div></a>'
    )
    (match,) = matches_from_html(f"{card}<script>{data}</script>", LENS)
    assert match.link.startswith(END)


def test_end_that_is_not_told():
    """A hop that the page does not explain is still a result, and still leads there by itself."""
    hop = f"https://www.google.com/goto?url={HOP}"
    html = result(f"/goto?url={HOP}")
    assert results_from_html(html, SEARCH) == [SearchResult("Oak chair", hop, SNIPPET)]
    assert classify_page(html, SEARCH, 200).outcome == "ok"


def test_advertisement():
    """A hop that counts a click on an advertisement is no result."""
    html = f'<div><a data-pcu="https://ads.example/" href="/goto?url={HOP}"><h3>Chairs, cheap</h3></a></div>'
    assert results_from_html(html, SEARCH) == []


def test_other_hosts():
    """A path of the same name on another host is no hop, and an end at Google's own is none."""
    html = result("https://shop.example/goto?url=abc")
    assert results_from_html(html, SEARCH)[0].link == "https://shop.example/goto?url=abc"
    assert (
        redirect_targets(parse_html(f"<script>{about('https://www.google.com/preferences')}</script>")) == {}
    )


@settings(max_examples=100, deadline=1000)
@given(st.binary(max_size=200), st.text(max_size=40))
def test_broken_data(message: bytes, noise: str):
    """Data that mean nothing tell nothing, without an error."""
    request = urlsafe_b64encode(message).decode()
    script = (
        f'/goto?url="/search/about-this-result?req={request}{noise}","/goto?url={noise}"],["https:{noise}"'
    )
    assert isinstance(redirect_targets(parse_html(f"<script>{script}</script>")), dict)


HIDDEN = {
    "url": f"/url?sa=t&amp;url={quote(END, safe='')}",
    "q": f"https://www.google.de/url?q={quote(END, safe='')}&amp;sa=U",
    "goto with its address": f"/goto?url={quote(END, safe='')}",
    "url within goto": f"/goto?url={quote('https://www.google.com/url?q=' + quote(END, safe=''), safe='')}",
    "url within url": f"/url?q={quote('/url?url=' + quote(END, safe=''), safe='')}",
    "consent": f"https://consent.google.com/ml?continue={quote(END, safe='')}",
    "image": f"/imgres?imgurl=x&amp;imgrefurl={quote(END, safe='')}",
    "amp": f"https://www.google.com/amp/s/{END.removeprefix('https://').replace('&', '&amp;')}",
    "ping": f'/goto?url={HOP}" ping="/url?sa=t&amp;url={quote(END, safe="")}',
    "data": f'/goto?url={HOP}" data-target-url="{END.replace("&", "&amp;")}',
}


@pytest.mark.parametrize("href", HIDDEN.values(), ids=HIDDEN)
def test_redirects_are_unwrapped_wherever_they_hide(href: str):
    """A result and a match lead to the page itself, whichever redirect, attribute or nesting hides it."""
    (found,) = results_from_html(result(href), SEARCH)
    assert found.link == END
    card = f'<a href="{href}"><div>Chairs</div><div role="heading">Oak chair</div></a>'
    (match,) = matches_from_html(card, LENS)
    assert match.link == END

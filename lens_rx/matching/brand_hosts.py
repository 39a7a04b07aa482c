"""Whose a link's host is: the name it was registered under, and whether that is a shop of many brands."""

from __future__ import annotations

from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from lens_rx.matching.title_words import alnum_key, fold, words
from lens_rx.parsing.html.urls import public_host

#: Labels under which countries register names: example.co.uk.
_SECOND: Final = frozenset({"co", "com", "org", "net", "ac", "gov", "ne", "or", "gen", "web", "in"})
#: Hosts that lend their name's front to anybody's own shop: brand.myshopify.com.
_SHOP_PLATFORMS: Final = frozenset(
    "myshopify bigcartel squarespace wixsite shopware jimdosite mybigcommerce tictail ecwid webflow".split()
)
#: Shops of many brands, marketplaces, social networks, encyclopaedias, reviews: never a producer's own.
NON_BRAND_HOSTS: Final = frozenset(
    """
    ebay amazon etsy vinted mercari carousell depop grailed poshmark rakuten yahoo aliexpress alibaba temu shein wish
    taobao tmall jd allegro olx leboncoin wallapop subito marktplaats kleinanzeigen willhaben tutti ricardo anibis
    gumtree craigslist offerup shpock tradera blocket finn rebelle vestiairecollective therealreal fashionphile
    tradesy thredup 1stdibs chrono24 reverb discogs catawiki backmarket refurbed rebuy momox worthpoint liveauctioneers
    invaluable christies sothebys stockx goat klekt farfetch mytheresa netaporter mrporter ssense luisaviaroma yoox
    theoutnet zalando aboutyou asos boohoo otto baur breuninger peekcloppenburg galeria nordstrom macys bloomingdales
    saksfifthavenue neimanmarcus bergdorfgoodman harrods selfridges johnlewis debenhams walmart target costco bestbuy
    newegg bhphotovideo adorama mpb keh mediamarkt saturn currys argos fnac darty boulanger cdiscount laredoute
    galerieslafayette elcorteingles coolblue bol alternate notebooksbilliger thomann musicstore gear4music sweetwater
    guitarcenter bergfreunde backcountry rei moosejaw globetrotter campz sportscheck sportsdirect jdsports footlocker
    snipes zappos overstock wayfair home24 idealo geizhals billiger pricerunner pricespy kelkoo shopping shopzilla
    wikipedia wikimedia fandom facebook instagram pinterest tiktok twitter x reddit youtube tumblr flickr linkedin quora
    medium blogspot wordpress substack google bing trustpilot yelp tripadvisor dpreview rtings wirecutter techradar cnet
    theverge gsmarena alamy shutterstock gettyimages dreamstime istockphoto freepik pngtree moodboard
    """.split()
)
#: Labels that stand beside a producer's name in hosts of its own.
_BRAND_HOST_AFFIXES: Final = (
    "shop",
    "store",
    "official",
    "online",
    "global",
    "eu",
    "us",
    "usa",
    "uk",
    "de",
    "fr",
    "jp",
    "int",
)
_LEGAL_FORMS: Final = frozenset("inc llc ltd gmbh ag sa spa srl bv ab co kg corp company oy oyj as".split())
_GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def host_labels(link: str) -> tuple[str, str]:
    """Return the name under which a link's host is registered, and the label before it, "" where none counts.

    "https://us.brand.co.uk/x" is ("brand", "us"); names are as people write them, not in Punycode.
    """
    with suppress(ValueError):
        host = public_host(urlsplit(link).hostname or "")
        if "." not in host:
            return _from_punycode(host), ""
        labels = host.split(".")[:-1]
        if len(labels) > 1 and labels[-1] in _SECOND:
            labels.pop()
        before = labels[-2] if len(labels) > 1 and labels[-2] != "www" else ""
        return _from_punycode(labels[-1]), _from_punycode(before)
    return "", ""


def is_non_brand_host(link: str) -> bool:
    """Tell a shop of many brands, a marketplace, a network or a magazine from what may be a producer's host."""
    return alnum_key(host_labels(link)[0]) in NON_BRAND_HOSTS


def is_brand_host(link: str, producer: str) -> bool:
    """Tell whether a link's host bears the producer's name, alone or beside a country or the word shop."""
    registered, before = (alnum_key(label) for label in host_labels(link))
    names = _spellings(producer)
    if registered in _SHOP_PLATFORMS:
        return before in names
    around = {name + own for name in names for own in _BRAND_HOST_AFFIXES} | {
        own + name for name in names for own in _BRAND_HOST_AFFIXES
    }
    return registered in names | around


def resembles_brand(link: str, producer: str) -> bool:
    """Tell whether a link's host has something of the producer's name: a word, a part, or its initials."""
    registered = alnum_key(host_labels(link)[0])
    spoken = [alnum_key(word) for word in words(producer)]
    initials = "".join(word[0] for word in spoken if word)
    parts = any(len(word) >= 4 and word in registered for word in spoken)
    within = len(registered) >= 4 and any(registered in name for name in _spellings(producer))
    return parts or within or (len(initials) > 1 and registered == initials)


def _from_punycode(label: str) -> str:
    with suppress(UnicodeError):
        return label.encode("ascii").decode("idna")
    return label


def _spellings(producer: str) -> set[str]:
    """Return how hosts may write a name: Müller as muller and mueller, & left out or said, no "The", no "Inc."."""
    spoken = [word for word in producer.casefold().split() if fold(word).strip(".,") not in _LEGAL_FORMS]
    plain = " ".join(spoken) or producer.casefold()
    forms = {plain, plain.removeprefix("the "), plain.replace("&", " and "), plain.removesuffix("'s")}
    forms |= {form.translate(_GERMAN) for form in set(forms)}
    return {alnum_key(form) for form in forms} - {""}

"""Whose a link's host is: the name it is registered under, and whether that is a producer's own."""

from __future__ import annotations

from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from lens_rx.matching.title_words import alnum_key, fold, words
from lens_rx.parsing.html.urls import public_host
from lens_rx.parsing.terms import load_lists

#: The suffixes under which countries register names, without those of hosting platforms; 70 ms to load.
_PUBLIC_SUFFIXES: Final = PublicSuffixList(only_icann=True)
_HOSTS: Final = load_lists("lens_rx.matching", "hosts")
#: Hosts that let anybody open a shop under a name of its own: brand.myshopify.com.
_SHOP_PLATFORMS: Final = frozenset(_HOSTS["shop-platforms"])
#: Marketplaces, shops of many brands, networks, reviews: never a producer's own.
NON_BRAND_HOSTS: Final = frozenset(
    host for name in ("marketplace", "multi-brand-shop", "network", "review") for host in _HOSTS[name]
)
#: Labels beside a producer's name in hosts of its own.
_BRAND_HOST_AFFIXES: Final = _HOSTS["brand-affixes"]
_LEGAL_FORMS: Final = frozenset(_HOSTS["legal-forms"])
_GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def host_labels(link: str) -> tuple[str, str]:
    """Return the name under which a link's host is registered, and the label before it, "" where none counts.

    "https://us.brand.co.uk/x" is ("brand", "us"); names are decoded from Punycode.
    """
    with suppress(ValueError):
        host = public_host(urlsplit(link).hostname or "")
        suffix = _PUBLIC_SUFFIXES.publicsuffix(host) or ""
        labels = host.removesuffix(suffix).rstrip(".").split(".") if suffix != host else [host]
        before = labels[-2] if len(labels) > 1 and labels[-2] != "www" else ""
        return _from_punycode(labels[-1]), _from_punycode(before)
    return "", ""


def registrable_domain(link: str) -> str:
    """Return the domain that a link's host is registered under, "" where it has no host: "brand.co.uk"."""
    with suppress(ValueError):
        host = public_host(urlsplit(link).hostname or "").rstrip(".")
        return _PUBLIC_SUFFIXES.privatesuffix(host) or host
    return ""


def is_non_brand_host(link: str) -> bool:
    """Return whether a link is of a shop of many brands, a marketplace, a network or a magazine."""
    return alnum_key(host_labels(link)[0]) in NON_BRAND_HOSTS


def is_brand_host(link: str, producer: str) -> bool:
    """Return whether a link's host is the producer's name, alone or with a country or a word such as shop."""
    registered, before = (alnum_key(label) for label in host_labels(link))
    names = _spellings(producer)
    if registered in _SHOP_PLATFORMS:
        return before in names
    around = {name + own for name in names for own in _BRAND_HOST_AFFIXES} | {
        own + name for name in names for own in _BRAND_HOST_AFFIXES
    }
    return registered in names | around


def resembles_brand(link: str, producer: str) -> bool:
    """Return whether a link's host has a word, a part or the initials of the producer's name."""
    registered = alnum_key(host_labels(link)[0])
    name_words = [alnum_key(word) for word in words(producer)]
    initials = "".join(word[0] for word in name_words if word)
    parts = any(len(word) >= 4 and word in registered for word in name_words)
    within = len(registered) >= 4 and any(registered in name for name in _spellings(producer))
    return parts or within or (len(initials) > 1 and registered == initials)


def _from_punycode(label: str) -> str:
    with suppress(UnicodeError):
        return label.encode("ascii").decode("idna")
    return label


def _spellings(producer: str) -> set[str]:
    """Return how hosts may spell a name: Müller as muller and mueller, & left out or "and", no "The", no "Inc."."""
    name_words = [word for word in producer.casefold().split() if fold(word).strip(".,") not in _LEGAL_FORMS]
    plain = " ".join(name_words) or producer.casefold()
    forms = {plain, plain.removeprefix("the "), plain.replace("&", " and "), plain.removesuffix("'s")}
    forms |= {form.translate(_GERMAN) for form in set(forms)}
    return {alnum_key(form) for form in forms} - {""}

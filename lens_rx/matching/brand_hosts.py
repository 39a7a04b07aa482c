"""Whose a link's host is: the name it is registered under, and whether that is a producer's own."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import Final

from publicsuffixlist import PublicSuffixList

from lens_rx.matching.title_words import alnum_key, fold, words
from lens_rx.parsing.html.urls import public_host_of
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


@lru_cache(maxsize=1024)
def host_labels(link: str) -> tuple[str, str]:
    """Return the name under which a link's host is registered, and the label before it, "" where none counts.

    "https://us.brand.co.uk/x" is ("brand", "us"); names are decoded from Punycode.
    """
    host = public_host_of(link)
    suffix = _PUBLIC_SUFFIXES.publicsuffix(host) or ""
    labels = host.removesuffix(suffix).rstrip(".").split(".") if suffix != host else [host]
    before = labels[-2] if len(labels) > 1 and labels[-2] != "www" else ""
    return _from_punycode(labels[-1]), _from_punycode(before)


@lru_cache(maxsize=1024)
def registrable_domain(link: str) -> str:
    """Return the domain that a link's host is registered under, "" where it has no host: "brand.co.uk"."""
    host = public_host_of(link)
    return _PUBLIC_SUFFIXES.privatesuffix(host) or host


def is_non_brand_host(link: str) -> bool:
    """Return whether a link is of a shop of many brands, a marketplace, a network or a magazine."""
    return alnum_key(host_labels(link)[0]) in NON_BRAND_HOSTS


def public_suffix(domain: str) -> str:
    """Return the suffix that a country or a registry hands out names under, "" for a name without one."""
    suffix = _PUBLIC_SUFFIXES.publicsuffix(domain) or ""
    return suffix if suffix != domain else ""


@lru_cache(maxsize=1024)
def is_lent_host(link: str) -> bool:
    """Return whether a link's host belongs to a platform that lends names to anybody: brand.myshopify.com."""
    return alnum_key(host_labels(link)[0]) in _SHOP_PLATFORMS or _is_listed_platform(public_host_of(link))


@lru_cache(maxsize=1024)
def owner_domain(link: str) -> str:
    """Return the domain of whoever a link's host belongs to: the registered one, or the name that a platform lends."""
    host = public_host_of(link)
    if _is_listed_platform(host):
        return _platforms().privatesuffix(host) or host
    return host if is_lent_host(link) else registrable_domain(link)


def is_brand_host(link: str, producer: str) -> bool:
    """Return whether a link's host is the producer's name, alone or with a country or a word such as shop."""
    name, names = _own_label(link), _spellings(producer)
    around = {name + own for name in names for own in _BRAND_HOST_AFFIXES} | {
        own + name for name in names for own in _BRAND_HOST_AFFIXES
    }
    return name in names | around if not is_lent_host(link) else name in names


def is_brand_name(link: str, producer: str) -> bool:
    """Return whether a link's host is the producer's name alone."""
    return _own_label(link) in _spellings(producer)


def is_part_of_brand(link: str, producer: str) -> bool:
    """Return whether a link's host is no more than a part, or the initials, of the producer's name."""
    registered = alnum_key(host_labels(link)[0])
    names = _spellings(producer) - {registered}
    within = len(registered) >= 4 and any(registered in name for name in names)
    return within or registered == _initials(producer)


def resembles_brand(link: str, producer: str) -> bool:
    """Return whether a link's host has a word, a part or the initials of the producer's name."""
    registered = alnum_key(host_labels(link)[0])
    name_words = [alnum_key(word) for word in words(producer)]
    has_word = any(len(word) >= 4 and word in registered for word in name_words)
    return has_word or is_part_of_brand(link, producer)


@lru_cache(maxsize=1)
def _platforms() -> PublicSuffixList:
    """Return the suffixes with those of platforms, which lend names below their own."""
    return PublicSuffixList()


def _is_listed_platform(host: str) -> bool:
    return _platforms().publicsuffix(host) != _PUBLIC_SUFFIXES.publicsuffix(host)


def _own_label(link: str) -> str:
    """Return the key of the name that a host's owner chose: the registered one, or the one a platform lent."""
    registered, before = (alnum_key(label) for label in host_labels(link))
    if not is_lent_host(link):
        return registered
    domain = owner_domain(link)
    return before if registered in _SHOP_PLATFORMS else alnum_key(domain.partition(".")[0])


def _initials(producer: str) -> str:
    """Return the initials of a name of several words, a text that no host is for one word."""
    name_words = [alnum_key(word) for word in words(producer)]
    initials = "".join(word[0] for word in name_words if word)
    return initials if len(initials) > 1 else "-"


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

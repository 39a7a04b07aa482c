"""Which codes are countries: ISO 3166-1 alpha-2, from the data of CLDR."""

from __future__ import annotations

from babel.core import get_global

#: In the data, but no country of ISO 3166-1: parts, unions, codes for private use.
_NOT_ASSIGNED = frozenset("AC CP DG EA EU IC TA XK ZZ".split())


def is_country(alpha2: str) -> bool:
    """Return whether a code in upper case is assigned to a country today."""
    return (
        len(alpha2) == 2
        and alpha2 in get_global("territory_currencies")
        and alpha2 not in get_global("territory_aliases")
        and alpha2 not in _NOT_ASSIGNED
    )


def countries() -> tuple[str, ...]:
    """Return the codes of all countries."""
    return tuple(sorted(code for code in get_global("territory_currencies") if is_country(code)))


def unknown_country_message(code: str) -> str:
    """Return what to say of a code that is no country's; a former or usual one names its successor."""
    successors = [it for it in get_global("territory_aliases").get(code, ()) if is_country(it)]
    instead = f" Do you mean {' or '.join(successors)}?" if successors else ""
    return f"country {code} is not in ISO 3166-1; it must be two letters, such as DE.{instead}"

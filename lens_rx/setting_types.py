"""Types of settings, which parse and check what the environment holds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

#: The first part of each environment name that is ours.
PREFIX = "LENS_RX_"


def upper(value: object) -> object:
    """Return a text in upper case."""
    return value.upper() if isinstance(value, str) else value


def lower(value: object) -> object:
    """Return a text in lower case."""
    return value.lower() if isinstance(value, str) else value


def split_list(value: object) -> object:
    """Return the items of a text, separated by commas or blanks, as a tuple."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def lower_list(value: object) -> object:
    """Return the items of a text in lower case."""
    return split_list(lower(value))


def header_value(key: SecretStr) -> SecretStr:
    """Return a key that can stand in a header; one that cannot would fail late, and in other words."""
    bare = SecretStr(key.get_secret_value().strip())
    if not (bare.get_secret_value().isascii() and bare.get_secret_value().isprintable()):
        raise ValueError("a key has plain letters and digits only; copy it again")
    return bare


def web_address(url: str) -> str:
    """Return an address that is http or https."""
    if not url.startswith(("http://", "https://")):
        raise ValueError("write it in full, with http:// or https://")
    return url


def check_origin(origin: str) -> str:
    """Return an origin: scheme, host and port, or `*`."""
    if origin != "*" and web_address(origin).count("/") > 2:
        raise ValueError("an origin ends with its host or port, such as http://localhost:3001")
    return origin


def check_country(code: str) -> str:
    """Return a code that is a country's, or none."""
    from lens_rx.pricing.countries import is_country, unknown_country_message  # noqa: PLC0415 - where one is set

    if code and not is_country(code):
        raise ValueError(unknown_country_message(code).removesuffix("."))
    return code


Key = Annotated[SecretStr, AfterValidator(header_value)]
Url = Annotated[str, AfterValidator(web_address)]
Origin = Annotated[str, AfterValidator(check_origin)]
SearchNames = Annotated[
    tuple[Literal["brave", "google", "chromium", "model"], ...], NoDecode, BeforeValidator(lower_list)
]
LensNames = Annotated[
    tuple[Literal["chromium", "vision", "ebay", "all"], ...], NoDecode, BeforeValidator(lower_list)
]

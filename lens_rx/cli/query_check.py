"""Whether the service would take a query, before a command sends it."""

from __future__ import annotations

from collections.abc import Mapping

from lens_rx.cli.options import fail
from lens_rx.facts.errors import BadRequest
from lens_rx.settings import Settings
from lens_rx.web.change_bodies import parse_refreshed
from lens_rx.web.query_params import parse_options, parse_view


def check_query(query: Mapping[str, str], settings: Settings, prefix: str = "") -> None:
    """End the command where the service would refuse the query; `prefix` begins the message."""
    try:
        parse_view(query, settings)
        parse_options(query, settings)
        parse_refreshed(query)
    except BadRequest as error:
        fail(f"{prefix}{error}")


def checked_query(values: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """Return the query of the values that are given; end the command where the service would refuse it."""
    query = {name: value for name, value in values.items() if value}
    check_query(query, settings)
    return query

"""Sales that are reported: what one was for, beside its estimate, and how many fell in the ranges of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from aiohttp import web

from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import BadRequest
from lens_rx.pricing import is_near
from lens_rx.runs.outcomes import SaleOutcome
from lens_rx.storage.records import Position, RunInfo
from lens_rx.web.access_control import tenant_of_request
from lens_rx.web.context import APP_CONTEXT, AppContext
from lens_rx.web.query_params import check_parameters
from lens_rx.web.small_body import check_fields, parse_object, read_small_body
from lens_rx.web.view import make_view

FIELDS = ("currency", "days", "marketplace", "sold_price")
MAX_BODY_BYTES, MAX_DAYS, MAX_NAME_LENGTH = 4096, 3650, 60
MIN_PRICE, MAX_PRICE = 0.01, 1e9
#: The part of single sales that the range is made to hold.
SINGLE_SALES_INSIDE = 0.8


async def report_outcome(request: web.Request) -> web.Response:
    """`POST /runs/{key}/outcome`: store a sale with its run; answer with the sale beside the estimate.

    Raises `NotFound` or `BadRequest`.
    """
    context = request.app[APP_CONTEXT]
    info = await context.run_info(request.match_info["key"], tenant_of_request(request))
    body = await read_small_body(request, "outcome", MAX_BODY_BYTES, "An outcome needs no more than a line.")
    outcome = parse_outcome(body, context.settings.currency)
    estimate = await _estimate(context, info, outcome.currency)
    place, near, certainty = _comparison(outcome, estimate)
    if await context.outcomes.get(info.key) is None:  # a corrected report is no second sale
        context.metrics.count_outcome(place, near, certainty)
    await context.outcomes.put(info.key, outcome, place)
    answer = outcome_fields(outcome) | {"range": place}
    if "price" in estimate:
        off = round(estimate["price"] / outcome.sold_price - 1, 4)
        answer |= {"price": estimate["price"], "off": off, "near": near, "certainty": certainty}
    return web.json_response(body=orjson.dumps(answer))


async def calibration(request: web.Request) -> web.Response:
    """`GET /calibration`: answer with how many of the tenant's reported sales fell in the ranges of single sales."""
    check_parameters(request.query)
    places = await request.app[APP_CONTEXT].outcomes.places(tenant_of_request(request))
    counts = {place: places[place] for place in ("below", "inside", "above")}
    return web.json_response(
        {"sales": sum(counts.values()), **counts, "expected_inside": SINGLE_SALES_INSIDE}
    )


def parse_outcome(body: bytes, currency: str) -> SaleOutcome:
    """Return the sale of a JSON object; `currency` where it names none. Raises `BadRequest`."""
    usage = 'Send the sale as JSON: {"sold_price": 89.5, "currency": "EUR", "days": 12}.'
    values = parse_object(body, usage)
    check_fields(values, "An outcome", FIELDS)
    return SaleOutcome(
        _parse_price(values.get("sold_price")),
        _parse_text(values, "currency", currency).upper(),
        _parse_days(values.get("days")),
        _parse_text(values, "marketplace", "").lower(),
        datetime.now(UTC).isoformat(timespec="seconds"),
    )


def outcome_fields(outcome: SaleOutcome) -> dict[str, Any]:
    """Return a sale as wire data; days that were not said are left out."""
    days = {} if outcome.days is None else {"days": outcome.days}
    return {
        "sold_price": outcome.sold_price,
        "currency": outcome.currency,
        "marketplace": outcome.marketplace,
        "reported_at": outcome.reported_at,
    } | days


def _parse_price(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not MIN_PRICE <= value < MAX_PRICE:
        bounds = f"{MIN_PRICE} or more and below {MAX_PRICE:,.0f}"
        raise BadRequest(f"sold_price must be a number, {bounds}, such as 89.5.", code=ErrorCode.INVALID_BODY)
    return float(value)


def _parse_days(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():  # a whole number in JSON may be written so
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_DAYS:
        raise BadRequest(f"days must be a whole number from 0 to {MAX_DAYS}.", code=ErrorCode.INVALID_BODY)
    return value


def _parse_text(values: Mapping[str, object], name: str, default: str) -> str:
    value = values.get(name, default)
    if not isinstance(value, str) or len(value) > MAX_NAME_LENGTH or not value.isprintable():
        raise BadRequest(
            f"{name} must be a text of at most {MAX_NAME_LENGTH} characters.", code=ErrorCode.INVALID_BODY
        )
    return value.strip()


async def _estimate(context: AppContext, info: RunInfo, currency: str) -> dict[str, Any]:
    """Return the data of the run's estimate in a currency, {} where it has none. Raises `BadRequest` for the currency."""
    view = make_view("estimated-price,complete", currency)
    chunks = await context.runs.current_chunks(info, Position(info.generation), view)
    facts = [orjson.loads(fact) for _, fact in chunks]
    return next((it["data"] for it in facts if it["data_description"] == "estimated-price"), {})


def _comparison(outcome: SaleOutcome, estimate: Mapping[str, Any]) -> tuple[str, bool, float]:
    """Return where in the range of single sales it fell, whether it is near the estimate, and the certainty of that."""
    if "price" not in estimate:
        return "unknown", False, 0.0
    low = estimate.get("sale_min", estimate["min_range"])
    high = estimate.get("sale_max", estimate["max_range"])
    place = "below" if outcome.sold_price < low else "above" if outcome.sold_price > high else "inside"
    return place, is_near(estimate["price"], outcome.sold_price), estimate["certainty"]

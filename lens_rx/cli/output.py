"""Facts printed in a terminal: as text for people, or as JSON lines."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

import orjson
from rich.console import Console
from rich.text import Text

from lens_rx.cli.service_client import Fact
from lens_rx.pricing.decision.list_prices import PLACES
from lens_rx.web.fact_wire import ALL_KINDS, DEFAULT_KINDS, EXTRA_KIND
from lens_rx.web.view import DECISION_KIND

#: Control characters, and those that change the direction of writing.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
STYLES = {"ok": "green", "started": "dim", "skipped": "dim", "empty": "yellow"}


def is_requested(fact: Fact, events: str) -> bool:
    """Return whether `--events` asks for a fact; `extra` are those of stages that were added."""
    kind = fact["data_description"]
    wanted = _requested_kinds(events)
    return events == "all" or kind in wanted or (EXTRA_KIND in wanted and kind not in ALL_KINDS)


def decision_query(events: str, *, always: bool = False, **terms: str) -> dict[str, str]:
    """Return the query of a reader's terms and of `--events`, to which any term, or `always`, adds the decision."""
    if events != "all" and (always or any(terms.values())):
        events = ",".join(sorted(_requested_kinds(events) | {DECISION_KIND}))
    return {"events": events} | terms


def _requested_kinds(events: str) -> frozenset[str]:
    if events in ("", "default"):
        return DEFAULT_KINDS
    return frozenset(word.strip() for word in events.split(","))


@dataclass(slots=True)
class Ending:
    """What the facts of a run say of its end: `succeeded` where it has a name and a price, and no stage failed."""

    named: bool = False
    priced: bool = False
    ended_well: bool = False

    def add(self, fact: Fact) -> None:
        """Note what a fact says of it."""
        kind = fact["data_description"]
        self.named |= kind == "model-producer"
        self.priced |= kind == "estimated-price"
        self.ended_well |= kind == "complete" and fact["data"]["outcome"] == "ok"

    @property
    def succeeded(self) -> bool:
        """Whether the thing was identified and priced, and no stage failed."""
        return self.named and self.priced and self.ended_well


def print_json(value: Mapping[str, Any]) -> None:
    """Print an object as one line of JSON, at once."""
    sys.stdout.write(orjson.dumps(value).decode() + "\n")
    sys.stdout.flush()


class Report(Protocol):
    """Takes the facts of many photos as they come."""

    def fact(self, photo: str, fact: Fact, events: str) -> None:
        """Print one fact where `events`, the query's list of kinds, asks for it."""
        ...

    def refused(self, photo: str, message: str, code: str = "") -> None:
        """Print that the service did not take a photo; `code` is its word for why, "" where there is none."""
        ...


class JsonReport:
    """One object a line: the fact, and the path of its photo."""

    def fact(self, photo: str, fact: Fact, events: str) -> None:
        """Write the fact where it was asked for."""
        if is_requested(fact, events):
            print_json({"photo": photo, **fact})

    def refused(self, photo: str, message: str, code: str = "") -> None:
        """Write the refusal as an error fact of the transport."""
        data = {"stage": "transport", "outcome": "refused", "message": message} | (
            {"code": code} if code else {}
        )
        print_json({"photo": photo, "data": data, "data_type": "dict[str, str]", "data_description": "error"})


class TextReport:
    """Lines for people: progress on stderr, facts on stdout, each with the seconds since the start."""

    def __init__(self) -> None:
        self._began = monotonic()
        self._out = Console(highlight=False, soft_wrap=True)
        self._err = Console(stderr=True, highlight=False, soft_wrap=True)

    def fact(self, photo: str, fact: Fact, events: str) -> None:
        """Print progress dimly, and each fact in a line of its own."""
        name, data = Path(photo).name, fact["data"]
        if fact["data_description"] == "progress":
            self._err.print(self._line(name, _progress_text(data)))
        elif is_requested(fact, events) or fact["data_description"] == "complete":
            self._out.print(self._line(name, _fact_line(fact["data_description"], data)))
        if fact["data_description"] == "complete" and "key" in fact:
            self._err.print(self._line(name, Text(f"run {fact['key']}", "dim")))

    def refused(self, photo: str, message: str, code: str = "") -> None:  # noqa: ARG002 - for programs
        """Print the refusal."""
        self._err.print(self._line(Path(photo).name, Text(printable(message), "red")))

    def _line(self, name: str, text: Text) -> Text:
        elapsed = f"{monotonic() - self._began:7.2f} s  "
        return Text.assemble((elapsed, "dim"), (f"{printable(name)}  ", "bold"), text)


def printable(text: str) -> str:
    """Return a text without control characters: titles and names are written by strangers."""
    return CONTROL_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", text)


def _progress_text(data: dict[str, Any]) -> Text:
    style = STYLES.get(data["state"], "red")
    seconds = f" in {data['seconds']:.2f} s" if data["seconds"] else ""
    return Text.assemble((f"{data['stage']} ", "dim"), (data["state"] + seconds, style))


def amount(data: dict[str, Any], name: str = "price") -> str:
    """Return an amount with its currency, or a dash."""
    return f"{data[name]:,.2f} {data.get('currency', '')}" if name in data else "–"


def _fact_line(kind: str, data: Any) -> Text:
    summarize = SUMMARIES.get(kind)
    summary = summarize(data) if summarize else orjson.dumps(data).decode()
    return Text.assemble((f"{kind}  ", "cyan"), printable(summary))


def _offers(data: Sequence[dict[str, Any]]) -> str:
    kept = [it for it in data if it.get("kept", 1)]
    prices = sorted(it["price"] for it in kept if "price" in it)
    left_out = f", {len(data) - len(kept)} left out" if len(kept) < len(data) else ""
    number = "1 offer" if len(kept) == 1 else f"{len(kept)} offers"
    if not prices:
        return number + left_out
    low, high = (f"{it:,.2f}" for it in (prices[0], prices[-1]))
    span = f"at {low}" if low == high else f"from {low} to {high}"
    return f"{number} {span} {kept[0]['currency']}{left_out}"


def _partial_offers(data: Sequence[dict[str, Any]]) -> str:
    names = ", ".join(sorted({it["marketplace"] for it in data}))
    return f"{names}: {_offers(data)}" if names else _offers(data)


def _matches(data: Sequence[dict[str, Any]]) -> str:
    return f"{len(data)} look-alikes; the first: {data[0]['title']}" if data else "no look-alikes"


def _candidates(data: Sequence[dict[str, Any]]) -> str:
    return "; ".join(
        f"{it['producer']} {it['model']} ({it['sources']} sources{', taken' if it['decided'] else ''})"
        for it in data
    )


def _estimate(data: dict[str, Any]) -> str:
    span = f"{amount(data, 'min_range')} to {amount(data, 'max_range')}"
    sure = f"certainty {data['certainty']:.0%}, {data['comparables']} comparables, basis {data['basis']}"
    doubts = f"  {data['doubts']}" if data.get("doubts") else ""
    return f"{amount(data)}  ({span}; {sure}){doubts}"


def _decision(data: dict[str, Any]) -> str:
    verdict = f"{data['verdict']}: " if data.get("verdict") else ""
    prices = "; ".join(_list_price(data, name) for name, _ in PLACES if f"{name}_price" in data)
    return f"{verdict}{data['why']}  List at: {prices}." if prices else f"{verdict}{data['why']}"


def _list_price(data: dict[str, Any], name: str) -> str:
    chance = data.get(f"{name}_chance_30")
    sold = f", {chance:.0%} sold in 30 days" if chance is not None else ""
    return f"{name} {amount(data, f'{name}_price')} (net {amount(data, f'{name}_net')}{sold})"


#: What a terminal shows of a fact; of other kinds, and those of added stages, it shows the JSON.
SUMMARIES: dict[str, Callable[[Any], str]] = {
    "image-description": lambda data: data["sentence"],
    "visual-matches": _matches,
    "identity-candidates": _candidates,
    "offers-partial": _partial_offers,
    "price-evidence": _offers,
    "model-producer": lambda data: f"{data['producer']} – {data['model']}",
    "producer-url": lambda data: f"{data['link']}  {data['title']}",
    "retail-price-details": lambda data: f"{amount(data)}  {data['original_name']}",
    "second-hand-offers": _offers,
    "estimated-price": _estimate,
    DECISION_KIND: _decision,
    "error": lambda data: f"{data['stage']}: {data['message']}",
    "complete": lambda data: f"{data['outcome']} after {data['seconds']:.2f} s, {data['cost_usd']:.4f} USD",
}

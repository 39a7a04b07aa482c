"""Prometheus metrics: one registry for each application."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from lens_rx.clients.protocols import Supplier

STAGE_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 21, 34, 55, 90)

#: The label of an exception in `lens_rx_errors_total` where its class has been renamed since it was first
#: scraped: dashboards and alerts go on working.
ERROR_LABELS = {
    "ConnectionLost": "Gone",
    "NoResults": "Nothing",
    "ParseError": "Drift",
    "PolicyError": "Refused",
    "RequestError": "Refusal",
    "StageTimeout": "DeadlineMissed",
    "UpstreamError": "Broken",
}


class _SupplierCollector(Collector):
    """Computes at each scrape how long the suppliers with a known end will last."""

    def __init__(self, suppliers: Callable[[], Sequence[Supplier]]) -> None:
        self._suppliers = suppliers

    def collect(self) -> list[GaugeMetricFamily]:
        """Return the gauge, one sample for each supplier whose end is known."""
        left = GaugeMetricFamily(
            "lens_rx_supplier_end_seconds",
            "Seconds until a supplier is known to end, negative after it",
            labels=["supplier"],
        )
        for supplier in self._suppliers():
            if supplier.ends:
                end = datetime.combine(supplier.ends, time(), UTC)
                left.add_metric([supplier.name], (end - datetime.now(UTC)).total_seconds())
        return [left]


class _TabCollector(Collector):
    """Counts the browser's tabs by state at each scrape."""

    def __init__(self, count: Callable[[], dict[str, int]]) -> None:
        self._count = count

    def collect(self) -> list[GaugeMetricFamily]:
        """Return the gauge, one sample for each state."""
        tabs = GaugeMetricFamily("lens_rx_browser_tabs", "Tabs of Chromium", labels=["state"])
        for state, number in self._count().items():
            tabs.add_metric([state], number)
        return [tabs]


@dataclass(slots=True)
class Metrics:
    """The metrics of one application; `render()` is the body of `/metrics`."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    stage_seconds: Histogram = field(init=False)
    runs: Counter = field(init=False)
    runs_live: Gauge = field(init=False)
    subscribers: Gauge = field(init=False)
    model_tokens: Counter = field(init=False)
    errors: Counter = field(init=False)
    thumbnails: Counter = field(init=False)
    webhooks: Counter = field(init=False)
    changes: Counter = field(init=False)
    early_lookups: Counter = field(init=False)
    mcp_calls: Counter = field(init=False)
    lens_lookups: Counter = field(init=False)
    lens_fallbacks: Counter = field(init=False)
    outcomes: Counter = field(init=False)
    outcomes_near: Counter = field(init=False)
    outcomes_certainty: Counter = field(init=False)

    def __post_init__(self) -> None:
        where = self.registry
        self.stage_seconds = Histogram(
            "lens_rx_stage_seconds",
            "Seconds of a stage that really ran, retries included",
            ("stage", "outcome"),
            buckets=STAGE_BUCKETS,
            registry=where,
        )
        self.runs = Counter("lens_rx_runs", "Runs asked for", ("how",), registry=where)
        self.runs_live = Gauge("lens_rx_runs_live", "Runs that a worker here is at", registry=where)
        self.subscribers = Gauge("lens_rx_subscribers", "Open streams", registry=where)
        self.model_tokens = Counter(
            "lens_rx_model_tokens", "Tokens of the model", ("stage", "kind"), registry=where
        )
        self.errors = Counter(
            "lens_rx_errors", "Failures, refusals included", ("where", "kind"), registry=where
        )
        self.thumbnails = Counter(
            "lens_rx_thumbnails", "Thumbnails made of photos that a browser could not draw", registry=where
        )
        self.webhooks = Counter(
            "lens_rx_webhooks",
            "Deliveries of webhooks: delivered, failed, dead",
            ("outcome",),
            registry=where,
        )
        self.early_lookups = Counter(
            "lens_rx_early_lookups",
            "Look-ups that began before the name was certain: used, wasted",
            ("outcome",),
            registry=where,
        )
        self._add_client_counters()
        self._add_lens_counters()
        self._add_outcome_counters()

    def _add_client_counters(self) -> None:
        where = self.registry
        self.changes = Counter("lens_rx_changes", "Changes of runs after the fact", ("kind",), registry=where)
        self.mcp_calls = Counter(
            "lens_rx_mcp_calls",
            "Calls of tools by their outcome: ok, or the code of the refusal",
            ("tool", "outcome"),
            registry=where,
        )

    def _add_lens_counters(self) -> None:
        where = self.registry
        self.lens_lookups = Counter(
            "lens_rx_lens_lookups",
            "Look-ups at Google Lens by their way, http or browser, and outcome",
            ("way", "outcome"),
            registry=where,
        )
        self.lens_fallbacks = Counter(
            "lens_rx_lens_fallbacks",
            "Look-ups at Google Lens over HTTP that went on in the browser",
            ("reason",),
            registry=where,
        )

    def _add_outcome_counters(self) -> None:
        where = self.registry
        self.outcomes = Counter(
            "lens_rx_outcomes",
            "Reported sales by where they fell in the range that holds 8 of 10: below, inside, above, unknown",
            ("range",),
            registry=where,
        )
        self.outcomes_near = Counter(
            "lens_rx_outcomes_near", "Reported sales within 20 % of the estimate", registry=where
        )
        self.outcomes_certainty = Counter(
            "lens_rx_outcomes_certainty", "Sum of the certainties of those estimates", registry=where
        )

    def count_lens_lookup(self, way: str, outcome: str) -> None:
        """Count a look-up at Google Lens that has ended."""
        self.lens_lookups.labels(way, outcome).inc()

    def count_lens_fallback(self, reason: str) -> None:
        """Count a look-up over HTTP that goes on in the browser."""
        self.lens_fallbacks.labels(reason).inc()

    def count_outcome(self, place: str, is_near: bool, certainty: float) -> None:  # as it is compared
        """Count a reported sale, whether it came near the estimate, and how sure that was."""
        self.outcomes.labels(place).inc()
        self.outcomes_near.inc(is_near)
        self.outcomes_certainty.inc(certainty)

    def register_tabs(self, count: Callable[[], dict[str, int]]) -> None:
        """Add the gauge of the browser's tabs."""
        self.registry.register(_TabCollector(count))

    def register_suppliers(self, suppliers: Callable[[], Sequence[Supplier]]) -> None:
        """Add the gauge of the suppliers' known ends."""
        self.registry.register(_SupplierCollector(suppliers))

    def count_early_lookup(self, outcome: str) -> None:
        """Count a look-up that began before the name was certain."""
        self.early_lookups.labels(outcome).inc()

    def count_gone_model(self, _: str) -> None:
        """Count a model that is gone and was left for the next one."""
        self.errors.labels("model", "ModelGone").inc()

    def count_error(self, where: str, error: object) -> None:
        """Count a failure under the name of its class."""
        name = type(error).__name__
        self.errors.labels(where, ERROR_LABELS.get(name, name)).inc()

    def render(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self.registry)

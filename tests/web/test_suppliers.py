"""What operators are told of the outside services: `/suppliers` and the metric of their ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.protocols import Supplier, days_left
from lens_rx.metrics import Metrics
from lens_rx.runs.stages import PIPELINE_VERSION
from lens_rx.settings import Settings
from lens_rx.web.health import supplier_row
from lens_rx.wiring.node import model_name

TODAY = datetime.now(UTC).date()


@pytest.mark.parametrize(
    ("supplier", "warning"),
    [
        (Supplier("gpt-6-luna", "model"), False),
        (Supplier("gpt-4o", "model", TODAY + timedelta(days=61)), False),
        (Supplier("gpt-4o", "model", TODAY + timedelta(days=59)), True),
        (Supplier("gpt-4o", "model", TODAY - timedelta(days=1)), True),
        (Supplier("gpt-4o", "model", available=False, in_use=False), True),
    ],
)
def test_an_end_is_warned_of_sixty_days_before(supplier: Supplier, warning: bool):
    """A row says what the supplier is for, when it ends, and whether that needs attention."""
    row = supplier_row(supplier)
    assert row["warning"] is warning
    assert (row["name"], row["used_for"], row["in_use"]) == (supplier.name, "model", supplier.in_use)
    if supplier.ends:
        assert (row["ends"], row["days_left"]) == (supplier.ends.isoformat(), days_left(supplier.ends))
    else:
        assert "ends" not in row


def test_known_ends_are_metrics():
    """The seconds until a known end are a gauge by supplier; without a known end there is none."""

    def suppliers() -> Sequence[Supplier]:
        return [Supplier("gpt-4o", "model", TODAY + timedelta(days=2)), Supplier("gpt-6-luna", "model")]

    metrics = Metrics()
    metrics.register_suppliers(suppliers)
    value = metrics.registry.get_sample_value("lens_rx_supplier_end_seconds", {"supplier": "gpt-4o"})
    assert value is not None
    assert 86_400 - 60 < value <= 2 * 86_400
    assert b"gpt-6-luna" not in metrics.render()


def test_a_model_that_is_gone_is_counted():
    """A model that was left for the next one is a failure of its own kind."""
    metrics = Metrics()
    metrics.count_gone_model("gpt-4o")
    labels = {"where": "model", "kind": "ModelGone"}
    assert metrics.registry.get_sample_value("lens_rx_errors_total", labels) == 1


def test_the_default_models_keep_the_keys_of_release_0_1_0():
    """What runs and stages are stored under by default is what release 0.1.0 stored them under."""
    name = model_name(Settings(openai_api_key="k"), Endpoints(), None)
    assert f"{Endpoints().name}/{PIPELINE_VERSION}/{name}" == "live/1/gpt-4o"


@pytest.mark.parametrize(
    ("models", "name"), [(None, "gpt-4o"), ("gpt-4o", "gpt-4o"), ("gpt-6-luna,gpt-4o", "gpt-6-luna")]
)
def test_the_first_model_stands_in_the_keys(monkeypatch: pytest.MonkeyPatch, models: str | None, name: str):
    """Keys of runs and stages hold the first name of the list: by default the one that release 0.1.0 wrote."""
    if models:
        monkeypatch.setenv("LENS_RX_MODEL", models)
    settings = Settings(openai_api_key="k")
    assert model_name(settings, Endpoints(), None) == name
    assert model_name(Settings(), Endpoints(), None) == ""
    sandbox = Endpoints(models=("gpt-4o", "gpt-6-luna"), model_url="http://127.0.0.1:1/v1")
    assert model_name(settings, sandbox, None) == "gpt-4o"
    assert model_name(settings, sandbox, "http://127.0.0.1:2") == name

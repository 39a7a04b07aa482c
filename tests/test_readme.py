"""What the README says is true: its code runs, its tables are whole."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest
from collecting import collect

from lens_rx import graph
from lens_rx.cli.main import app
from lens_rx.facts import (
    AnalysisState,
    Extra,
    Identity,
    Item,
    Matches,
    Offers,
    ProducerPage,
    Product,
    Progress,
    Retail,
)
from lens_rx.reactive.stage import Step, single_fact
from lens_rx.runs import stages
from lens_rx.sandbox.faults import Fault, Faults, Site
from lens_rx.settings import Settings, variable
from lens_rx.web.fact_wire import KINDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
CODE = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_graph_is_quoted_as_it_is():
    """The page of the graph that the README shows is the one that runs."""
    quoted = next(code for code in CODE if "def analysis" in code)
    assert quoted.strip() in (ROOT / "lens_rx/graph.py").read_text()


async def test_the_worked_example_runs():
    """The stage that the README adds is one file, and tells the pictures of the producer's page."""
    module = ModuleType("images")
    exec(next(code for code in CODE if "IMAGES" in code), module.__dict__)
    product = Product("Hike 2", Decimal(200), "EUR", images=("http://acme.test/1.jpg",))
    facts = {
        "lens": Matches(()),
        "identify": Identity("Acme", "Hike 2"),
        "producer": ProducerPage("http://acme.test/hike-2", "Hike 2"),
        "retail": Retail("http://acme.test/hike-2", product),
        "offers": Offers(()),
    }

    def step(name: str) -> Step:
        async def tell(_: AnalysisState) -> object:
            return facts[name]

        return Step(single_fact(tell), should_run=lambda _: name in facts)

    names = ("lens", "describe", "identify", "producer", "retail", "offers", "estimate")
    wired = graph.Steps(**{name: step(name) for name in names}, extra_stages=(module.IMAGES,))
    facts = await collect(graph.analysis(Item(()), wired))
    assert Extra("product-images", ({"url": "http://acme.test/1.jpg"},)) in facts
    assert [it.state for it in facts if isinstance(it, Progress) and it.stage == "images"] == [
        "started",
        "ok",
    ]


def test_the_line_that_adds_a_stage_is_where_the_readme_says():
    """`EXTRA_STAGES` stands in `runs/stages.py` and has the type that the README writes."""
    assert "EXTRA_STAGES: tuple[ExtraStage, ...] = (" in (ROOT / "lens_rx/runs/stages.py").read_text()
    assert stages.EXTRA_STAGES == ()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_table(name: str):
    """Each setting has its row: variable, default, what it is."""
    field = Settings.model_fields[name]
    row = re.search(rf"^\| `{variable(name)}` \| (.+) \| (.+) \|$", README, re.MULTILINE)
    assert row
    assert row[2] == field.description
    assert row[1].strip("`") == written(field.default)


def written(default: object) -> str:
    """Return a default as the table writes it."""
    if default in (None, "", ()):
        return "–"
    if isinstance(default, tuple):
        return ",".join(default)
    return str(default).lower() if isinstance(default, bool) else f"{default}".removesuffix(".0")


def test_no_row_is_left_of_a_setting_that_is_gone():
    """Each variable of the table is a setting."""
    rows = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert rows == {variable(name) for name in Settings.model_fields}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.description)
def test_every_kind_of_fact_is_named(kind: object):
    """Each kind that goes over the wire stands in the README; `extra` is the reader's own."""
    assert kind.description == "extra" or f"`{kind.description}`" in README


def test_every_command_is_named():
    """Each command of the command line stands in the README."""
    names = [it.name or it.callback.__name__ for it in app.registered_commands]
    assert [name for name in names if f"lens-rx {name}" not in README and name != "demo"] == []


FAULTS = README.partition("### Faults of the sandbox")[2].partition("\n## ")[0]


def test_the_faults_file_is_one():
    """The example of a faults file is read as it stands."""
    example = re.findall(r"```json\n(.*?)```", FAULTS, re.DOTALL)[0]
    faults = Faults.parse(example)
    assert faults.active() == json.loads(example)


def test_every_fault_and_every_site_is_named():
    """Each site that can fail and each fault has its place in the README."""
    rows = set(re.findall(r"^\| `(\w+)` \|", FAULTS, re.MULTILINE))
    assert rows == set(Fault.model_fields)
    assert [site for site in Site if f"`{site}`" not in FAULTS] == []


def test_every_figure_names_its_benchmark():
    """Each row of figures names a script that is there."""
    scripts = re.findall(r"`benchmarks/(\w+\.py)`", README)
    assert scripts
    assert [name for name in scripts if not (ROOT / "benchmarks" / name).is_file()] == []

"""What comes from others: the one package with known weaknesses is never called, and the audit can fail."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from types import ModuleType

import pyppeteer
import pytest

ROOT = Path(__file__).resolve().parent.parent
EXCEPTION = {"urllib3": {"version": "1.26.20", "reason": "never called"}}


def imported(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports, those inside its functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def production_packages() -> dict[str, list[str]]:
    """Return each package that an installation without extras brings, with the packages that it needs."""
    found: dict[str, list[str]] = {}
    todo = ["lens-rx"]
    while todo:
        name = todo.pop()
        if name in found:
            continue
        try:
            wanted = [it for it in requires(name) or () if "extra ==" not in it]
        except PackageNotFoundError:  # for another platform or another Python
            wanted = []
        found[name] = [re.split(r"[^\w.-]", it)[0].lower().replace("_", "-") for it in wanted]
        todo += found[name]
    return found


def test_urllib3_is_needed_by_pyppeteer_alone():
    """No other package of an installation asks for the package with known weaknesses."""
    packages = production_packages()
    assert len(packages) > 20
    assert [name for name, needs in packages.items() if "urllib3" in needs] == ["pyppeteer"]


def test_urllib3_is_called_by_the_downloader_alone():
    """In pyppeteer one function of one module uses it: the one that downloads a Chromium."""
    folder = Path(pyppeteer.__file__).parent
    users = [
        path.name for path in folder.glob("*.py") if any(it.startswith("urllib3") for it in imported(path))
    ]
    assert users == ["chromium_downloader.py"]
    tree = ast.parse((folder / users[0]).read_text())
    functions = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and "urllib3.PoolManager" in ast.unparse(node)
    ]
    assert functions == ["download_zip"]
    assert ast.unparse(tree).count("urllib3.PoolManager") == 1


def test_the_downloader_is_never_reached():
    """lens_rx imports pyppeteer's connection and errors alone, which have no way to its launcher."""
    used = {
        name for path in (ROOT / "lens_rx").rglob("*.py") for name in imported(path) if "pyppeteer" in name
    }
    modules = {name.rpartition(".")[0] for name in used}
    assert modules == {"pyppeteer.connection", "pyppeteer.errors"}
    folder = Path(pyppeteer.__file__).parent
    reached = {name for module in ("connection", "errors") for name in imported(folder / f"{module}.py")}
    assert not [name for name in reached if re.search("launcher|downloader|util", name)]


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    """Load the audit's program."""
    loader = SourceFileLoader("audit", str(ROOT / ".ci" / "audit"))
    spec = importlib.util.spec_from_loader("audit", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def entry(name: str, version: str, *ids: str) -> dict[str, object]:
    """Return what pip-audit reports of a package."""
    return {"name": name, "version": version, "vulns": [{"id": it, "fix_versions": ["9"]} for it in ids]}


URLLIB3 = entry("urllib3", "1.26.20", "CVE-2026-21441")


@pytest.mark.parametrize(
    ("report", "problem"),
    [
        ([URLLIB3, entry("aiohttp", "1.0", "CVE-1")], "aiohttp 1.0: CVE-1, mended in 9"),
        ([URLLIB3, {"name": "aiohttp", "skip_reason": "not found"}], "Nothing is known of 1 packages"),
        ([entry("urllib3", "1.26.20"), entry("aiohttp", "1.0")], "the source has no data"),
        ([entry("urllib3", "2.7.0"), entry("aiohttp", "1.0")], "no longer needed"),
        ([entry("aiohttp", "1.0")], "no longer needed"),
    ],
    ids=["vulnerable", "skipped", "no data", "updated", "gone"],
)
def test_audit_fails(audit: ModuleType, report: list[dict], problem: str):
    """It fails for what is vulnerable, for what it knows nothing of, and for an exception that holds no more."""
    assert problem in " ".join(audit.find_problems(report, EXCEPTION))


def test_audit_passes_where_only_the_exception_is_vulnerable(audit: ModuleType):
    """What is excepted with a reason, at that very version, is no problem."""
    own = {"name": "lens-rx", "skip_reason": "distribution marked as editable"}
    assert audit.find_problems([URLLIB3, entry("aiohttp", "1.0"), own], EXCEPTION) == []

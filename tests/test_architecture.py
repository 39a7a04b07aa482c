"""The package as the README draws it: which way imports point, how long things are, what they are called."""

from __future__ import annotations

import ast
import graphlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "lens_rx"
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in PACKAGE.rglob("*.py")
}
LONGEST_MODULE = 250
LONGEST_FUNCTION = 40

#: Packages from the bottom up; each may import those of lower layers, and its own.
LAYERS = {
    "lens_rx.facts": 0,
    "lens_rx.pricing": 1,
    "lens_rx.parsing": 2,
    "lens_rx.matching": 3,
    "lens_rx.operators": 4,
    "lens_rx.graph": 5,
    "lens_rx.runs": 6,
    "lens_rx.web": 7,
    "lens_rx.mcp": 8,
    "lens_rx.wiring": 9,
    "lens_rx.cli": 10,
}
#: What everything may import from a package that is otherwise named in the wiring alone.
CLIENT_INTERFACES = ("lens_rx.clients.protocols", "lens_rx.clients.endpoints", "lens_rx.clients.llm_schemas")
#: What the sandbox needs beside the package's own dependencies: the extra `[sandbox]`.
SANDBOX_EXTRA = {"cv2", "jinja2", "markupsafe"}
BACKENDS = ("memory", "local", "sqlite", "redis")
LONGEST_LINE = 160
#: File names that recur on purpose, by reason; every other name is there once.
PARALLELS = {
    "a marketplace's parser, and its site in the sandbox": {"carousell", "ebay", "mercari", "vinted"},
    "a Google page's stage, parser, and site in the sandbox": {"lens", "search"},
    "production's, and the sandbox's of the same kind": {"endpoints", "usage"},
    "a package's interfaces": {"protocols"},
    "a command, and what it runs": {"classify", "worker"},
    "of a database, and of an answer's JSON": {"schema"},
    "a tool for agents, and what it computes": {"decide"},
    "a command for access, and the words of a price": {"tokens"},
}
#: Private words of earlier releases; each has a standard term now.
PRIVATE_WORDS = set(
    """akin beating bell bench desk dressed errands gallery hops keeper kinship ledger manners memento misnamed
    passengers refrains shelf spoiled squeeze teller told walled world""".split()
)


@cache
def tree_of(name: str) -> ast.Module:
    """Return a module's syntax tree, parsed when it is first asked for: every worker imports this file."""
    return ast.parse(MODULES[name].read_text())


@cache
def imported(name: str) -> frozenset[str]:
    """Return the modules that a module names, wherever it does."""
    found: set[str] = set()
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def imported_modules(name: str) -> set[str]:
    """Return the modules of ours whose code a module uses: of `from package import module`, the module alone."""
    found: set[str] = set()
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names & set(MODULES) or {node.module, f"{node.module}.__init__"} & set(MODULES)
    return found - {name}


def identifiers(name: str) -> set[str]:
    """Return the names that a module defines: functions, classes, arguments, variables, attributes."""
    found: set[str] = set()
    for node in ast.walk(tree_of(name)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.arg():
                found.add(node.arg)
            case ast.Name(ctx=ast.Store()):
                found.add(node.id)
            case ast.Attribute(ctx=ast.Store()):
                found.add(node.attr)
    return found


def part_of(name: str) -> str:
    """Return the package of a module, directly below `lens_rx`."""
    return ".".join(name.split(".")[:2])


@cache
def functions(name: str) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef, ...]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return tuple(node for node in ast.walk(tree_of(name)) if isinstance(node, kinds))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function's body without its docstring."""
    body = function.body
    rest = body[1:] if ast.get_docstring(function) else body
    return (rest[-1].end_lineno or 0) - rest[0].lineno + 1 if rest else 0


def bare(function: ast.stmt) -> bool:
    """Return whether a function is one line of a protocol, whose class has the contract."""
    return function.lineno == function.end_lineno


def test_imports_point_one_way():
    """No package imports one above it."""
    upward = [
        f"{name} -> {other}"
        for name in MODULES
        for other in imported(name)
        if LAYERS.get(part_of(other), 0) > LAYERS.get(part_of(name), 99)
    ]
    assert upward == []


def test_no_modules_import_each_other():
    """The modules can be put in an order in which each imports only those before it."""
    try:
        graphlib.TopologicalSorter({name: imported_modules(name) for name in MODULES}).prepare()
    except graphlib.CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_file_names_do_not_recur():
    """A file's name says what is in it, so no other has the same, but for natural parallels."""
    stems = Counter(name.rpartition(".")[2] for name in MODULES)
    recurring = {stem for stem, number in stems.items() if number > 1} - {"__init__"}
    assert recurring == set().union(*PARALLELS.values())


def test_private_words_are_gone():
    """No name is made of a word that only those who wrote it understand; a lamp's desk is a desk."""
    used = {
        f"{module}: {name}"
        for module in MODULES
        if not module.startswith("lens_rx.sandbox.drawings")
        for name in identifiers(module)
        if PRIVATE_WORDS & {word.lower() for word in re.findall("[A-Z]?[a-z]+", name)}
    }
    assert used == set()


def test_parsing_is_pure():
    """What reads a saved page awaits nothing and has no way to the network."""
    impure = {"asyncio", "aiohttp", "openai", "pyppeteer", "socket", "urllib.request", "sqlite3", "redis"}
    pure = [name for name in MODULES if part_of(name) == "lens_rx.parsing"]
    assert pure
    assert [name for name in pure if impure & imported(name)] == []
    assert [
        name for name in pure if any(isinstance(it, ast.AsyncFunctionDef) for it in functions(name))
    ] == []


def test_clients_are_named_only_in_the_wiring():
    """Only the wiring names the client of a service; everything else knows its protocol."""
    outside = [name for name in MODULES if part_of(name) not in ("lens_rx.clients", "lens_rx.wiring")]
    users = {
        (name, other)
        for name in outside
        for other in imported(name)
        if other.startswith("lens_rx.clients") and not other.startswith(CLIENT_INTERFACES)
    }
    assert users == set()


def test_only_the_commands_know_the_sandbox():
    """The sandbox is imported by the command line alone, and only where it is asked for: its extra may be missing."""
    users = {name for name in MODULES if any(it.startswith("lens_rx.sandbox") for it in imported(name))}
    assert {part_of(name) for name in users} == {"lens_rx.sandbox", "lens_rx.cli"}
    eager = [
        name
        for name in users
        if part_of(name) == "lens_rx.cli"
        for node in tree_of(name).body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lens_rx.sandbox")
    ]
    assert eager == []
    needy = {name for name in MODULES if SANDBOX_EXTRA & {it.split(".")[0] for it in imported(name)}}
    assert {part_of(name) for name in needy} == {"lens_rx.sandbox"}


def test_backends_are_named_only_in_the_storage_package():
    """Which storage backend there is, is known by `storage/__init__.py` alone."""
    backends = tuple(f"lens_rx.storage.{name}" for name in BACKENDS)
    outside = [name for name in MODULES if part_of(name) != "lens_rx.storage"]
    assert [name for name in outside if any(it.startswith(backends) for it in imported(name))] == []


@pytest.mark.parametrize(
    ("library", "place"),
    [
        ("pyppeteer", "lens_rx.clients.browser"),
        ("openai", "lens_rx.clients.llm"),
        ("redis", "lens_rx.storage.redis"),
        ("sqlite3", "lens_rx.storage.sqlite"),
        ("cv2", "lens_rx.sandbox"),
        ("mcp", "lens_rx.mcp"),
    ],
)
def test_a_library_is_imported_in_one_package(library: str, place: str):
    """A library of an outside service is imported in one package alone, so that it can be replaced there."""
    users = [name for name in MODULES if library in {it.split(".")[0] for it in imported(name)}]
    assert users
    assert [name for name in users if not name.startswith(place)] == []


def test_tasks_are_made_in_one_place():
    """Only `reactive` makes tasks, and each has an owner there until it has ended."""
    makers = re.compile(r"\.create_task\(|\b(ensure_future|run_coroutine_threadsafe)\(")
    places = {part_of(name) for name, path in MODULES.items() if makers.search(path.read_text())}
    assert places == {"lens_rx.reactive"}


def test_a_module_is_short():
    """A module fits into one look."""
    lengths = {name: len(path.read_text().splitlines()) for name, path in MODULES.items()}
    assert {name: it for name, it in lengths.items() if it > LONGEST_MODULE} == {}


def test_a_line_fits_on_a_screen():
    """No line is longer than a screen is wide."""
    lines = [(name, line) for name, path in MODULES.items() for line in path.read_text().splitlines()]
    assert [it for it in lines if len(it[1]) > LONGEST_LINE] == []


def test_a_function_is_short():
    """A function fits on a screen with room to spare."""
    lengths = {f"{name}.{it.name}": length(it) for name in MODULES for it in functions(name)}
    assert {name: it for name, it in lengths.items() if it > LONGEST_FUNCTION} == {}


def test_nearly_every_function_is_very_short():
    """Nine in ten bodies have 25 lines at most, and by far."""
    lengths = [length(it) for name in MODULES for it in functions(name)]
    assert sum(it > 25 for it in lengths) <= len(lengths) * 0.01


def test_what_is_public_says_what_it_does():
    """Each public module, class and function has a sentence of contract; a line of a protocol has its class."""
    assert [it for name in MODULES for it in undocumented(name)] == []


def undocumented(name: str) -> Iterator[str]:
    """Yield what is public in a module and has no docstring."""
    tree = tree_of(name)
    if not ast.get_docstring(tree):
        yield name
    for node in [tree, *(it for it in tree.body if isinstance(it, ast.ClassDef) and it.name[0] != "_")]:
        for it in node.body:
            named = isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            if named and not it.name.startswith("_") and not ast.get_docstring(it) and not bare(it):
                yield f"{name}.{it.name}"


def test_tests_have_names_of_their_own():
    """No two files of tests share a name: pytest imports them all beside each other."""
    names = Counter(path.name for path in Path(__file__).parent.rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []


def test_no_module_knows_a_machine():
    """No path of somebody's machine stands in the code."""
    home = re.compile(r"[\"'](/home/|/Users/|/tmp/|[A-Z]:\\\\)")
    assert [name for name, path in MODULES.items() if home.search(path.read_text())] == []

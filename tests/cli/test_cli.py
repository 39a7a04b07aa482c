"""The overview of the commands, and how soon it is there."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version

import pytest
import typer
from typer.testing import CliRunner

from lens_rx.cli import main as cli

#: What makes a command slow to start; nothing of it is needed to read its arguments. (pydantic is typer's own.)
SLOW = "PIL aiohttp babel cv2 numpy openai orjson pydantic_settings pyppeteer reactivex redis selectolax structlog".split()
IMPORTS = """
import sys
from lens_rx.cli.main import main
sys.argv = ["lens-rx", *sys.argv[1:]]
try:
    main()
except SystemExit as ended:
    print("ended", ended.code)
print(sorted(name for name in sys.modules if "." not in name))
"""


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_overview_says_what_the_command_says(name: str):
    """Each command's line in the overview is the first of its own help."""
    done = CliRunner().invoke(cli.app, [name, "--help"])
    assert done.exit_code == 0
    assert " ".join(cli.COMMANDS[name].split()[:6]) in " ".join(done.output.split())


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--help"], 0),
        (["-h"], 0),
        (["--version"], 0),
        (["clasify"], 2),
        (["classify"], 2),
        (["classify", "nowhere.jpg"], 2),
        (["classify", "--help"], 0),
        (["serve", "--port", "99999"], 2),
        (["serve", "--sandbox-faults", "faults.json"], 2),
        (["runs", "show"], 2),
        (["runs", "import", "nowhere.jsonl"], 2),
        (["sandbox", "serve", "-h"], 0),
        (["parse", "amazon", "x"], 2),
        (["parse", "ebay", "nowhere.html"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_help_and_wrong_calls_import_nothing_slow(arguments: list[str], status: int):
    """Help, the version and a call that cannot be meant are answered without what a command works with."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    ended, imported = done.stdout.splitlines()[-2:]
    assert ended == f"ended {status}"
    assert [name for name in SLOW if f"'{name}'" in imported] == []


def test_an_unknown_command_is_answered_with_the_nearest():
    """A mistyped command is a sentence and exit status 2."""
    done = CliRunner().invoke(cli.app, ["clasify"])
    assert done.exit_code == 2
    assert "classify" in done.output


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_can_be_loaded(name: str):
    """Each line of the table leads to a command with words of its own."""
    found = cli.load_command(name)
    assert found.help
    assert isinstance(found, typer.core.TyperCommand | typer.core.TyperGroup)


def test_the_version_is_the_packages():
    """`--version` tells what is installed."""
    done = CliRunner().invoke(cli.app, ["--version"])
    assert done.output == f"lens-rx {version('lens-rx')}\n"


@pytest.mark.parametrize("arguments", [[], ["classify"], ["sandbox"], ["runs", "list"]], ids=" ".join)
def test_help_has_a_short_name(arguments: list[str]):
    """`-h` is `--help`, at every level."""
    short, long = (CliRunner().invoke(cli.app, [*arguments, name]) for name in ("-h", "--help"))
    assert (short.exit_code, short.output) == (0, long.output)


def installed(*arguments: str, **environment: str) -> str:
    """Return what the installed `lens-rx` prints: completion knows it by the name that it was called by."""
    script = "import sys\nsys.argv[0] = 'lens-rx'\nfrom lens_rx.cli.main import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=os.environ | environment,
    )
    return done.stdout


@pytest.mark.parametrize(
    ("shell", "line", "word"),
    [
        ("bash", "lens-rx cla", "classify"),
        ("bash", "lens-rx runs ex", "export"),
        ("bash", "lens-rx classify --one", "--one-thing"),
        ("zsh", "lens-rx sandbox serve --sandbox-f", '"--sandbox-faults"'),
        ("fish", "lens-rx classify --no-st", "--no-store"),
    ],
)
def test_a_shell_completes_commands_and_options(shell: str, line: str, word: str):
    """What the completion script of a shell asks is answered with the word that was begun."""
    words = line.split()
    asked = {"_LENS_RX_COMPLETE": f"complete_{shell}"}
    if shell == "bash":
        asked |= {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    else:
        asked |= {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    assert word in installed(**asked)


def test_the_completion_script_is_shown():
    """`--show-completion` prints a script for the shell that asks `lens-rx` itself."""
    script = installed("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert "_LENS_RX_COMPLETE=complete_bash" in script
    assert script.rstrip().endswith("lens-rx")

"""The overview of the commands."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest
import typer
from typer.testing import CliRunner

from lens_rx.cli import main as cli


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_overview_says_what_the_command_says(name: str):
    """Each command's line in the overview is the first of its own help."""
    done = CliRunner().invoke(cli.app, [name, "--help"])
    assert done.exit_code == 0
    assert " ".join(cli.COMMANDS[name][1].split()[:6]) in " ".join(done.output.split())


def test_the_overview_imports_no_command():
    """`lens-rx --help` reads no command, so that it is there at once."""
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom lens_rx.cli.main import app\n"
        "print(CliRunner().invoke(app, ['--help']).exit_code)\n"
        "print(sorted({'openai', 'cv2', 'aiohttp', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["0", "[]"]


def test_an_unknown_command_is_answered_with_the_nearest():
    """A mistyped command is a sentence and exit status 2."""
    done = CliRunner().invoke(cli.app, ["clasify"])
    assert done.exit_code == 2
    assert "classify" in done.output


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_can_be_loaded(name: str):
    """Each line of the table leads to a command with words of its own."""
    found = cli.loaded(name)
    assert found.help
    assert isinstance(found, typer.core.TyperCommand | typer.core.TyperGroup)


def test_the_version_is_the_packages():
    """`--version` tells what is installed."""
    done = CliRunner().invoke(cli.app, ["--version"])
    assert done.output == f"lens-rx {version('lens-rx')}\n"

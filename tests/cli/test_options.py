"""What the environment and the command line say, and the words for what they cannot mean."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from pydantic import ValidationError
from typer.testing import CliRunner

from lens_rx.cli import main as cli
from lens_rx.cli.commands.classify import find_photos
from lens_rx.cli.environment import load_settings
from lens_rx.cli.output import printable
from lens_rx.settings import Settings, accepted_variables, variable


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("LENS_RX_TABS", "many", "LENS_RX_TABS: Input should be a valid integer"),
        ("LENS_RX_TABS", "many", "warm tabs (default: 4)"),
        ("LENS_RX_LEASE", "0.1", "greater than 0.5"),
        ("LENS_RX_LOG_LEVEL", "loud", "'debug', 'info', 'warning'"),
        ("LENS_RX_CORS_ORIGINS", "localhost:3001", "LENS_RX_CORS_ORIGINS: write it in full, with http://"),
        ("LENS_RX_CORS_ORIGINS", "http://a.test/", "an origin ends with its host or port"),
        ("OPENAI_BASE_URL", "localhost:11434/v1", "OPENAI_BASE_URL: write it in full"),
        ("OPENAI_API_KEY", "sk-sécret", "OPENAI_API_KEY: a key has plain letters and digits only"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str, value: str, words: str
):
    """The command ends with 2, the variable's name, what is wrong and what it is for; never with a key."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(typer.Exit) as ended:
        load_settings()
    said = capsys.readouterr().err
    assert ended.value.exit_code == 2
    assert words in said
    assert "sécret" not in said


def test_settings_are_read_as_people_write_them(monkeypatch: pytest.MonkeyPatch):
    """Commas between origins, small letters, a line's end behind a key, an empty variable."""
    written = {
        "LENS_RX_CORS_ORIGINS": "http://a.test, http://b.test:81",
        "LENS_RX_CURRENCY": "usd",
        "LENS_RX_COUNTRY": "de",
        "LENS_RX_LOG_LEVEL": "WARNING",
        "LENS_RX_HEADLESS": "",
        "OPENAI_API_KEY": " sk-1\n",
        "OPENAI_BASE_URL": "",
    }
    for name, value in written.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.cors_origins == ("http://a.test", "http://b.test:81")
    assert (settings.currency, settings.country, settings.log_level) == ("USD", "DE", "warning")
    assert settings.openai_api_key
    assert settings.openai_api_key.get_secret_value() == "sk-1"
    assert (settings.headless, settings.openai_base_url) == (True, None)


def test_a_mistyped_setting_is_reported_with_the_nearest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """A variable that changes nothing is named, for whoever set it believes that it does."""
    monkeypatch.setenv("LENS_RX_TABZ", "8")
    assert load_settings().tabs == 4
    assert (
        "LENS_RX_TABZ is no setting, and changes nothing. Do you mean LENS_RX_TABS?"
        in capsys.readouterr().err
    )


def test_every_name_that_is_read_is_a_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """A variable by its field's name, such as LENS_RX_LEASE_SECONDS, is read, and so is not called a mistake."""
    monkeypatch.setenv("LENS_RX_LEASE_SECONDS", "5")
    monkeypatch.setenv("LENS_RX_MODELS", "a,b")
    settings = load_settings()
    assert (settings.lease_seconds, settings.models) == (5.0, ("a", "b"))
    assert capsys.readouterr().err == ""
    for name in accepted_variables():
        monkeypatch.setenv(name, "\N{SNOWMAN}")
    with pytest.raises(ValidationError) as wrong:
        Settings()
    read = {
        variable(str(it["loc"][0])) if it["loc"][0] in Settings.model_fields else it["loc"][0]
        for it in wrong.value.errors()
    }
    typed = {"tabs", "lease_seconds", "page_deadline_seconds", "openai_base_url", "headless", "kept_days"}
    assert {variable(it) for it in typed} <= read


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["classify", __file__, "--events", "all,nonsense"], "events does not know all, nonsense"),
        (["classify", __file__, "--currency", "XXX"], "currency must be an ISO 4217 code"),
        (["classify", __file__, "--country", "Germany"], "country must be two letters"),
        (["classify", __file__, "--hint", "x" * 201], "hint may have 200 characters"),
        (["serve", "--port", "99999"], "65535"),
        (["serve", "--sandbox-faults", "faults.json"], "say --sandbox as well"),
        (
            ["serve", "--sandbox", "--sandbox-faults", "nowhere.json"],
            "nowhere.json cannot be read: No such file",
        ),
    ],
    ids=["events", "currency", "country", "hint", "port", "faults of no sandbox", "no faults"],
)
def test_what_cannot_be_meant_starts_nothing(arguments: list[str], words: str):
    """The command ends with 2 and words before a browser or a port is opened."""
    done = CliRunner().invoke(cli.app, arguments)
    assert done.exit_code == 2
    assert words in " ".join(done.output.split())


def test_a_currency_without_a_rate_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch):
    """A service whose every answer would be refused is not started."""
    monkeypatch.setenv("LENS_RX_CURRENCY", "XXX")
    done = CliRunner().invoke(cli.app, ["serve", "--no-store"])
    assert done.exit_code == 2
    assert "LENS_RX_CURRENCY" in done.output


def test_a_folder_is_its_visible_photos(tmp_path: Path):
    """Folders, pipes, hidden files and dangling links that are named like photos are none."""
    (tmp_path / "deep").mkdir()
    for name in ("b.jpg", "deep/a.HEIC", ".hidden.jpg", "text.txt"):
        (tmp_path / name).write_bytes(b"1")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "dangling.png").symlink_to("nowhere")
    assert find_photos([tmp_path]) == [tmp_path / "b.jpg", tmp_path / "deep/a.HEIC"]


def test_what_a_terminal_would_obey_is_not_printed():
    """Escape sequences and turned writing in a stranger's title are shown as signs."""
    assert printable("a\x1b[31mb\r\nc\u202ed\xa0e") == "a\ufffd[31mb\ufffd\ufffdc\ufffdd\xa0e"

"""`lens-rx status` and `warmup`: is everything there that a run needs."""

from __future__ import annotations

import pytest
from calling import Call
from redis_server import free_port


def test_all_is_there_in_the_sandbox(lens_rx: Call):
    """Chromium's version, the form in which the model answers, the log and the world are told."""
    done = lens_rx("status", "--sandbox")
    told = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert done.returncode == 0, done.stdout + done.stderr
    assert told["world"].startswith("SANDBOX")
    assert told["chromium"].startswith("Chrome/")
    assert "json_schema" in told["model"]
    assert told["log"].startswith("sqlite")


def test_a_chromium_that_is_missing_is_told_with_what_to_do(lens_rx: Call):
    """Without Chromium the exit status is 1, and the line says what to install or set."""
    done = lens_rx("status", "--sandbox", LENS_RX_CHROMIUM="/nowhere/chromium")
    assert done.returncode == 1
    assert "NOT THERE" in done.stdout
    assert "LENS_RX_CHROMIUM" in done.stdout


def test_a_live_world_without_a_key_says_who_decides(lens_rx: Call):
    """No key is no failure: the line says that titles decide."""
    done = lens_rx("status", OPENAI_API_KEY="", OPENAI_BASE_URL="")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "world     live" in done.stdout
    assert "titles decide" in done.stdout


def test_a_model_that_is_away_is_told(lens_rx: Call):
    """A server that does not answer is told, with exit status 1."""
    away = f"http://127.0.0.1:{free_port()}"
    done = lens_rx("status", "--sandbox", "--model-at", away)
    assert done.returncode == 1
    assert "model     NOT THERE" in done.stdout
    assert f"asked at {away}/v1/ for gpt-4o" in done.stdout


def test_warmup_leaves_the_log_alone(lens_rx: Call):
    """`warmup` asks Chromium and the model, and opens no store."""
    done = lens_rx("warmup", "--sandbox")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "chromium" in done.stdout
    assert "log" not in done.stdout


@pytest.mark.parametrize(("variable", "value"), [("LENS_RX_TABS", "many"), ("LENS_RX_PAGE_DEADLINE", "-1")])
def test_a_wrong_setting_is_told_in_words(lens_rx: Call, variable: str, value: str):
    """A setting that cannot be read is named, and nothing is started."""
    done = lens_rx("status", **{variable: value})
    assert done.returncode == 2
    assert "A setting in the environment is wrong" in done.stderr
    assert variable.removeprefix("LENS_RX_").lower() in done.stderr.lower()

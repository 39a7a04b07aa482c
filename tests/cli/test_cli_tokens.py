"""`lens-rx tokens`, and the service and the client that use them, as their users call them."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from calling import Call
from structlog.testing import capture_logs

from lens_rx.cli.access import announce_access, authenticator_for
from lens_rx.settings import Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "tokens.json"


def test_a_token_is_made_listed_and_revoked(lens_rx: Call, file: Path):
    """The token is all that `add` writes to stdout; `list` shows its name and tenant, and not the token."""
    made = lens_rx("tokens", "add", "anna", "--tenant", "berlin", LENS_RX_TOKENS_FILE=str(file))
    assert re.fullmatch(r"lrx_[\w-]{43}\n", made.stdout)
    assert made.stdout.strip() not in made.stderr
    listed = lens_rx("tokens", "list", "--file", file)
    assert re.match(r"anna +berlin +2", listed.stdout)
    assert made.stdout.strip() not in listed.stdout
    assert lens_rx("tokens", "revoke", "anna", "--file", file).returncode == 0
    assert lens_rx("tokens", "list", "--file", file).stdout == ""


def test_what_is_wrong_is_told_in_a_line(lens_rx: Call, file: Path):
    """A name that is taken or unknown, and a file that is none, end the command with words and status 1."""
    lens_rx("tokens", "add", "anna", "--file", file)
    taken = lens_rx("tokens", "add", "anna", "--file", file)
    unknown = lens_rx("tokens", "revoke", "bea", "--file", file)
    file.write_text("[]")
    broken = lens_rx("tokens", "list", "--file", file)
    for done, words in ((taken, "already"), (unknown, "no token bea"), (broken, "no file of tokens")):
        assert done.returncode == 1
        assert words in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"LENS_RX_AUTH": "none"}, "OPEN TO EVERYBODY"),
        ({"LENS_RX_AUTH": "token"}, "by token; 0 tokens in"),
        ({}, "without a token on loopback, by token elsewhere"),
    ],
)
def test_status_tells_who_may_come_in(lens_rx: Call, environment: dict[str, str], words: str):
    """A line of `status` says whether a token is asked for."""
    done = lens_rx("status", "--sandbox", LENS_RX_CHROMIUM="none", **environment)
    assert re.search(rf"^access +{words}", done.stdout, re.MULTILINE), done.stdout + done.stderr


def test_a_service_beyond_loopback_makes_a_link(photos: Path, lens_rx: Call, tmp_path: Path):
    """It prints one, once; the link opens the page, and `classify --server` works with the token of it alone."""
    command = [sys.executable, "-m", "lens_rx", "serve", "--sandbox", "--no-store", "--port", "0"]
    environment = {"XDG_DATA_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LENS_RX_CHROMIUM": "none"}
    command += ["--host", "0.0.0.0"]
    log = (tmp_path / "log").open("w+")
    with (
        log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment) as process,
    ):
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(3)]
        link = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)", "".join(lines))
        assert link
        bare = f"127.0.0.1:{link[1]}"
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"http://{bare}/suppliers", timeout=5)
        refused = lens_rx("classify", photos / "01.jpg", "--server", bare)
        taken = lens_rx("classify", photos / "01.jpg", "--server", bare, "--json", LENS_RX_TOKEN=link[2])
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
        log.seek(0)
        assert link[2] not in rest + log.read()
    assert refused.returncode == 1
    assert "--token or LENS_RX_TOKEN" in refused.stderr
    assert '"data_description":"model-producer"' in taken.stdout


def test_a_service_without_tokens_says_so_in_the_log():
    """Where the setting asks for none the log has a line, wherever the service listens; on loopback alone none."""
    with capture_logs() as lines:
        for auth, host in (("none", "0.0.0.0"), ("none", "127.0.0.1"), ("auto", "127.0.0.1")):
            settings = Settings(auth=auth)
            announce_access(authenticator_for(settings, host), settings, host, 5000)
    assert [(line["event"], line["host"]) for line in lines] == [
        ("no token is asked for", "0.0.0.0"),
        ("no token is asked for", "127.0.0.1"),
    ]


def test_the_link_names_an_address_that_opens(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """An address of all networks is written as loopback, one of IPv6 in brackets; with a token there is no link."""
    settings = Settings(tokens_file=tmp_path / "tokens.json")
    for host, written in (
        ("0.0.0.0", "127.0.0.1"),
        ("::", "127.0.0.1"),
        ("fe80::1", r"\[fe80::1\]"),
        ("lens", "lens"),
    ):
        announce_access(authenticator_for(settings, host), settings, host, 5000)
        assert re.search(rf"http://{written}:5000/\?token=", capsys.readouterr().out)
    authenticator = authenticator_for(settings, "0.0.0.0")
    assert authenticator
    assert authenticator.file
    authenticator.file.add("anna")
    announce_access(authenticator, settings, "0.0.0.0", 5000)
    assert capsys.readouterr().out == ""

"""Whether a Chromium knows the switches that it is started with: it passes over an unknown one in silence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

#: WebRTC may send nothing past the proxy: the present name of the switch, and that of earlier Chromiums.
WEBRTC_SWITCHES = ("webrtc-ip-handling-policy", "force-webrtc-ip-handling-policy")
#: Without one of each group pages would reach addresses that the egress proxy refuses.
REQUIRED_SWITCHES = (
    ("proxy-server",),
    ("proxy-bypass-list",),
    ("host-resolver-rules",),
    WEBRTC_SWITCHES,
)
#: What a program that is no Chromium, but starts one, does not hold.
_IN_EVERY_CHROMIUM = "user-data-dir"
_FEATURES = "--disable-features="
_CHUNK = 1 << 20
_LONGEST_NAME = 128


def unknown_switches(executable: Path, flags: Sequence[str]) -> list[str] | None:
    """Return which switches of the command line `flags` the program does not hold, and features as `feature:NAME`.

    Of the two names of WebRTC's switch it needs to hold one. None where the file is no Chromium, so that it cannot
    tell. Reads the whole file where one is unknown (0.3 GB).
    """
    wanted = frozenset(_names(flags)) | {_IN_EVERY_CHROMIUM}
    missing = _missing((executable, executable.stat().st_mtime_ns), wanted)
    return None if _IN_EVERY_CHROMIUM in missing else sorted(missing)


def missing_guards(unknown: Iterable[str]) -> list[str]:
    """Return the required switches of which no name is known."""
    absent = set(unknown)
    return [names[0] for names in REQUIRED_SWITCHES if absent.issuperset(names)]


def _names(flags: Sequence[str]) -> list[str]:
    names = [flag.removeprefix("--").partition("=")[0] for flag in flags if flag.startswith("--")]
    lists = [flag.removeprefix(_FEATURES) for flag in flags if flag.startswith(_FEATURES)]
    return names + [f"feature:{name}" for it in lists for name in it.split(",")]


@lru_cache(maxsize=4)
def _missing(version: tuple[Path, int], names: frozenset[str]) -> frozenset[str]:
    """Return which names the file does not hold; `version`: the file, and when it was modified."""
    # a switch is a C string of its own; a feature's name also stands in other texts
    wanted = {
        name: name.removeprefix("feature:").encode() + (b"" if ":" in name else b"\0") for name in names
    }
    end = b""
    with version[0].open("rb") as file:
        while wanted and (chunk := file.read(_CHUNK)):
            chunk = end + chunk
            found = {name for name, text in wanted.items() if text in chunk}
            # no Chromium holds both, so each would be read to its end
            if found.intersection(WEBRTC_SWITCHES):
                found.update(WEBRTC_SWITCHES)
            wanted = {name: text for name, text in wanted.items() if name not in found}
            end = chunk[-_LONGEST_NAME:]
    return frozenset(wanted)

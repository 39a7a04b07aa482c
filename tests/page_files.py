"""Pages with their truth: our own, which lie in `saved/`, and the shared real ones beside the project."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_SAVED = Path(__file__).parent / "saved"
_SHARED = Path(__file__).parents[2] / "shared" / "pages"


@dataclass(frozen=True)
class PageFile:
    """One saved page and what is true of it."""

    path: Path
    truth: dict[str, Any]

    @property
    def html(self) -> str:
        """The page's text."""
        return _text(self.path)

    @property
    def url(self) -> str:
        """The address that it was read at."""
        return str(self.truth["url"])

    def __str__(self) -> str:
        return self.path.name


def saved(kind: str) -> list[PageFile]:
    """Return our own pages of a kind."""
    return _with_truth(_SAVED / kind)


def shared(kind: str) -> list[PageFile]:
    """Return the real pages of a kind that have a truth; none where the folder is not there."""
    return _with_truth(_SHARED / kind) if (_SHARED / kind / "truth.json").exists() else []


def _with_truth(folder: Path) -> list[PageFile]:
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    return [PageFile(folder / name, facts) for name, facts in sorted(truth.items())]


@lru_cache(maxsize=4)
def _text(path: Path) -> str:
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8", "replace")

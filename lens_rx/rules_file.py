"""The company's rules for decisions, read from the file that a setting names, once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lens_rx.pricing.decision import PriceRules


@lru_cache(maxsize=8)
def load_rules(path: Path | None) -> PriceRules:
    """Return the rules of a TOML file, the built-in ones where there is none.

    Raises `ValueError` for a file that cannot be read or used, with the file, the line and the key.
    """
    from lens_rx.pricing.decision import PriceRules, RulesError, parse_rules  # noqa: PLC0415  # numpy, for few commands

    if path is None:
        return PriceRules()
    try:
        return parse_rules(path.read_text("utf-8"))
    except RulesError as error:
        raise ValueError(f"{path}: {error}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path}: this is no text in UTF-8.") from None
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from None


def check_rules_file(path: Path | None) -> Path | None:
    """Return the path of a rules file that can be used; raise `ValueError` as `load_rules` does."""
    if path is not None:
        load_rules(path)
    return path

"""Settings of the environment as a command uses them, and the messages for what is wrong in them."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

import platformdirs
import typer
from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from lens_rx.cli.log_config import configure
from lens_rx.cli.options import fail
from lens_rx.rules_file import check_rules_file
from lens_rx.settings import PREFIX, Settings, accepted_variables, variable

VARIABLES = tuple(variable(name) for name in Settings.model_fields)


def load_settings(**overrides: object) -> Settings:
    """Return the settings of the environment with the values of the command line; None overrides nothing."""
    try:
        settings = Settings()
    except ValidationError as error:
        details = "\n".join(_describe(it) for it in error.errors())
        fail(f"A setting in the environment is wrong.\n{details}")
    for name in _unknown_variables():
        nearest = get_close_matches(name, VARIABLES, 1, cutoff=0.8)
        hint = f" Do you mean {nearest[0]}?" if nearest else ""
        typer.secho(f"{name} is no setting, and changes nothing.{hint}", err=True)
    _warn_of_unknown_marketplaces(settings)
    return settings.model_copy(update={name: it for name, it in overrides.items() if it is not None})


def load_client_settings(token: str | None = None, **overrides: object) -> Settings:
    """Return the settings of a command that asks a service, `token` in place of the environment's; log errors alone."""
    secret = SecretStr(token) if token else None
    settings = load_settings(log_level="error", drain_seconds=0.0, token=secret, **overrides)
    configure(settings)
    return settings


def access_token(settings: Settings) -> str | None:
    """Return the token for a service that a command asks, None where none is set."""
    return settings.token.get_secret_value() if settings.token else None


def _describe(error: ErrorDetails) -> str:
    """Return which variable is wrong and what it is for, without its value, which may be a secret."""
    location = str(error["loc"][0])
    name = next(it for it in Settings.model_fields if location in (it, variable(it)))
    field = Settings.model_fields[name]
    default = "none" if field.default in (None, "", ()) else field.default
    message = str(error.get("ctx", {}).get("error", error["msg"]))
    end = "" if message.endswith((".", "?")) else "."
    return f"{variable(name)}: {message}{end} It is: {field.description} (default: {default})."


def _unknown_variables() -> list[str]:
    accepted = accepted_variables()
    return [name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in accepted]


def _warn_of_unknown_marketplaces(settings: Settings) -> None:
    if not settings.marketplaces:
        return
    from lens_rx.parsing.marketplaces import MARKETPLACES  # noqa: PLC0415 - where one is set

    known = sorted(it.name for it in MARKETPLACES)
    for name in sorted(set(settings.marketplaces) - set(known)):
        words = f"{variable('marketplaces')}: {name} is not searched; known are {', '.join(known)}."
        typer.secho(words, err=True)


def usable_rules(path: Path | None) -> Path | None:
    """Return the path of a rules file; end the command where it cannot be used, with the line and the key."""
    try:
        return check_rules_file(path)
    except ValueError as error:
        fail(str(error))


def store_path(
    settings: Settings, store: Path | None, *, in_memory: bool = False, name: str = "lens_rx"
) -> Path | None:
    """Return the SQLite file to use: the one named, the settings' one, or one in the user's data directory.

    None where everything is kept in memory or in Redis. Its directory is made; the command ends where it cannot be.
    """
    if in_memory or settings.redis:
        return None
    path = store or settings.store or platformdirs.user_data_path("lens_rx") / f"{name}.db"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(
            f"The store {path} cannot be made ({error.strerror}). Name another with --store, or use --no-store."
        )
    if not os.access(path.parent, os.W_OK):
        fail(f"The store {path} cannot be written. Name another with --store, or use --no-store.")
    return path


def store_name(*, sandbox: bool, sandbox_at: str | None) -> str:
    """Return the name of the store of a service: on the sandbox it is another one."""
    return "sandbox" if sandbox or sandbox_at is not None else "lens_rx"


def temporary_store_path(
    settings: Settings, store: Path | None, *, no_store: bool, server: str | None, practising: bool
) -> Path | None:
    """Return the SQLite file of a service that a command starts for itself: none for practice, unless one is named.

    None as well where a service is named that has its own.
    """
    in_memory = no_store or server is not None or (store is None and practising)
    return store_path(settings, store, in_memory=in_memory)

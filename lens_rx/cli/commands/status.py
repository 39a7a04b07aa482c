"""`lens-rx status`: whether everything is there that a run needs."""

from __future__ import annotations

import typer

from lens_rx.cli.options import ModelAt, RedisUrl, SandboxAt, SandboxFlag, StoreFile


def status(
    *,
    sandbox: SandboxFlag = False,
    sandbox_at: SandboxAt = None,
    model_at: ModelAt = None,
    redis: RedisUrl = None,
    store: StoreFile = None,
) -> None:
    """Tell whether Chromium, the model and the storage are there; exit status 1 where one that is needed is not."""
    from lens_rx.cli.environment import load_settings, store_name, store_path
    from lens_rx.cli.health_checks import run_checks
    from lens_rx.cli.log_config import configure
    from lens_rx.cli.surroundings import ServiceOptions

    settings = load_settings(redis=redis, log_level="critical")
    configure(settings)
    file = store_path(settings, store, name=store_name(sandbox=sandbox, sandbox_at=sandbox_at))
    options = ServiceOptions(settings, sandbox=sandbox, sandbox_at=sandbox_at, model_at=model_at, store=file)
    raise typer.Exit(run_checks(options))

"""`lens-rx warmup`: what the first photo would wait for, done now."""

from __future__ import annotations

import typer

from lens_rx.cli.options import ModelAt, SandboxFlag


def warmup(*, sandbox: SandboxFlag = False, model_at: ModelAt = None) -> None:
    """Do now what the first photo would wait for: start Chromium, ask the model, draw the sandbox's pictures."""
    from lens_rx.cli.environment import load_settings, store_path
    from lens_rx.cli.health_checks import run_checks
    from lens_rx.cli.log_config import configure
    from lens_rx.cli.sandbox_loader import draw_pictures
    from lens_rx.cli.surroundings import ServiceOptions

    settings = load_settings(log_level="critical")
    configure(settings)
    if sandbox:
        draw_pictures()
    file = store_path(settings, None, in_memory=sandbox)
    options = ServiceOptions(settings, sandbox=sandbox, model_at=model_at, store=file)
    raise typer.Exit(run_checks(options, warmup=True))

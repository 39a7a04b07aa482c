"""`lens-rx worker`: a node without a port, which works on the photos that other nodes took."""

from __future__ import annotations

import typer

from lens_rx.cli.options import ModelAt, RedisUrl, SandboxAt


def worker(
    *,
    redis: RedisUrl = None,
    sandbox_at: SandboxAt = None,
    model_at: ModelAt = None,
) -> None:
    """Work on photos that other nodes took; needs Redis."""
    from lens_rx.cli.environment import load_settings
    from lens_rx.cli.log_config import configure
    from lens_rx.cli.service_start import run_worker
    from lens_rx.cli.surroundings import ServiceOptions

    settings = load_settings(redis=redis)
    configure(settings)
    if not settings.redis:
        raise typer.BadParameter("A worker shares its jobs over Redis: name it with --redis URL.")
    run_worker(ServiceOptions(settings=settings, sandbox_at=sandbox_at, model_at=model_at))

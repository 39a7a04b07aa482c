"""`lens-rx mcp`: the tools of the Model Context Protocol, for agents that start it as a process."""

from __future__ import annotations

from lens_rx.cli.options import (
    ModelAt,
    NoStore,
    PricingFile,
    SandboxAt,
    SandboxFlag,
    Server,
    StoreFile,
    Token,
    fail,
)


def mcp(
    *,
    sandbox: SandboxFlag = False,
    sandbox_at: SandboxAt = None,
    server: Server = None,
    token: Token = None,
    model_at: ModelAt = None,
    pricing: PricingFile = None,
    store: StoreFile = None,
    no_store: NoStore = False,
) -> None:
    """Tools for agents (Model Context Protocol) over stdin and stdout, until stdin ends.

    A running service has them at /mcp as well.
    """
    from lens_rx.mcp.installation import HOW_TO_INSTALL, is_installed

    if not is_installed():
        fail(f"{HOW_TO_INSTALL}.")

    from pydantic import SecretStr

    from lens_rx.cli.environment import load_settings, store_path, usable_rules
    from lens_rx.cli.log_config import configure
    from lens_rx.cli.mcp_session import run_mcp
    from lens_rx.cli.surroundings import ServiceOptions

    settings = load_settings(
        log_level="error",
        drain_seconds=0.0,
        token=SecretStr(token) if token else None,
        pricing=usable_rules(pricing),
    )
    configure(settings)
    in_memory = no_store or server is not None or (store is None and (sandbox or sandbox_at is not None))
    options = ServiceOptions(
        settings,
        sandbox=sandbox,
        sandbox_at=sandbox_at,
        model_at=model_at,
        store=store_path(settings, store, in_memory=in_memory),
    )
    run_mcp(options, server)

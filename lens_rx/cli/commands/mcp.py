"""`lens-rx mcp`: the tools of the Model Context Protocol, for agents that start it as a process."""

from __future__ import annotations

from lens_rx.cli.options import (
    CommandStoreFile,
    ModelAt,
    NoStore,
    PricingFile,
    SandboxAt,
    SandboxFlag,
    Server,
    Token,
    fail,
    refuse_beside_server,
)


def mcp(
    *,
    sandbox: SandboxFlag = False,
    sandbox_at: SandboxAt = None,
    server: Server = None,
    token: Token = None,
    model_at: ModelAt = None,
    pricing: PricingFile = None,
    store: CommandStoreFile = None,
    no_store: NoStore = False,
) -> None:
    """Tools for agents (Model Context Protocol) over stdin and stdout, until stdin ends.

    A running service has them at /mcp as well.
    """
    started = {"--sandbox": sandbox, "--sandbox-at": sandbox_at, "--model-at": model_at, "--pricing": pricing}
    refuse_beside_server(server, started)

    from lens_rx.mcp.installation import HOW_TO_INSTALL, is_installed

    if not is_installed():
        fail(f"{HOW_TO_INSTALL}.")

    from lens_rx.cli.environment import load_client_settings, temporary_store_path, usable_rules
    from lens_rx.cli.mcp_session import run_mcp
    from lens_rx.cli.surroundings import ServiceOptions

    settings = load_client_settings(token, pricing=usable_rules(pricing))
    practising = sandbox or sandbox_at is not None
    file = temporary_store_path(settings, store, no_store=no_store, server=server, practising=practising)
    options = ServiceOptions(
        settings,
        sandbox=sandbox,
        sandbox_at=sandbox_at,
        model_at=model_at,
        store=file,
    )
    run_mcp(options, server)

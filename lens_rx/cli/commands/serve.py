"""`lens-rx serve`: the page and the API."""

from __future__ import annotations

from typing import Annotated

import typer

from lens_rx.cli.options import (
    SANDBOX_NOTICE,
    Host,
    ModelAt,
    NoStore,
    Port,
    PricingFile,
    RedisUrl,
    SandboxAt,
    SandboxFaults,
    SandboxFlag,
    StoreFile,
    fail,
)


def serve(
    *,
    sandbox: SandboxFlag = False,
    sandbox_at: SandboxAt = None,
    sandbox_faults: SandboxFaults = None,
    model_at: ModelAt = None,
    host: Host = "127.0.0.1",
    port: Port = 5000,
    store: StoreFile = None,
    no_store: NoStore = False,
    redis: RedisUrl = None,
    pricing: PricingFile = None,
    no_auth: Annotated[
        bool, typer.Option("--no-auth", help="Ask for no token: everybody who reaches the port may come in.")
    ] = False,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Take photos, but leave them to workers.")
    ] = False,
    processes: Annotated[
        int, typer.Option(min=1, max=64, help="Serve with so many processes; needs Redis.")
    ] = 1,
    shared_port: Annotated[bool, typer.Option("--shared-port", hidden=True)] = False,
) -> None:
    """Serve the page and the API; live unless told to practise."""
    if sandbox_faults and not sandbox:
        fail("--sandbox-faults breaks the sandbox of this service: say --sandbox as well.")

    from lens_rx.cli.environment import load_settings, store_name, store_path, usable_rules
    from lens_rx.cli.log_config import configure
    from lens_rx.cli.sandbox_loader import read_faults
    from lens_rx.cli.service_start import run_service
    from lens_rx.cli.surroundings import ServiceOptions

    settings = load_settings(redis=redis, auth="none" if no_auth else None, pricing=usable_rules(pricing))
    configure(settings)
    name = store_name(sandbox=sandbox, sandbox_at=sandbox_at)
    options = ServiceOptions(
        settings=settings,
        sandbox=sandbox,
        sandbox_at=sandbox_at,
        faults=read_faults(sandbox_faults) if sandbox_faults else None,
        model_at=model_at,
        store=store_path(settings, store, in_memory=no_store, name=name),
        worker=not no_worker,
        shared_port=shared_port,
    )
    if processes > 1:
        from lens_rx.cli.processes import Address, run_processes

        named = {"--sandbox-at": sandbox_at, "--model-at": model_at, "--pricing": pricing}
        flags = {"--no-auth": no_auth, "--no-worker": no_worker}
        arguments = [part for name, value in named.items() if value for part in (name, str(value))]
        arguments += [name for name, is_set in flags.items() if is_set]
        run_processes(options, processes, Address(host, port), arguments)
        return
    run_service(options, host, port, SANDBOX_NOTICE)

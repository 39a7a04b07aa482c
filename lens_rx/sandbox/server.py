"""The practice web as one server on loopback: hosts are told apart by name, as on the real web."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from aiohttp import web

from lens_rx.clients.endpoints import Endpoints
from lens_rx.reactive.interop import create_task
from lens_rx.sandbox import block_pages as walls
from lens_rx.sandbox.catalogue import Thing, catalogue
from lens_rx.sandbox.endpoints import ABOUT_PATH, SANDBOX_SUFFIX, sandbox_endpoints
from lens_rx.sandbox.faults import PATH as FAULTS_PATH
from lens_rx.sandbox.faults import FaultBox, Faults
from lens_rx.sandbox.image_match import image_matcher
from lens_rx.sandbox.model_server import model_routes
from lens_rx.sandbox.responses import data
from lens_rx.sandbox.sites import carousell, ebay, mercari, search, shops, vinted
from lens_rx.sandbox.sites.lens import LensSite
from lens_rx.sandbox.sites.session_gate import SessionGate

#: Larger than any photo that the real Lens takes.
MAX_BODY = 25_000_000
#: Where a sandbox that listens everywhere is reached from its own machine: loopback.
ANY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104  # compared with, never listened on

Routes = Iterable[web.RouteDef]


class Sandbox:
    """The practice web. It owns its port from `start` to `aclose`; `faults` is what is wrong with it."""

    def __init__(self, faults: Faults | None = None) -> None:
        self.box = FaultBox(faults)
        self.port = 0
        self._host = "127.0.0.1"
        self._catalogue = catalogue()
        self._eye = image_matcher()
        self._runner: web.AppRunner | None = None
        self._warming: asyncio.Task[None] | None = None

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> None:
        """Listen on `host`:`port` (0: a free one, then `.port` tells it); raise `OSError` where it is taken."""
        runner = web.AppRunner(self._app(), access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
        await runner.setup()
        self._runner = runner
        self._host = "127.0.0.1" if host in ANY_ADDRESS else host
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError:
            await self.aclose()
            raise
        self.port = runner.addresses[0][1]
        self._warming = create_task(asyncio.to_thread(self._eye.warm))

    async def aclose(self) -> None:
        """Stop listening and cut what is still open."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()
        if self._warming is not None:
            await asyncio.wait((self._warming,))  # a thread cannot be cut short

    @property
    def endpoints(self) -> Endpoints:
        """The addresses of this sandbox, for the clients."""
        return sandbox_endpoints(self.port, self._catalogue.version, self._host)

    @property
    def faults_url(self) -> str:
        """The address that shows and takes faults."""
        return f"http://{self._host}:{self.port}{FAULTS_PATH}"

    @property
    def model_url(self) -> str:
        """The base address of the sandbox's own OpenAI-compatible model."""
        return f"http://{self._host}:{self.port}/v1"

    def _app(self) -> web.Application:
        """Return the app: one part a site, each under its host names, and what all hosts share."""
        app = web.Application(middlewares=[self.box.middleware()], client_max_size=MAX_BODY)
        for names, routes in self._sites():
            for name in names:
                app.add_domain(name + SANDBOX_SUFFIX, self._part(routes))
        app.add_routes([*self._shared(), web.get("/", self._about)])
        return app

    def _part(self, routes: Routes) -> web.Application:
        # a host's own part is asked before the app: so it answers what all hosts share as well
        part = web.Application(client_max_size=MAX_BODY)
        part.add_routes([*self._shared(), *routes])
        return part

    def _shared(self) -> list[web.RouteDef]:
        return [
            *self.box.routes(),
            *walls.routes(),
            *model_routes(self._catalogue, self._eye),
            web.get(ABOUT_PATH, self._about),
        ]

    def _sites(self) -> list[tuple[tuple[str, ...], Routes]]:
        """Return the host names (without suffix, `*` for any letters) and the routes of every site.

        The first that fits a host serves it; shops come last, for any other name is a shop's.
        """
        gate, things = SessionGate(), self._catalogue
        return [
            (("consent",), walls.consent_routes()),
            (("lens",), LensSite(gate, things, self._find).routes()),
            (("search",), search.routes(gate, things)),
            (_stand_in("ebay"), ebay.routes(things)),
            (_stand_in("mercari"), mercari.routes(things)),
            (_stand_in("carousell"), carousell.routes(things)),
            (_stand_in("vinted"), vinted.routes(things)),
            (("*",), shops.routes(things)),
        ]

    def _find(self, photo: bytes) -> list[Thing]:
        """Return the things that a photo shows, likest first; to be called from a thread."""
        return [self._catalogue[thing] for thing, _ in self._eye.best(photo)]

    async def _about(self, _: web.Request) -> web.Response:
        """Answer what this is: the catalogue's version, its size, and the host names that are served."""
        sites = [name + SANDBOX_SUFFIX for names, _ in self._sites() for name in names]
        return data(
            {
                "version": self._catalogue.version,
                "things": len(self._catalogue.things),
                "faults": FAULTS_PATH,
                "sites": sites,
            }
        )


def _stand_in(site: str) -> tuple[str, ...]:
    """Return the host names of a site of many countries, as `Endpoints.resolve` writes them."""
    return site, f"{site}.*", f"*.{site}.*"

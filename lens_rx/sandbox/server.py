"""The sandbox's HTTP server on loopback; its sites are distinguished by host name."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from hashlib import sha256

from aiohttp import web

from lens_rx.clients.endpoints import Endpoints
from lens_rx.reactive.interop import create_task
from lens_rx.sandbox import block_pages
from lens_rx.sandbox.apis.brave_api import BraveApi
from lens_rx.sandbox.apis.custom_search_api import CustomSearchApi
from lens_rx.sandbox.apis.ebay_api import EbayApi
from lens_rx.sandbox.apis.vision_api import VisionApi
from lens_rx.sandbox.catalogue import Thing, catalogue
from lens_rx.sandbox.endpoints import ABOUT_PATH, API_PREFIX, SANDBOX_SUFFIX, sandbox_endpoints
from lens_rx.sandbox.fault_injector import FaultInjector
from lens_rx.sandbox.faults import FAULTS_PATH, Faults
from lens_rx.sandbox.image_match import image_matcher
from lens_rx.sandbox.model_server import model_routes
from lens_rx.sandbox.responses import json_response
from lens_rx.sandbox.sites import carousell, classifieds, ebay, mercari, search, shops, vinted
from lens_rx.sandbox.sites.lens import LensSite
from lens_rx.sandbox.sites.session_gate import BoundedCache, SessionGate

#: Larger than any photo that the real Lens accepts.
MAX_BODY_BYTES = 25_000_000
#: A sandbox that listens on all interfaces is reached locally by loopback.
WILDCARD_ADDRESSES = ("0.0.0.0", "::", "")  # noqa: S104  # compared with, never listened on

Routes = Iterable[web.RouteDef]


class Sandbox:
    """The sandbox's server, which listens from `start` to `aclose`; `faults` are the initial faults."""

    def __init__(self, faults: Faults | None = None) -> None:
        self.fault_injector = FaultInjector(faults)
        self.port = 0
        self.ebay_api = EbayApi(catalogue(), self._identify, lambda: self.fault_injector.current.ebay)
        self._host = "127.0.0.1"
        self._catalogue = catalogue()
        self._index = search.search_index(self._catalogue)
        self._image_matcher = image_matcher()
        self._identified: BoundedCache[list[Thing]] = BoundedCache()
        self._runner: web.AppRunner | None = None
        self._warming: asyncio.Task[None] | None = None

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> None:
        """Listen on `host`:`port` (0: a free port, see `.port`); raise `OSError` where it is taken."""
        runner = web.AppRunner(
            self._make_app(), access_log=None, handler_cancellation=True, shutdown_timeout=0.5
        )
        await runner.setup()
        self._runner = runner
        self._host = "127.0.0.1" if host in WILDCARD_ADDRESSES else host
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError:
            await self.aclose()
            raise
        self.port = runner.addresses[0][1]
        self._warming = create_task(asyncio.to_thread(self._image_matcher.warm))

    async def aclose(self) -> None:
        """Stop listening and close open connections."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()
        if self._warming is not None:
            await asyncio.wait((self._warming,))  # a thread cannot be cancelled

    @property
    def endpoints(self) -> Endpoints:
        """The endpoints of this sandbox."""
        return sandbox_endpoints(self.port, self._catalogue.version, self._host)

    @property
    def faults_url(self) -> str:
        """The address to read and change faults at."""
        return f"http://{self._host}:{self.port}{FAULTS_PATH}"

    @property
    def model_url(self) -> str:
        """The base address of the sandbox's OpenAI-compatible API."""
        return f"http://{self._host}:{self.port}/v1"

    def _make_app(self) -> web.Application:
        """Return the application: a sub-application for each site's host names, and the shared routes."""
        app = web.Application(middlewares=[self.fault_injector.middleware()], client_max_size=MAX_BODY_BYTES)
        shared = self._shared_routes()
        for names, routes in self._sites():
            for name in names:
                # a sub-application is matched before the shared routes, so it needs them itself
                host_app = web.Application(client_max_size=MAX_BODY_BYTES)
                host_app.add_routes([*shared, *routes])
                app.add_domain(name + SANDBOX_SUFFIX, host_app)
        app.add_routes([*shared, web.get("/", self._about)])
        return app

    def _shared_routes(self) -> list[web.RouteDef]:
        return [
            *self.fault_injector.routes(),
            *block_pages.routes(),
            *model_routes(self._catalogue, self._image_matcher, lambda: self.fault_injector.current.model),
            *self._api_routes(),
            web.get(ABOUT_PATH, self._about),
        ]

    def _api_routes(self) -> list[web.RouteDef]:
        """Return the routes of the official APIs."""
        things, faults = self._catalogue, self.fault_injector
        return [
            *BraveApi(self._index, lambda: faults.current.brave).routes(f"{API_PREFIX}/brave"),
            *CustomSearchApi(self._index, lambda: faults.current.google).routes(f"{API_PREFIX}/google"),
            *VisionApi(things, self._identify, lambda: faults.current.vision).routes(f"{API_PREFIX}/vision"),
            *self.ebay_api.routes(f"{API_PREFIX}/ebay"),
        ]

    def _sites(self) -> list[tuple[tuple[str, ...], Routes]]:
        """Return the host names (without suffix, `*` for any label) and the routes of every site.

        The first match serves a host; shops come last, since any other name is a shop's.
        """
        gate, things = SessionGate(), self._catalogue
        return [
            (("consent",), block_pages.consent_routes()),
            (("lens",), LensSite(gate, things, self._identify).routes()),
            (("search",), search.routes(gate, things)),
            (_country_hosts("ebay"), ebay.routes(things)),
            (_country_hosts("mercari"), mercari.routes(things)),
            (_country_hosts("carousell"), carousell.routes(things)),
            (_country_hosts("vinted"), vinted.routes(things)),
            *((_country_hosts(it.name), classifieds.routes(things, it.name)) for it in classifieds.LAYOUTS),
            (_country_hosts("mercadolivre"), classifieds.routes(things, "mercadolibre")),
            (("*",), shops.routes(things)),
        ]

    def _identify(self, photo: bytes) -> list[Thing]:
        """Return the things that a photo shows, best first; call it from a thread. A known photo costs a hash."""
        digest = sha256(photo).hexdigest()
        found = self._identified.get(digest)
        if found is None:
            found = [self._catalogue[thing] for thing, _ in self._image_matcher.find(photo)]
            self._identified.put(digest, found)
        return found

    async def _about(self, _: web.Request) -> web.Response:
        """Return the catalogue's version and size, and the host names of all sites."""
        sites = [name + SANDBOX_SUFFIX for names, _ in self._sites() for name in names]
        return json_response(
            {
                "version": self._catalogue.version,
                "things": len(self._catalogue.things),
                "faults": FAULTS_PATH,
                "sites": sites,
            }
        )


def _country_hosts(site: str) -> tuple[str, ...]:
    """Return the host names of a site with country domains, as `Endpoints.resolve` writes them."""
    return site, f"{site}.*", f"*.{site}.*"

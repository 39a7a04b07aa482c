"""A visitor of the sandbox: cookies, host names that lead to the sandbox, no browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp
from selectolax.lexbor import LexborHTMLParser
from yarl import URL

from lens_rx.clients.http.resolver import PublicResolver
from lens_rx.sandbox.server import Sandbox

FNV_START, FNV_STEP = 2_166_136_261, 16_777_619


@dataclass(frozen=True)
class Answer:
    """What came back, read to its end."""

    status: int
    url: str
    text: str

    @property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.text)


@dataclass
class Visitor:
    """One client with cookies of its own; `proves` it by hand what the gate's script would compute."""

    sandbox: Sandbox
    language: str = "en"
    client: aiohttp.ClientSession = field(init=False)

    def __post_init__(self) -> None:
        connector = aiohttp.TCPConnector(resolver=PublicResolver(self.sandbox.endpoints.route))
        self.client = aiohttp.ClientSession(
            connector=connector, headers={"Accept-Language": self.language}, timeout=aiohttp.ClientTimeout(60)
        )

    async def get(self, url: str, **query: str) -> Answer:
        address = f"{url}?{urlencode(query)}" if query else url
        async with self.client.get(address) as answer:
            return Answer(answer.status, str(answer.url), await answer.text())

    async def post(self, url: str, form: aiohttp.FormData | dict[str, str]) -> Answer:
        async with self.client.post(url, data=form) as answer:
            return Answer(answer.status, str(answer.url), await answer.text())

    async def consent(self) -> None:
        """Press the wall's second button, "Accept all"."""
        wall = await self.get("http://lens.sandbox.test/")
        form = wall.tree.css("form")[1]
        fields = {str(node.attributes["name"]): str(node.attributes["value"]) for node in form.css("input")}
        await self.post(str(form.attributes["action"]), fields)

    async def prove(self, shell: Answer) -> Answer:
        """Compute what the shell's script asks for and go where the script would go."""
        nonce = shell.text.split('nonce = "')[1].split('"')[0]
        hashed = FNV_START
        for byte in nonce.encode():
            hashed = (hashed ^ byte) * FNV_STEP % 2**32
        self.client.cookie_jar.update_cookies({"SG_SS": str(hashed)}, URL(shell.url))
        return await self.get(shell.url + "&sei=" + nonce[:8])

    async def upload(self, photo: bytes, name: str = "photo.jpg") -> Answer:
        """Hand a photo to Lens as its form does, and follow to the results."""
        form = aiohttp.FormData()
        form.add_field("encoded_image", photo, filename=name, content_type="image/jpeg")
        return await self.post("http://lens.sandbox.test/v3/upload?hl=en&re=df&ep=gsbubb", form)


NewVisitor = Callable[..., Visitor]

"""Drive the page in one tab of a real Chromium, over a connection to the service that can be cut."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

#: As long as a run may take at most.
PATIENCE_SECONDS = 90.0
LONGEST_MARK = 64
#: Notes what comes and goes, so that no test has to be there in the moment when it is to be seen.
_WATCH = """() => {
  Object.assign(window, { violations: [], sockets: 0, mostRunning: 0, said: [], lights: [] });
  addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
  const Plain = WebSocket;
  window.WebSocket = class extends Plain { constructor(...all) { super(...all); window.sockets += 1; } };
  const note = () => {
    window.mostRunning = Math.max(window.mostRunning, document.querySelectorAll("[data-phase=running]").length);
    for (const line of document.querySelectorAll(".state")) window.said.push(line.textContent);
    for (const light of document.querySelectorAll(".stage.started")) window.lights.push(light.firstChild.textContent);
  };
  new MutationObserver(note).observe(document, { childList: true, characterData: true, subtree: true });
}"""
_PASTE = """(name, content) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], name));
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
}"""


class UiDriver:
    """The page in a tab; `requests` are the addresses that it asked for, `errors` those of its scripts."""

    def __init__(self, tab: Any, downloads: Path) -> None:
        self.tab = tab
        self.downloads = downloads
        self.requests: list[str] = []
        self.errors: list[str] = []
        tab.on("request", lambda request: self.requests.append(request.url))
        tab.on("pageerror", lambda error: self.errors.append(str(error)))

    async def open(
        self, url: str, width: int = 1100, *, dark: bool = False, calm: bool = False, touch: bool = False
    ) -> None:
        """Load the page, as wide as a screen is, in the scheme and with the motion that its user wants."""
        await self.tab.evaluateOnNewDocument(_WATCH)
        await self.tab.setViewport({"width": width, "height": 900, "hasTouch": touch, "isMobile": touch})
        wanted = {
            "prefers-color-scheme": "dark" if dark else "light",
            "prefers-reduced-motion": "reduce" if calm else "no-preference",
        }
        features = [{"name": name, "value": value} for name, value in wanted.items()]
        await self.send_command("Emulation.setEmulatedMedia", features=features)
        await self.send_command(
            "Page.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads)
        )
        await self.tab.goto(url)

    async def another_tab(self) -> UiDriver:
        """Return a new tab of the same browser and user."""
        return UiDriver(await self.tab.target.browserContext.newPage(), self.downloads)

    async def send_command(self, method: str, **parameters: Any) -> Any:
        """Say something to the browser itself."""
        return await self.tab._client.send(method, parameters)

    async def evaluate(self, script: str, *arguments: Any) -> Any:
        """Return what a script sees in the page."""
        return await self.tab.evaluate(script, *arguments)

    async def wait_for_message(self, words: str) -> None:
        """Wait until a thing has said something that begins with these words, may it say other things by now."""
        await self.wait_for("(words) => window.said.some((line) => line.startsWith(words))", words)

    async def reload(self) -> None:
        """Load the page again, as its user does."""
        await self.tab.reload()

    async def wait_for(self, script: str, *arguments: Any) -> Any:
        """Return what the script sees as soon as it is true; the page's policy forbids the tab's own waiting."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while not (seen := await self.evaluate(script, *arguments)):
            if time.monotonic() > ends:
                text = await self.evaluate("() => document.body.innerText")
                raise AssertionError(f"{script} never was; the page says:\n{text}")
            await asyncio.sleep(0.05)
        return seen

    async def choose(self, *photos: Path) -> None:
        """Hand photos to the chooser; several are sent as they are grouped by their names."""
        chooser = await self.tab.querySelector("#choose")
        is_asked = len(photos) > 1 and not await self.evaluate(
            "() => document.getElementById('together').checked"
        )
        await chooser.uploadFile(*map(str, photos))
        if is_asked:
            await self.wait_for_tray()
            await self.click("#tray-send")

    async def wait_for_tray(self) -> None:
        """Wait until photos wait for being grouped."""
        await self.wait_for("() => !document.getElementById('tray').hidden")

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            await self.tab.keyboard.press(key)

    async def paste(self, photo: Path) -> None:
        """Paste a photo, as from another program."""
        content = await asyncio.to_thread(photo.read_bytes)
        await self.evaluate(_PASTE, photo.name, base64.b64encode(content).decode())

    async def drop(self, *photos: Path) -> None:
        """Drag photos from the desktop on the page and let them go."""
        data = {"items": [], "files": [str(photo) for photo in photos], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            await self.send_command("Input.dispatchDragEvent", type=kind, x=200, y=120, data=data)

    async def wait_for_things(self, number: int = 1) -> list[str]:
        """Return what is said of each thing, once `number` of them have ended."""
        return await self.wait_for(
            """(number) => {
              const said = [...document.querySelectorAll(".thing .state")].map((line) => line.textContent);
              const ended = said.filter((words) => /^(Done|Known already, from|Not accepted|Not sent|No longer)/.test(words));
              return ended.length >= number && said;
            }""",
            number,
        )

    async def wait_for_text(self, selector: str, text: str) -> None:
        """Wait until the only element under a selector shows exactly this text."""
        await self.wait_for(
            "(selector, text) => document.querySelector(selector).innerText === text", selector, text
        )

    async def texts(self, selector: str) -> list[str]:
        """Return the text of all that is shown under a selector."""
        return await self.evaluate(
            "(selector) => [...document.querySelectorAll(selector)]"
            ".filter((it) => it.checkVisibility()).map((it) => it.innerText)",
            selector,
        )

    async def click(self, selector: str) -> None:
        """Press a button, wherever on the page it is."""
        await self.evaluate("(selector) => document.querySelector(selector).click()", selector)

    def accept_dialogs(self) -> None:
        """Say yes to whatever the page asks from now on."""
        self.tab.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))

    async def download(self, button: str, ending: str = "") -> str:
        """Press a button and return the file that comes; its ending is the button's class."""
        await self.click(button)
        ending = ending or button.removeprefix(".")
        ends = time.monotonic() + PATIENCE_SECONDS
        # Chromium reserves the name with an empty file, and puts the whole one in its place
        while not (files := [it for it in self.downloads.glob(f"*.{ending}") if it.stat().st_size]):
            assert time.monotonic() < ends, "no file came"
            await asyncio.sleep(0.05)
        text = files[0].read_bytes().decode("utf-8-sig")
        files[0].unlink()
        return text

    async def download_facts(self) -> list[dict[str, Any]]:
        """Return all facts of the only thing, as the page gives them away."""
        return json.loads(await self.download(".json"))["facts"]


class CuttableProxy:
    """A TCP proxy before the service whose connections can be cut; while it is `down`, nobody gets through.

    It cuts itself when one of `cut_at` comes by from the service, each once and in their order; `stay_down` keeps it
    down then. So a run is broken off at a place of its stream, however fast or slow the machine is.
    """

    def __init__(self, service: str) -> None:
        address = urlsplit(service)
        self._service = (address.hostname, address.port)
        self._open: set[asyncio.StreamWriter] = set()
        self.down = self.stay_down = False
        self.cut_at: list[bytes] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.cut()
        await self._server.wait_closed()

    def cut(self) -> None:
        """Break every connection, without a word to either end."""
        for writer in self._open:
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.down:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection(*self._service)
        ends = {writer, far_writer}
        self._open |= ends
        with suppress(ConnectionError):
            await asyncio.gather(_pump(reader, far_writer), self._pump_watched(far_reader, writer))
        self._open -= ends
        for end in ends:
            end.close()

    async def _pump_watched(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        tail = b""
        with suppress(ConnectionError):
            while block := await source.read(65_536):
                target.write(block)
                await target.drain()
                tail = tail[-LONGEST_MARK:] + block
                if self.cut_at and self.cut_at[0] in tail:
                    self.cut_at.pop(0)
                    self.down = self.stay_down
                    self.cut()
        target.transport.abort()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Carry what a browser sends, without its wish to have messages compressed."""
    with suppress(ConnectionError):
        while block := await source.read(65_536):
            target.write(block.replace(b"permessage-deflate", b"permessage-nothing"))
            await target.drain()
    target.transport.abort()

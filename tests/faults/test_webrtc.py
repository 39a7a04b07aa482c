"""WebRTC sends nothing past the proxy: not to this machine, whatever servers and candidates a page names."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import AF_INET

import psutil
import pytest
from local_pages import LocalWeb, Names

from lens_rx.clients.browser import flags
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.endpoints import Endpoints
from lens_rx.settings import Settings

#: Gathers candidates from every kind of server at the canary, and offers it as a peer over UDP and TCP.
PAGE = """<script>(async () => {
const {udp, tcp} = CANARY, login = {username: 'u', credential: 'c'};
const servers = ['127.0.0.1', '[::1]', 'private.example'].flatMap(host => [
  {urls: `stun:${host}:${udp}`}, {urls: `turn:${host}:${udp}?transport=udp`, ...login},
  {urls: `turn:${host}:${tcp}?transport=tcp`, ...login}, {urls: `turns:${host}:${tcp}?transport=tcp`, ...login}]);
const peers = [0, 1].map(() => new RTCPeerConnection({iceServers: servers, iceCandidatePoolSize: 4}));
peers[0].createDataChannel('x');
await peers[0].setLocalDescription(await peers[0].createOffer());
await peers[1].setRemoteDescription(peers[0].localDescription);
await peers[1].setLocalDescription(await peers[1].createAnswer());
await peers[0].setRemoteDescription(peers[1].localDescription);
for (const candidate of [`candidate:1 1 udp 2122260223 127.0.0.1 ${udp} typ host`,
                         `candidate:2 1 tcp 1518280447 127.0.0.1 ${tcp} typ host tcptype passive`])
  for (const peer of peers) await peer.addIceCandidate({candidate, sdpMid: '0', sdpMLineIndex: 0}).catch(() => {});
const ready = peer => new Promise(done => {
  const look = () => peer.iceGatheringState === 'complete' && done();
  peer.onicegatheringstatechange = look; look(); setTimeout(done, 3000)});
await Promise.all(peers.map(ready));
setTimeout(() => { window.end = peers.map(peer => peer.iceGatheringState) }, 300);
})().catch(error => { window.end = String(error) })</script>"""


class Canary(asyncio.DatagramProtocol):
    """A port for UDP and one for TCP on loopback, and what came in at each."""

    def __init__(self) -> None:
        self.datagrams: list[bytes] = []
        self.connections = 0
        self.ports: dict[str, int] = {}

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 # the protocol's
        self.datagrams.append(data)

    async def connected(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.close()


@asynccontextmanager
async def canary() -> AsyncIterator[Canary]:
    it = Canary()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: it, local_addr=("127.0.0.1", 0))
    server = await asyncio.start_server(it.connected, "127.0.0.1", 0)
    it.ports = {
        "udp": transport.get_extra_info("sockname")[1],
        "tcp": server.sockets[0].getsockname()[1],
    }
    yield it
    transport.close()
    server.close()


async def open_page(browser: BrowserPool, local_web: LocalWeb, ports: dict[str, int]) -> None:
    local_web.pages["/"] = PAGE.replace("CANARY", json.dumps(ports))
    async with browser.tab() as tab:
        await tab.goto("http://public.example/")
        end = await tab.wait_until("() => window.end")
    assert isinstance(end, list), end


async def test_nothing_passes_the_proxy(live_browser: BrowserPool, local_web: LocalWeb):
    """With this Chromium and our flags no datagram and no connection reaches the canary."""
    async with canary() as it:
        await open_page(live_browser, local_web, it.ports)
    assert it.datagrams == []
    assert it.connections == 0


def is_connected() -> bool:
    addresses = (
        it.address for found in psutil.net_if_addrs().values() for it in found if it.family == AF_INET
    )
    return any(not address.startswith("127.") for address in addresses)


@pytest.mark.skipif(not is_connected(), reason="without a network WebRTC finds no address to send from")
async def test_the_canary_sings(names: Names, local_web: LocalWeb, monkeypatch: pytest.MonkeyPatch):
    """Without the guard the same page reaches the canary, so that its silence means something."""
    monkeypatch.setattr(flags, "FLAGS", [it for it in flags.FLAGS if "webrtc" not in it])
    browser = BrowserPool(Settings(tabs=1), Endpoints(), names)
    await browser.start()
    try:
        async with canary() as it:
            await open_page(browser, local_web, it.ports)
    finally:
        await browser.aclose()
    assert it.datagrams

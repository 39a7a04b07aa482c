"""`GET /ws`: photos in as binary messages, facts out as text messages, one each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import dataclass

import orjson
from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from lens_rx.facts import PhotoCopy
from lens_rx.facts.errors import (
    BadRequest,
    Busy,
    Forbidden,
    NotFound,
    RequestError,
    TooLarge,
    TooSlow,
    Unavailable,
)
from lens_rx.reactive.interop import first_completed
from lens_rx.storage.protocols import Position, RunState, Submission, SubmitOutcome
from lens_rx.web.context import SERVICE, AppContext
from lens_rx.web.heartbeat import write_timeout
from lens_rx.web.http_server import counted
from lens_rx.web.middleware import REQUEST_ID, origin_allowed
from lens_rx.web.query_params import options_of, view_asked
from lens_rx.web.upload_budget import Reservation
from lens_rx.web.view import View, transport_error

#: Bytes of a text message: a key, and where to go on.
LONGEST_ASKING = 4096
CLOSE_CODES: dict[type[RequestError], int] = {
    BadRequest: WSCloseCode.INVALID_TEXT,
    TooLarge: WSCloseCode.MESSAGE_TOO_BIG,
    Busy: WSCloseCode.TRY_AGAIN_LATER,
    Unavailable: WSCloseCode.TRY_AGAIN_LATER,
}


async def socket(request: web.Request) -> web.WebSocketResponse:
    """Take photos or the key of a run, then send its facts and close with 1000."""
    service = request.app[SERVICE]
    if not origin_allowed(request):
        raise Forbidden("Pages of this origin may not read here. LENS_RX_CORS_ORIGINS names those that may.")
    view, photos = view_asked(request.query, service.settings), _photos_asked(request, service)
    options_of(request.query, service.settings)
    # its share bounds a message, in words; what is unpacked would not be counted
    ws = web.WebSocketResponse(heartbeat=service.settings.heartbeat_seconds, max_msg_size=0, compress=False)
    if not ws.can_prepare(request):
        raise BadRequest("This address speaks WebSocket. Send a photo to POST /classify instead.")
    with service.room.share() as share, suppress(ConnectionError):
        counted(request, share)
        await ws.prepare(request)
        await _Talk(ws, request, service, view, share).through(photos)
    return ws


def _photos_asked(request: web.Request, service: AppContext) -> int:
    number = request.query.get("photos", "1")
    if not number.isdecimal() or not 1 <= int(number) <= service.settings.max_photos:
        raise BadRequest(f"photos must be a number from 1 to {service.settings.max_photos}.")
    return int(number)


@dataclass(frozen=True, slots=True)
class _Talk:
    """One client's talk; `share` is what it holds of the room that all have together."""

    ws: web.WebSocketResponse
    request: web.Request
    service: AppContext
    view: View
    share: Reservation

    async def through(self, photos: int) -> None:
        """Talk to the end, which may be a refusal in words."""
        try:
            await first_completed(self._answered(photos), self.share.overrun())
        except RequestError as refusal:
            async with write_timeout(self.service.settings.write_deadline_seconds, self.request):
                await self._refuse(refusal)
        else:
            await self.ws.close()

    async def _answered(self, photos: int) -> None:
        await self._tell(*await self._asked(photos))

    async def _asked(self, number: int) -> tuple[Submission, Position]:
        photos: list[PhotoCopy] = []
        while len(photos) < number:
            message = await self._received()
            if message.type is WSMsgType.TEXT and not photos:
                return await self._resumed(message)
            photos.append(await self._photo(message))
            self.share.give_back(len(message.data))
        options = options_of(self.request.query, self.service.settings)
        client, request_id = self.request.remote or "", self.request[REQUEST_ID]
        ticket = await self.service.submit(tuple(photos), options, client, request_id)
        return ticket, Position(ticket.generation)

    async def _received(self) -> WSMessage:
        try:
            async with asyncio.timeout(self.service.settings.upload_deadline_seconds):
                return await self.ws.receive()
        except TimeoutError:
            raise TooSlow("The photos took too long to arrive.") from None

    async def _photo(self, message: WSMessage) -> PhotoCopy:
        if message.type is WSMsgType.TEXT:
            raise BadRequest("Send the photos as binary messages.")
        if message.type is not WSMsgType.BINARY:
            raise self._gone(message)
        if len(message.data) > self.service.settings.max_photo_bytes:
            raise self.service.room.too_large()
        return await self.service.intake.photo(_once(message.data))

    def _gone(self, message: WSMessage) -> ConnectionError:
        """Return the end of a client that has gone, or that was cut off for what it sent."""
        if message.type is WSMsgType.ERROR:  # it sent what is no frame
            self.service.metrics.count_error("ws", message.data)
        return ConnectionResetError("the socket is closed")

    async def _resumed(self, message: WSMessage) -> tuple[Submission, Position]:
        """Return the run that a text message names, and the place to go on from."""
        self.share.give_back(len(message.data))
        key, after, generation = _named(message.data)
        head = await self.service.runs.head(key)
        if head is None:
            raise NotFound("No such run. Send the photo again.")
        how = SubmitOutcome.REPLAYED if head.state is RunState.COMPLETE else SubmitOutcome.JOINED
        same = generation in (0, head.generation)
        return Submission(key, head.generation, how), Position(head.generation, max(after, 0) if same else 0)

    async def _tell(self, ticket: Submission, after: Position) -> None:
        replayed = ticket.how is SubmitOutcome.REPLAYED
        first = {"key": ticket.key, "replayed": replayed, "generation": ticket.generation}
        await self.ws.send_str(orjson.dumps(first).decode())
        try:
            await first_completed(self._send(ticket, after), self._closed())
        except Unavailable as error:
            await self.ws.send_str(transport_error(error).decode())
            await self.ws.close(code=WSCloseCode.SERVICE_RESTART)

    async def _send(self, ticket: Submission, after: Position) -> None:
        chunks = self.service.runs.subscribe(ticket.key, after, self.view.name, self.view.encode)
        async with aclosing(chunks) as told:
            async for _, fact in told:
                async with write_timeout(self.service.settings.write_deadline_seconds, self.request):
                    await self.ws.send_str(fact.decode())

    async def _closed(self) -> None:
        """Return when the client has gone; what it sends meanwhile is passed over."""
        async for message in self.ws:
            if message.type is not WSMsgType.ERROR:
                self.share.give_back(len(message.data))

    async def _refuse(self, refusal: RequestError) -> None:
        self.service.metrics.count_error("ws", refusal)
        said = {"error": str(refusal), "status": refusal.status}
        if refusal.retry_after is not None:
            said["retry_after"] = refusal.retry_after
        await self.ws.send_str(orjson.dumps(said).decode())
        code = CLOSE_CODES.get(type(refusal), WSCloseCode.POLICY_VIOLATION)
        await self.ws.close(code=code, message=str(refusal).encode()[:120])


def _named(text: str) -> tuple[str, int, int]:
    """Return the key, the seq and the generation of a text message."""
    if len(text) > LONGEST_ASKING:
        raise TooLarge("A text message names a run, and needs no more than a line.")
    try:
        wanted = orjson.loads(text)
        return str(wanted["key"]), int(wanted.get("after", 0)), int(wanted.get("generation", 0))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise BadRequest('Send {"key": "…", "after": 0} as JSON, or photos as binary messages.') from None


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content

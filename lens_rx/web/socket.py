"""`GET /ws`: photos in as binary messages, facts out as text messages, one each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress

import orjson
from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from lens_rx.errors import BadRequest, NotFound, Refusal, TooLarge, TooSlow, Unavailable
from lens_rx.facts import PhotoCopy
from lens_rx.flow.bridge import first_of, values
from lens_rx.replay.log import How, Position, State, Ticket
from lens_rx.web.around import REQUEST_ID
from lens_rx.web.query import options_of, view_asked
from lens_rx.web.service import SERVICE, Service
from lens_rx.web.streams import within
from lens_rx.web.view import View, transport_error

#: A message a little too large is refused in words; a much larger one is cut off by the protocol.
SLACK_BYTES = 1_000_000
#: Bytes of a text message: a key, and where to go on.
LONGEST_ASKING = 4096
CLOSE_CODES: dict[type[Refusal], int] = {
    BadRequest: WSCloseCode.INVALID_TEXT,
    TooLarge: WSCloseCode.MESSAGE_TOO_BIG,
    Unavailable: WSCloseCode.TRY_AGAIN_LATER,
}


async def socket(request: web.Request) -> web.WebSocketResponse:
    """Take photos or the key of a run, then send its facts and close with 1000."""
    service = request.app[SERVICE]
    view, photos = view_asked(request.query, service.settings), _photos_asked(request, service)
    options_of(request.query, service.settings)
    most = service.settings.max_photo_bytes + SLACK_BYTES
    ws = web.WebSocketResponse(heartbeat=service.settings.heartbeat, max_msg_size=most)
    if not ws.can_prepare(request):
        raise BadRequest("This address speaks WebSocket. Send a photo to POST /classify instead.")
    await ws.prepare(request)
    with suppress(ConnectionError):
        await _converse(ws, request, service, view, photos)
    return ws


async def _converse(
    ws: web.WebSocketResponse, request: web.Request, service: Service, view: View, photos: int
) -> None:
    try:
        ticket, after = await _asked(ws, request, service, photos)
        await _tell(ws, request, ticket, after, view)
    except Refusal as refusal:
        async with within(service.settings.write_deadline, request):
            await _refuse(ws, refusal, service)
    else:
        await ws.close()


def _photos_asked(request: web.Request, service: Service) -> int:
    number = request.query.get("photos", "1")
    if not number.isdecimal() or not 1 <= int(number) <= service.settings.max_photos:
        raise BadRequest(f"photos must be a number from 1 to {service.settings.max_photos}.")
    return int(number)


async def _asked(
    ws: web.WebSocketResponse, request: web.Request, service: Service, number: int
) -> tuple[Ticket, Position]:
    photos: list[PhotoCopy] = []
    while len(photos) < number:
        message = await _received(ws, service)
        if message.type is WSMsgType.TEXT and not photos:
            return await _resumed(message, service)
        if message.type is not WSMsgType.BINARY:
            _raise_for(message)
        if len(message.data) > service.settings.max_photo_bytes:
            raise TooLarge(f"A photo may have {service.settings.max_photo_bytes:,} bytes at most.")
        photos.append(await service.intake.photo(_once(message.data)))
    options = options_of(request.query, service.settings)
    ticket = await service.submit(tuple(photos), options, request.remote or "", request[REQUEST_ID])
    return ticket, Position(ticket.generation)


async def _received(ws: web.WebSocketResponse, service: Service) -> WSMessage:
    try:
        async with asyncio.timeout(service.settings.upload_deadline):
            return await ws.receive()
    except TimeoutError:
        raise TooSlow("The photos took too long to arrive.") from None


def _raise_for(message: WSMessage) -> None:
    if message.type is WSMsgType.TEXT:
        raise BadRequest("Send the photos as binary messages.")
    raise ConnectionResetError


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _resumed(message: WSMessage, service: Service) -> tuple[Ticket, Position]:
    """Return the run that a text message names, and the place to go on from."""
    if len(message.data) > LONGEST_ASKING:
        raise TooLarge("A text message names a run, and needs no more than a line.")
    try:
        wanted = orjson.loads(message.data)
        key, after = str(wanted["key"]), int(wanted.get("after", 0))
        generation = int(wanted.get("generation", 0))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BadRequest('Send {"key": "…", "after": 0} as JSON, or photos as binary messages.') from None
    head = await service.runs.head(key)
    if head is None:
        raise NotFound("No such run. Send the photo again.")
    how = How.REPLAYED if head.state is State.COMPLETE else How.JOINED
    same = generation in (0, head.generation)
    return Ticket(key, head.generation, how), Position(head.generation, max(after, 0) if same else 0)


async def _tell(
    ws: web.WebSocketResponse,
    request: web.Request,
    ticket: Ticket,
    after: Position,
    view: View,
) -> None:
    replayed = ticket.how is How.REPLAYED
    first = {"key": ticket.key, "replayed": replayed, "generation": ticket.generation}
    await ws.send_str(orjson.dumps(first).decode())
    try:
        await first_of(_send(ws, request, ticket, after, view), _closed(ws))
    except Unavailable as error:
        await ws.send_str(transport_error(error).decode())
        await ws.close(code=WSCloseCode.SERVICE_RESTART)


async def _send(
    ws: web.WebSocketResponse,
    request: web.Request,
    ticket: Ticket,
    after: Position,
    view: View,
) -> None:
    service = request.app[SERVICE]
    chunks = values(service.runs.follow(ticket.key, after, view.name, view.encode))
    async with aclosing(chunks) as told:  # type: ignore[type-var]  # a generator
        async for _, fact in told:
            async with within(service.settings.write_deadline, request):
                await ws.send_str(fact.decode())


async def _closed(ws: web.WebSocketResponse) -> None:
    """Return when the client has gone; what it sends meanwhile is passed over."""
    async for _ in ws:
        pass


async def _refuse(ws: web.WebSocketResponse, refusal: Refusal, service: Service) -> None:
    service.metrics.errors.labels("ws", type(refusal).__name__).inc()
    said = {"error": str(refusal), "status": refusal.status}
    if refusal.retry_after is not None:
        said["retry_after"] = refusal.retry_after
    await ws.send_str(orjson.dumps(said).decode())
    code = CLOSE_CODES.get(type(refusal), WSCloseCode.POLICY_VIOLATION)
    await ws.close(code=code, message=str(refusal).encode()[:120])

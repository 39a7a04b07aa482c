"""`GET /ws`: receive photos as binary messages, send facts as text messages."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass

import orjson
from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import (
    BadRequest,
    Busy,
    RequestError,
    TooLarge,
    Unavailable,
)
from lens_rx.reactive.interop import Interrupted, Interruptible
from lens_rx.runs.views import EncodedRun, chunks_after
from lens_rx.storage.records import Position, RunState, Submission, SubmitOutcome
from lens_rx.web.access_control import check_origin, requester_of
from lens_rx.web.change_bodies import parse_refreshed
from lens_rx.web.context import APP_CONTEXT, AppContext, Requester
from lens_rx.web.http_server import count_received_bytes
from lens_rx.web.live_response import ConnectionSink, framed_view
from lens_rx.web.query_params import parse_options, parse_view
from lens_rx.web.socket_messages import parse_message
from lens_rx.web.upload_budget import Reservation
from lens_rx.web.upload_pace import UploadPace
from lens_rx.web.view import View, transport_error
from lens_rx.web.write_timeout import write_timeout

CLOSE_CODES: dict[type[RequestError], int] = {
    BadRequest: WSCloseCode.INVALID_TEXT,
    TooLarge: WSCloseCode.MESSAGE_TOO_BIG,
    Busy: WSCloseCode.TRY_AGAIN_LATER,
    Unavailable: WSCloseCode.TRY_AGAIN_LATER,
}


async def handle_websocket(request: web.Request) -> web.WebSocketResponse:
    """Receive photos or the key of a run, then send its facts and close with 1000."""
    context = request.app[APP_CONTEXT]
    check_origin(
        request, "Pages of this origin may not read here. LENS_RX_CORS_ORIGINS names those that may."
    )
    view, photos = parse_view(request.query, context.settings), _parse_photo_count(request, context)
    parse_options(request.query, context.settings)
    parse_refreshed(request.query)
    # the reservation bounds messages, with an error that says so; decompressed bytes would not be counted
    ws = _WebSocket(heartbeat=context.settings.heartbeat_seconds, max_msg_size=0, compress=False)
    if not ws.can_prepare(request):
        raise BadRequest("This address speaks WebSocket. Send a photo to POST /classify instead.")
    requester, pace = requester_of(request), UploadPace(context.settings)
    with (
        context.upload_budget.open_reservation(requester.client, pace) as reservation,
        suppress(ConnectionError),
    ):
        count_received_bytes(request, reservation)
        await ws.prepare(request)
        ws.headers.clear()  # a KiB that is sent
        try:
            await _Session(ws, request, context, view, requester, reservation, pace).run(photos)
        finally:
            ws.release()
    return ws


class _WebSocket(web.WebSocketResponse):
    """A WebSocket that lets go of what has arrived as soon as nobody reads it any more."""

    def release(self) -> None:
        """Forget unfinished messages, which a timer and cycles of references would hold for a while yet."""
        self._cancel_heartbeat()
        self._parser = None


def _parse_photo_count(request: web.Request, context: AppContext) -> int:
    number = request.query.get("photos", "1")
    if not number.isdecimal() or not 1 <= int(number) <= context.settings.max_photos:
        raise BadRequest(
            f"photos must be a number from 1 to {context.settings.max_photos}.",
            code=ErrorCode.INVALID_PARAMETER,
        )
    return int(number)


@dataclass(frozen=True, slots=True)
class _Session:
    """One client's connection; `reservation` holds its part of the upload budget."""

    ws: web.WebSocketResponse
    request: web.Request
    context: AppContext
    view: View
    requester: Requester
    reservation: Reservation
    pace: UploadPace

    async def run(self, photos: int) -> None:
        """Serve one request; a `RequestError` is sent as JSON before the close."""
        try:
            await self._serve(photos)
        except RequestError as refusal:
            async with write_timeout(self.context.settings.write_deadline_seconds, self.request):
                await self._send_error(refusal)
        else:
            await self.ws.close()

    async def _serve(self, photos: int) -> None:
        done: asyncio.Future[None] | None = None
        try:
            async with Interruptible() as block:
                self.reservation.on_exceeded = block.interrupt
                submission, after = await self._read_request(photos)
                await self._send_first(submission)
                if run := await self._replayed(submission):
                    return await self._replay(run, after)
                with self._delivering(submission, after) as done:
                    done.add_done_callback(lambda _: block.interrupt())
                    await self._wait_closed()
        except Interrupted:
            if self.reservation.is_exceeded:
                raise self.reservation.take_error() from None
            if done:
                await self._end(done)

    async def _read_request(self, number: int) -> tuple[Submission, Position]:
        query = self.request.query
        options, refreshed = parse_options(query, self.context.settings), parse_refreshed(query)
        async with self.context.intake.open_upload(self.requester.client) as photos:
            while len(photos) < number:
                message = await self._receive()
                if message.type is WSMsgType.TEXT and not len(photos):
                    return await self._follow(message)
                await photos.receive(_single_chunk(self._check_photo(message)))
                if (
                    number > 1
                ):  # what is released has to be small: a single photo is released once its run is known
                    await photos.decoded()
                    self.reservation.release(len(message.data))
            submission = await self.context.submit(photos, options, self.view, self.requester, refreshed)
            if number == 1:
                self.reservation.release(len(message.data))
        return submission, Position(submission.generation)

    async def _receive(self) -> WSMessage:
        async with self.pace.enforce("The photos took too long to arrive."):
            return await self.ws.receive()

    def _check_photo(self, message: WSMessage) -> bytes:
        if message.type is WSMsgType.TEXT:
            raise BadRequest("Send the photos as binary messages.")
        if message.type is not WSMsgType.BINARY:
            raise self._connection_lost(message)
        if len(message.data) > self.context.settings.max_photo_bytes:
            raise self.context.upload_budget.photo_too_large()
        content: bytes = message.data
        return content

    def _connection_lost(self, message: WSMessage) -> ConnectionError:
        """Return the error of a closed connection; count it where the client sent an invalid frame."""
        if message.type is WSMsgType.ERROR:  # an invalid frame
            self.context.metrics.count_error("ws", message.data)
        return ConnectionResetError("the socket is closed")

    async def _follow(self, message: WSMessage) -> tuple[Submission, Position]:
        """Return the run that a text message names, changed where it asks for that, and the position to resume after."""
        self.reservation.release(len(message.data))
        said, tenant = parse_message(message.data), self.requester.tenant
        info = await self.context.run_info(said.key, tenant)
        if said.change:
            submission = await self.context.change(info.key, said.change, self.requester)
            return submission, Position(submission.generation)
        how = SubmitOutcome.REPLAYED if info.state is RunState.COMPLETE else SubmitOutcome.JOINED
        same = said.generation in (0, info.generation)
        after = Position(info.generation, max(said.after, 0) if same else 0)
        return Submission(info.key, info.generation, how), after

    async def _send_first(self, submission: Submission) -> None:
        replayed = submission.how is SubmitOutcome.REPLAYED
        first = {"key": submission.key, "replayed": replayed, "generation": submission.generation}
        await self.ws.send_str(orjson.dumps(first).decode())

    async def _replayed(self, submission: Submission) -> EncodedRun | None:
        is_replay = submission.how is SubmitOutcome.REPLAYED
        return await self.context.runs.replay(submission, self.view) if is_replay else None

    async def _replay(self, run: EncodedRun, after: Position) -> None:
        for _, fact in chunks_after(run.chunks, after):
            async with write_timeout(self.context.settings.write_deadline_seconds, self.request):
                await self.ws.send_str(fact.decode())

    def _delivering(
        self, submission: Submission, after: Position
    ) -> AbstractContextManager[asyncio.Future[None]]:
        framed, sink = framed_view(self.view, "ws", text_frame), ConnectionSink(self.request)
        return self.context.runs.delivering(submission.key, after, framed, sink)

    async def _end(self, done: asyncio.Future[None]) -> None:
        """Tell how a delivery ended, where it was not with the run."""
        try:
            await done
        except Unavailable as error:
            await self.ws.send_str(transport_error(error).decode())
            await self.ws.close(code=WSCloseCode.SERVICE_RESTART)

    async def _wait_closed(self) -> None:
        """Return when the client has closed; what it sends meanwhile is discarded."""
        async for message in self.ws:
            if message.type is not WSMsgType.ERROR:
                self.reservation.release(len(message.data))

    async def _send_error(self, refusal: RequestError) -> None:
        self.context.metrics.count_error("ws", refusal)
        body = {"error": str(refusal), "status": refusal.status, "code": refusal.code}
        if refusal.retry_after is not None:
            body["retry_after"] = refusal.retry_after
        await self.ws.send_str(orjson.dumps(body).decode())
        code = CLOSE_CODES.get(type(refusal), WSCloseCode.POLICY_VIOLATION)
        await self.ws.close(code=code, message=str(refusal).encode()[:120])


def text_frame(_: Position | None, fact: bytes) -> bytes:
    """Return a text message as one frame (RFC 6455), not masked, as a server sends it."""
    if len(fact) < 126:  # larger lengths follow in two or eight bytes
        return b"\x81%c%b" % (len(fact), fact)
    length = struct.pack("!BH", 126, len(fact)) if len(fact) < 1 << 16 else struct.pack("!BQ", 127, len(fact))
    return b"\x81%b%b" % (length, fact)


async def _single_chunk(content: bytes) -> AsyncIterator[bytes]:
    yield content

"""`price_item`: what a thing is and what it is worth, by photos or by words."""

from __future__ import annotations

from pydantic import Field

from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import BadRequest
from lens_rx.mcp.given_photos import receive_photos
from lens_rx.mcp.run_answer_model import RunAnswer
from lens_rx.mcp.run_reader import MAX_WAIT_SECONDS, WAIT_SECONDS, follow
from lens_rx.mcp.run_summary import summarize
from lens_rx.mcp.tool import ThingArguments, Tool, ToolCall, ViewArguments
from lens_rx.web.query_params import parse_options

NOTHING_GIVEN = (
    "Nothing says what the thing is. Send photos or photo_urls, or producer and model, or its name as hint."
)


class PriceItemArguments(ViewArguments, ThingArguments):
    """What is to be priced, and how it is told."""

    photos: list[str] = Field(
        [],
        max_length=8,
        description="up to 8 photos of ONE thing: bytes of PNG, JPEG, WebP, HEIC, AVIF, GIF in base64",
    )
    photo_urls: list[str] = Field(
        [],
        max_length=8,
        description="public http or https addresses of photos, instead of their bytes or beside them",
    )
    wait_seconds: int = Field(
        WAIT_SECONDS,
        ge=0,
        le=MAX_WAIT_SECONDS,
        description="after which the answer is what is known so far; the run goes on, get_run tells its end",
    )


async def price_item(call: ToolCall, arguments: PriceItemArguments) -> RunAnswer:
    """Start, join or replay the run of the photos or words, and return it once it has ended."""
    context = call.context
    view = arguments.view(context)
    options = parse_options(arguments.given_values() | {"country": arguments.country}, context.settings)
    if not (arguments.photos or arguments.photo_urls or options.hint or (options.producer and options.model)):
        raise BadRequest(NOTHING_GIVEN, code=ErrorCode.NO_PHOTO)
    async with context.intake.open_upload(call.requester.client) as photos:
        await receive_photos(call, photos, arguments.photos, arguments.photo_urls)
        submission = await context.submit(photos, options, view, call.requester)
    return summarize(await follow(call, submission, view, arguments.wait_seconds))


PRICE_ITEM = Tool(
    name="price_item",
    title="Price a second-hand thing",
    description=(
        "Identifies one second-hand thing by photos of it and estimates what it sells for, from offers that are on "
        "marketplaces now; with `cost` also whether to buy. Without a photo: `producer` and `model`, or a name as "
        "`hint`. Takes 5 to 90 seconds; the same photos and words again are answered at once. An estimate, not an "
        "appraisal: read `certainty` and its doubts, and check the name before money is spent."
    ),
    arguments=PriceItemArguments,
    answer=RunAnswer,
    run=price_item,
    looks_up=True,
)

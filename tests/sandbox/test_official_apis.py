"""The stand-ins of official APIs refuse what the real ones refuse, with the codes that those document."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import aiohttp
from PIL import Image

from lens_rx.sandbox.apis import brave_api, custom_search_api, ebay_api, vision_api
from lens_rx.sandbox.endpoints import API_PREFIX
from lens_rx.sandbox.server import Sandbox


def picture() -> str:
    body = BytesIO()
    Image.new("RGB", (40, 30), "grey").save(body, "JPEG")
    return base64.b64encode(body.getvalue()).decode()


PICTURE = picture()
BRAVE = {
    "method": "GET",
    "path": f"/brave{brave_api.PATH}",
    "headers": {"X-Subscription-Token": brave_api.KEY},
}
GOOGLE = {
    "method": "GET",
    "path": f"/google{custom_search_api.PATH}",
    "params": {"key": custom_search_api.KEY, "cx": custom_search_api.ENGINE, "q": "chair"},
}
FEATURES = [{"type": "WEB_DETECTION"}]
VISION: dict[str, Any] = {
    "method": "POST",
    "path": f"/vision{vision_api.PATH}",
    "params": {"key": vision_api.KEY},
    "json": {"requests": [{"image": {"content": PICTURE}, "features": FEATURES}]},
}
EBAY = {"method": "POST", "path": f"/ebay{ebay_api.SEARCH_PATH}_by_image", "json": {"image": PICTURE}}
BROWSE = {"method": "GET", "path": f"/ebay{ebay_api.SEARCH_PATH}", "params": {"q": "chair"}}

#: A request, what is changed in it, and the status and a code of the answer.
CASES: list[tuple[dict[str, Any], dict[str, Any], int, str]] = [
    (BRAVE, {"params": {"q": "chair"}}, 200, "search"),
    (BRAVE, {"params": {}}, 422, "VALIDATION"),
    (BRAVE, {"params": {"q": "chair", "lang": "de"}}, 422, "VALIDATION"),
    (BRAVE, {"params": {"q": "chair", "count": "21"}}, 422, "VALIDATION"),
    (BRAVE, {"params": {"q": "chair", "country": "LU"}}, 422, "VALIDATION"),
    (BRAVE, {"params": {"q": " ".join(["a"] * 51)}}, 422, "VALIDATION"),
    (BRAVE, {"params": {"q": "chair"}, "headers": {}}, 422, "x-subscription-token"),
    (
        BRAVE,
        {"params": {"q": "chair"}, "headers": {"X-Subscription-Token": "x"}},
        422,
        "SUBSCRIPTION_TOKEN_INVALID",
    ),
    (GOOGLE, {}, 200, "customsearch#search"),
    (GOOGLE, {"params": {**GOOGLE["params"], "query": "x"}}, 400, "INVALID_ARGUMENT"),
    (GOOGLE, {"params": {**GOOGLE["params"], "num": "11"}}, 400, "INVALID_ARGUMENT"),
    (GOOGLE, {"params": {**GOOGLE["params"], "cx": "x"}}, 400, "INVALID_ARGUMENT"),
    (GOOGLE, {"params": {**GOOGLE["params"], "key": "x"}}, 400, "API_KEY_INVALID"),
    (GOOGLE, {"params": {"q": "chair"}}, 403, "PERMISSION_DENIED"),
    (VISION, {}, 200, "webDetection"),
    (
        VISION,
        {"json": {"requests": [{"image": {"content": "eA=="}, "features": FEATURES}]}},
        200,
        '"code": 3',
    ),
    (
        VISION,
        {"json": {"requests": [{"image": {"data": PICTURE}, "features": FEATURES}]}},
        400,
        "INVALID_ARGUMENT",
    ),
    (VISION, {"json": {"requests": [{"image": {"content": PICTURE}}]}}, 400, "INVALID_ARGUMENT"),
    (VISION, {"json": {"requests": [{"features": FEATURES}]}}, 400, "INVALID_ARGUMENT"),
    (VISION, {"json": {"requests": [], "model": "x"}}, 400, "INVALID_ARGUMENT"),
    (VISION, {"params": {}}, 403, "PERMISSION_DENIED"),
    (VISION, {"params": {"key": "x"}}, 400, "API_KEY_INVALID"),
    (EBAY, {}, 200, "total"),
    (EBAY, {"json": {"image": ""}}, 400, "12501"),
    (EBAY, {"json": {"image": "no base64"}}, 400, "12501"),
    (EBAY, {"json": {"photo": PICTURE}}, 400, "12501"),
    (EBAY, {"params": {"q": "chair"}}, 400, "12031"),
    (EBAY, {"params": {"limit": "201"}}, 400, "12006"),
    (EBAY, {"params": {"limit": "many"}}, 400, "12007"),
    (EBAY, {"params": {"limit": "50", "offset": "20"}}, 400, "12515"),
    (EBAY, {"params": {"limit": "50", "offset": "10000"}}, 400, "12029"),
    (EBAY, {"params": {"filter": "conditionIds:{9}"}}, 400, "12002"),
    (EBAY, {"headers": {"X-EBAY-C-MARKETPLACE-ID": "EBAY_XX"}}, 409, "12019"),
    (EBAY, {"headers": {"Authorization": "Bearer x"}}, 401, "1001"),
    (BROWSE, {}, 200, "total"),
    (BROWSE, {"params": {}}, 400, "12001"),
    (BROWSE, {"params": {"q": "x" * 101}}, 400, "12001"),
]


async def test_every_field_is_checked(sandbox: Sandbox):
    """A request as documented is answered; one with an unknown, missing or wrong field or key is refused by its code."""
    url = f"http://127.0.0.1:{sandbox.port}{API_PREFIX}"
    keys = aiohttp.encode_basic_auth(ebay_api.CLIENT_ID, ebay_api.SECRET)
    grant = {"grant_type": "client_credentials", "scope": ebay_api.SCOPE}
    async with aiohttp.ClientSession() as client:
        async with client.post(
            f"{url}/ebay{ebay_api.TOKEN_PATH}", data=grant, headers={"Authorization": keys}
        ) as minted:
            token = (await minted.json())["access_token"]
        for request, changes, status, code in CASES:
            options = {**request, **changes}
            headers = {"Authorization": f"Bearer {token}"} | options.pop("headers", {})
            method, path = options.pop("method"), options.pop("path")
            async with client.request(method, url + path, headers=headers, **options) as answer:
                text = await answer.text()
            assert (answer.status, code in text) == (status, True), (path, changes, answer.status, text[:300])


async def test_a_token_is_minted_only_as_documented(sandbox: Sandbox):
    """EBay's identity service takes a form, the right keys, grant and scope, and nothing else."""
    url = f"http://127.0.0.1:{sandbox.port}{API_PREFIX}/ebay{ebay_api.TOKEN_PATH}"
    right = aiohttp.encode_basic_auth(ebay_api.CLIENT_ID, ebay_api.SECRET)
    grant = {"grant_type": "client_credentials", "scope": ebay_api.SCOPE}
    cases: list[tuple[str, dict[str, Any], int, str]] = [
        (right, {"data": grant}, 200, "Application Access Token"),
        (aiohttp.encode_basic_auth("x", "y"), {"data": grant}, 401, "invalid_client"),
        (right, {"json": grant}, 400, "invalid_request"),
        (right, {"data": {**grant, "grant_type": "password"}}, 400, "unsupported_grant_type"),
        (right, {"data": {**grant, "scope": "all"}}, 400, "invalid_scope"),
    ]
    async with aiohttp.ClientSession() as client:
        for keys, options, status, code in cases:
            async with client.post(url, headers={"Authorization": keys}, **options) as answer:
                assert (answer.status, code in await answer.text()) == (status, True), options

"""Tenants: what one of them starts, reads and deletes is out of the others' reach."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import orjson
import pytest
from aiohttp import WSMsgType
from served import Served, photo
from token_holders import Tokens, bearer, cookie

from lens_rx.facts import Options
from lens_rx.runs.keys import run_key, tenant_of
from lens_rx.web.auth import Authenticator
from lens_rx.web.token_file import TokenFile


async def classify(served: Served, headers: dict[str, str]) -> tuple[str, str]:
    """Return the key of a photo's run, and whether it was replayed."""
    async with served.client.post("/classify", data=served.form(), headers=headers) as response:
        assert response.status == 200
        await response.read()
        return response.headers["X-Run-Key"], response.headers["X-Replayed"]


async def test_the_same_photo_is_another_run_for_another_tenant(guarded: Served, tokens: Tokens):
    """Those of one tenant share a run; another tenant's starts anew, and is not said to be replayed."""
    ann, bo, cy = [await classify(guarded, bearer(it)) for it in (tokens.ann, tokens.bo, tokens.cy)]
    assert ann == (bo[0], "false")
    assert bo[1] == "true"
    assert cy[1] == "false"
    assert (tenant_of(ann[0]), tenant_of(cy[0])) == ("north", "south")


@pytest.mark.parametrize("path", ["/runs/{}", "/runs/{}/events", "/runs/{}?after=1-1"])
async def test_another_tenants_run_is_not_there(guarded: Served, tokens: Tokens, path: str):
    """It is 404 in the words for a run that never was, by token and by cookie."""
    key, _ = await classify(guarded, bearer(tokens.ann))
    answers = []
    for it in (key, "0" * 64, key.replace("north", "south"), key.replace("north.", "")):
        for headers in (bearer(tokens.cy), cookie(tokens.cy)):
            async with guarded.client.get(path.format(it), headers=headers) as response:
                answers.append((response.status, await response.text()))
    assert set(answers) == {(404, '{"error": "No such run. Send the photo again.", "code": "run_not_found"}')}
    async with guarded.client.get(path.format(key), headers=bearer(tokens.bo)) as response:
        assert response.status == 200


async def test_another_tenants_run_is_not_deleted(guarded: Served, tokens: Tokens):
    """DELETE is 404, and the run stays; a colleague deletes it."""
    key, _ = await classify(guarded, bearer(tokens.ann))
    for token, status in ((tokens.cy, 404), (tokens.bo, 204), (tokens.bo, 404)):
        async with guarded.client.delete(f"/runs/{key}", headers=bearer(token)) as response:
            assert response.status == status


async def test_a_socket_follows_no_run_of_another_tenant(guarded: Served, tokens: Tokens):
    """A key in a text message is looked up within the tenant."""
    key, _ = await classify(guarded, bearer(tokens.ann))
    for token, first in ((tokens.cy, "status"), (tokens.bo, "key")):
        async with guarded.client.ws_connect("/ws", headers=bearer(token)) as ws:
            await ws.send_json({"key": key})
            message = await ws.receive()
            assert message.type is WSMsgType.TEXT
            assert first in orjson.loads(message.data)


async def test_tenants_cannot_be_chosen_by_the_client(guarded: Served, tokens: Tokens):
    """Neither a query nor a header changes whose run it is."""
    headers = bearer(tokens.cy) | {"X-Tenant": "north"}
    async with guarded.client.post(
        "/classify?tenant=north", data=guarded.form(), headers=headers
    ) as response:
        await response.read()
        assert tenant_of(response.headers["X-Run-Key"]) == "south"


async def test_without_tokens_keys_are_as_they_were(served: Served):
    """Everybody is of the default tenant, whose keys have no prefix."""
    key, _ = await classify(served, {})
    assert key == run_key([sha256(photo()).hexdigest()], Options(), "test/1")
    assert len(key) == 64


async def test_the_default_tenants_token_reads_what_was_there_before(guarded: Served, tokens: Tokens):
    """Runs from before there were tokens belong to it, and to no other tenant."""
    plain = tokens.file.add("first")
    key, _ = await classify(guarded, bearer(plain))
    assert tenant_of(key) == "default"
    async with guarded.client.get(f"/runs/{key}", headers=bearer(tokens.ann)) as response:
        assert response.status == 404


def test_a_made_up_token_is_of_the_default_tenant(tmp_path: Path):
    """The token that a service makes at its start is of the tenant that there was before."""
    authenticator = Authenticator(TokenFile(tmp_path / "none.json"))
    found = authenticator.find_token(authenticator.generate())
    assert found
    assert found.tenant == "default"

"""The sandbox on a free port, and visitors to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sandbox_web import NewVisitor, Visitor

from lens_rx.sandbox.server import Sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    running = Sandbox()
    await running.start()
    yield running
    await running.aclose()


@pytest.fixture
async def new_visitor(sandbox: Sandbox) -> AsyncIterator[NewVisitor]:
    visitors: list[Visitor] = []

    def come(language: str = "en") -> Visitor:
        visitors.append(Visitor(sandbox, language))
        return visitors[-1]

    yield come
    for visitor in visitors:
        await visitor.client.close()


@pytest.fixture
async def visitor(new_visitor: NewVisitor) -> Visitor:
    return new_visitor()

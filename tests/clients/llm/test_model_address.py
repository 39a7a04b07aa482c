"""Where the model is asked: what the settings name, else OpenAI's own server."""

from __future__ import annotations

import pytest

from lens_rx.clients.llm.openai_model import OpenAIModel
from lens_rx.settings import Settings


@pytest.mark.parametrize(
    ("written", "asked"),
    [("", "https://api.openai.com/v1/"), ("http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1/")],
    ids=["empty, as compose passes it", "named"],
)
async def test_an_empty_address_is_none(monkeypatch: pytest.MonkeyPatch, written: str, asked: str):
    """OPENAI_BASE_URL may be set and empty: then OpenAI is asked, not nobody."""
    monkeypatch.setenv("OPENAI_BASE_URL", written)
    model = OpenAIModel(Settings())
    assert model.url == asked
    await model.aclose()

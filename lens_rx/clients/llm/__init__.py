"""The language model: any OpenAI-compatible server, asked typed questions."""

from lens_rx.clients.llm.openai_model import OpenAIModel
from lens_rx.clients.llm.web_search import ModelWebSearch

__all__ = ["ModelWebSearch", "OpenAIModel"]

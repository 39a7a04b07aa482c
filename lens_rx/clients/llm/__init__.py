"""The language model: any OpenAI-compatible server, asked typed questions."""

from lens_rx.clients.llm.configured_model import model_of
from lens_rx.clients.llm.model_check import check_model
from lens_rx.clients.llm.model_search import ModelWebSearch
from lens_rx.clients.llm.openai_model import OpenAIModel

__all__ = ["ModelWebSearch", "OpenAIModel", "check_model", "model_of"]

"""The language model: any OpenAI-compatible server, asked typed questions."""

from lens_rx.clients.llm.openai_model import OpenAIModel

__all__ = ["OpenAIModel"]

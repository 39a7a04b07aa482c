"""The sandbox's language model: validates requests as strictly as the real API, and answers by rules."""

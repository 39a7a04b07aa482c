"""The sandbox's language model: strict about requests, and answering by rules alone."""

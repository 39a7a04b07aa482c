"""The log: what was found is written down before anybody sees it, and told again to whoever asks."""

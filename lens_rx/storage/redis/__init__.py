"""The storage in Redis, shared by many nodes."""

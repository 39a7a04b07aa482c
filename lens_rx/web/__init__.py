"""The web: handlers, and one class for each wire format."""

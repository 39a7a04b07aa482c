"""Pure parsers of saved pages: a page in, facts out. Nothing here awaits or uses the network."""

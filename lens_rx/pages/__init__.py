"""Pure readers of saved pages: a page in, facts out. Nothing here waits, and nothing here asks the network."""

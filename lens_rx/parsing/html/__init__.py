"""HTML as a tree, its visible text, and the addresses in it."""

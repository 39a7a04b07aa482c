"""Drawing functions: one module for a family of things, one function for each kind."""

"""How each kind of thing is drawn: one module a family, one function a kind."""

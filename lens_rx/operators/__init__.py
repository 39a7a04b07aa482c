"""The seven stages, a file each: `lens`, `offers` and `estimate` are operators, the others stage functions.

A stage function makes one fact of a state; `reactive.single_fact` makes an operator of it.
"""

"""Incremental validation after a change, limited to what the change affects.

Start with `session`. `revalidation` keeps the results; `dependencies` determines the statements
that a node's results depend on.
"""

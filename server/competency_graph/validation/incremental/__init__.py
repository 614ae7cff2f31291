"""Validating again after a change, at the cost of what it concerns.

Start with `revalidation`; `dependencies` says which statements the results of a node depend on.
"""

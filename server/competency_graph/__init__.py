"""Competency dictionaries as linked data: serve, query, validate and link them."""

from competency_graph.dictionary import Dictionary

__all__ = ["Dictionary"]

"""The search index of this service."""

from __future__ import annotations

from flask import Flask, current_app

from competency_graph.engines.search_index import PATIENCE_SECONDS, SearchIndex
from competency_graph.sparql.search.index import Index


def register(app: Flask) -> None:
    """Give ``app`` its search index, and begin to build it if the data is known to be there."""
    fixed = bool(app.extensions["version"])
    app.extensions["search"] = index = SearchIndex(app.extensions["backend"], fixed)
    if fixed:
        index.start()


def search_index(patience: float = PATIENCE_SECONDS) -> Index:
    """The search index of this service; see `SearchIndex.get`."""
    index: SearchIndex = current_app.extensions["search"]
    return index.get(patience)

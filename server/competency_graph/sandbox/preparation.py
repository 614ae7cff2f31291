"""What a process loads before it forks workers, as these cannot open files.

Queries need little of it. The rest, for validations, takes a second to load, so it is loaded after
the first workers were forked.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from competency_graph.rdf import spreadsheets
from competency_graph.sparql import syntax_errors

if TYPE_CHECKING:
    from competency_graph.validation import Published

REQUESTS: Final = ("query_request", "index_request", "validation_request", "link_request")
"""The modules of all requests: requests arrive pickled, and workers cannot import modules."""


def prepare_queries() -> None:
    """Load what queries and the search index need."""
    from competency_graph.sandbox import index_request  # noqa: F401

    syntax_errors.prepare()
    spreadsheets.prepare()


def prepare_all(store: ox.Store | None = None) -> Published:
    """Load what all requests need.

    Args:
        store: the store that is served, if it is open in this process.

    Returns:
        The published files, which validations need.

    Raises:
        UnreadableInputError: one of these files cannot be read or is not RDF.
    """
    from competency_graph import reports
    from competency_graph.sandbox import link_request
    from competency_graph.validation import read_published, sample_report

    for name in REQUESTS:
        import_module(f"competency_graph.sandbox.{name}")
    prepare_queries()
    syntax_errors.build_parser()
    published = read_published()
    reports.prepare(sample_report(published))
    if store is not None:
        link_request.prepare(store)
    return published

"""Types for querying rows, independent of the engine that answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import pyoxigraph as ox

from competency_graph.rdf.short_names import Term

Bindings = Mapping[ox.Variable, ox.NamedNode | ox.Literal]
"""Terms bound to some of a query's variables."""
Rows = Callable[[str, Bindings], Iterable[Sequence[Term | None]]]
"""Runs a query, with terms bound to some of its variables, and returns the rows of its result."""

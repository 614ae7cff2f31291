"""Asking a query for rows, wherever it is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import pyoxigraph as ox

from competency_graph.rdf.short_names import Term

Bindings = Mapping[ox.Variable, ox.NamedNode | ox.Literal]
"""Terms for some of a query's variables."""
Rows = Callable[[str, Bindings], Iterable[Sequence[Term | None]]]
"""Asks a query with terms for some of its variables, and gives the table's rows."""

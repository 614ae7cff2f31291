"""The answer to a query as rows, and as data frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, overload

import pyoxigraph as ox

from competency_graph.api import frames
from competency_graph.api.display import Displayed, render
from competency_graph.api.values import Value, python_value
from competency_graph.errors import UnknownNameError
from competency_graph.rdf.short_names import Term
from competency_graph.rdf.tables import Columns

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

Row = Mapping[str, Value]
"""A row: values by column."""
_MAX_SHOWN: Final = 50
"""The number of rows that are displayed."""


class Table(Displayed, Sequence[Row]):
    """Rows with named columns: a sequence of mappings from column to value.

    Values are Python's: ``int``, ``bool``, ``float``, ``Decimal``, ``date`` and ``datetime`` for
    literals of these types, ``str`` for IRIs and all others, None where there is none. The answer
    to an ASK query is true or false; any other table is true if it has rows.

    Args:
        columns: the names of the columns.
        terms: the rows as RDF terms.
        datatypes: the IRIs of the datatypes that columns without values would have, by column.

    >>> from competency_graph import Dictionary
    >>> titles = Dictionary().query("role-titles", role="analyst")
    >>> titles[0]["titleLabel"]
    'Sales researcher'
    """

    def __init__(
        self,
        columns: Sequence[str],
        terms: Iterable[Sequence[Term | None]],
        datatypes: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.columns = list(columns)
        self.terms = [list(row) for row in terms]
        self._datatypes = dict(datatypes)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Table: ...
    def __getitem__(self, index: int | slice) -> Row | Table:
        if isinstance(index, slice):
            return Table(self.columns, self.terms[index], self._datatypes)
        return dict(zip(self.columns, map(python_value, self.terms[index]), strict=True))

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[Row]:
        return (self[index] for index in range(len(self)))

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, Table) and self.columns == other.columns
        return same and self.terms == other.terms  # type: ignore[attr-defined]

    __hash__ = None  # type: ignore[assignment]  # it holds lists

    def __bool__(self) -> bool:
        if self.columns == ["answer"] and len(self) == 1:
            return self[0]["answer"] is not False
        return len(self) > 0

    def column(self, name: str) -> list[Value]:
        """The values of a column.

        Raises:
            UnknownNameError: there is no such column.
        """
        if name not in self.columns:
            raise UnknownNameError(
                f"there is no column “{name}”", f"Use one of {', '.join(self.columns)}"
            )
        place = self.columns.index(name)
        return [python_value(row[place]) for row in self.terms]

    def to_pandas(self) -> pd.DataFrame:
        """A data frame of pandas with typed columns; needs the extra ``pandas``.

        Raises:
            UnavailableError: pandas is not installed.
        """
        return frames.to_pandas(self._typed())

    def to_polars(self) -> pl.DataFrame:
        """A data frame of Polars with typed columns; needs the extra ``polars``.

        Raises:
            UnavailableError: Polars is not installed.
        """
        return frames.to_polars(self._typed())

    def to_arrow(self) -> pa.Table:
        """A table of Arrow with typed columns; needs the extra ``arrow``.

        Raises:
            UnavailableError: pyarrow is not installed.
        """
        return frames.to_arrow(self._typed())

    def _typed(self) -> list[frames.Column]:
        return [
            frames.column(name, [row[place] for row in self.terms], self._datatypes.get(name, ""))
            for place, name in enumerate(self.columns)
        ]

    def __repr__(self) -> str:
        rows = "1 row" if len(self) == 1 else f"{len(self):,} rows"
        return f"<Table of {rows}: {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        columns = Columns(self.columns)
        return render(
            "table.html",
            heads=columns.heads,
            rows=[[_shown(cell.term, cell.text, cell.address) for cell in row]
                  for row in columns.rows(self.terms[:_MAX_SHOWN])],
            more=max(len(self) - _MAX_SHOWN, 0),
        )  # fmt: skip


def _shown(term: Term | None, text: str, address: str) -> tuple[str, str, bool]:
    """What a cell shows: its text, its address, and whether it is a number."""
    value = python_value(term)
    if isinstance(term, ox.Literal) and isinstance(value, bool):
        return "✓" if value else "", "", False
    return text, address, not isinstance(value, str | None)

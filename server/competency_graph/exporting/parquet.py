"""Parquet files for DuckDB, Polars, Spark and similar tools, in a ZIP archive.

The tables are those of `relational`, with one more for each kind of entries. Parquet has no foreign
keys.
"""

from __future__ import annotations

import io
from typing import Any, Final

from competency_graph.exporting.archives import archive
from competency_graph.exporting.outline import Outline
from competency_graph.exporting.relational import PER_KIND, Table, kinds, tables
from competency_graph.extras import optional

_TYPES: Final = {str: "string", int: "int64", bool: "bool"}


def write(outline: Outline) -> bytes:
    """Serialize the archive; equal input gives equal bytes with the same pyarrow.

    Raises:
        UnavailableError: pyarrow is not installed.
    """
    arrow, parquet = optional("pyarrow", "arrow"), optional("pyarrow.parquet", "arrow")
    found = {table.name: _table(table, arrow) for table in tables(outline)}
    entries = found["entry"].to_pylist()
    schema = arrow.schema([found["entry"].schema.field(name) for name in PER_KIND])
    for kind in kinds(outline):
        rows = [row for row in entries if row["kind"] == kind]
        found[kind] = arrow.Table.from_pylist(rows, schema)
    return archive({f"{name}.parquet": _file(table, parquet) for name, table in found.items()})


def _table(table: Table, arrow: Any) -> Any:  # noqa: ANN401  (of pyarrow)
    fields = [
        arrow.field(column.name, arrow.type_for_alias(_TYPES[column.type]), not column.required)
        for column in table.columns
    ]
    columns = zip(*table.rows, strict=True) if table.rows else ([] for _ in fields)
    arrays = [
        arrow.array(values, field.type) for values, field in zip(columns, fields, strict=True)
    ]
    return arrow.table(arrays, schema=arrow.schema(fields))


def _file(table: Any, parquet: Any) -> bytes:  # noqa: ANN401  (of pyarrow)
    output = io.BytesIO()
    parquet.write_table(table, output)
    return output.getvalue()

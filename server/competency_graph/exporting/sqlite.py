"""A SQLite database, for Datasette, DuckDB and anything else that speaks SQL.

The tables are those of `relational`, with foreign keys, a view for each kind of entries, and a
full-text index of the entries, which Datasette shows as a search box.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import Final

from competency_graph.exporting.outline import Outline
from competency_graph.exporting.relational import PER_KIND, Column, Table, kinds, tables

_TYPES: Final = {str: "TEXT", int: "INTEGER", bool: "INTEGER"}
_FULL_TEXT: Final = """
CREATE VIRTUAL TABLE entry_search USING fts5(label, definition, content="entry");
INSERT INTO entry_search(entry_search) VALUES ('rebuild');
"""
"""The index of the entries (SQLite FTS5, section 4.4.3); its name does not matter to Datasette."""


def write(outline: Outline) -> bytes:
    """Serialize the database; equal input gives equal bytes with the same SQLite."""
    with closing(sqlite3.connect(":memory:")) as database:
        for table in tables(outline):
            database.execute(_create(table))
            places = ", ".join("?" * len(table.columns))
            database.executemany(f'INSERT INTO "{table.name}" VALUES ({places})', table.rows)  # noqa: S608
            for column in table.columns:
                if column.references:
                    database.execute(
                        f'CREATE INDEX "{table.name}_{column.name}" '
                        f'ON "{table.name}" ("{column.name}")'
                    )
        columns = ", ".join(f'"{name}"' for name in PER_KIND)
        for kind in kinds(outline):
            database.execute(
                f"CREATE VIEW \"{kind}\" AS SELECT {columns} FROM entry WHERE kind = '{kind}'"  # noqa: S608
            )
        with suppress(sqlite3.OperationalError):  # a SQLite without FTS5
            database.executescript(_FULL_TEXT)
        database.commit()
        return database.serialize()


def _create(table: Table) -> str:
    columns = ", ".join(map(_definition, table.columns))
    return f'CREATE TABLE "{table.name}" ({columns})'


def _definition(column: Column) -> str:
    words = [f'"{column.name}"', _TYPES[column.type]]
    words += ["PRIMARY KEY"] * column.key + ["NOT NULL"] * column.required
    if column.type is bool:
        words.append(f'CHECK ("{column.name}" IN (0, 1))')
    if column.references:
        words.append(f'REFERENCES "{column.references}"')
    return " ".join(words)

"""What the standard's own software, sssom-py, says of a file of mappings."""

from __future__ import annotations

import warnings
from pathlib import Path

from sssom.constants import SchemaValidationType
from sssom.parsers import parse_sssom_table, to_mapping_set_document
from sssom.validators import validate

CHECKS = [
    SchemaValidationType.JsonSchema,
    SchemaValidationType.PrefixMapCompleteness,
    SchemaValidationType.StrictCurieFormat,
]


def rows_taken(path: Path) -> int:
    """How many rows it takes; raises where it finds fault.

    It leaves out rows that it cannot take, and only warns.
    """
    with warnings.catch_warnings(action="ignore"):
        table = parse_sssom_table(path)
        taken = to_mapping_set_document(table).mapping_set.mappings
        if not len(taken) == len(table.df) == len(rows(path)):
            raise ValueError("rows were left out")
        validate(table, CHECKS, fail_on_error=True)
    return len(taken)


def rows(path: Path) -> list[str]:
    """The lines of its rows."""
    lines = path.read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")][1:]

"""Columns of one type each, as data frames of pandas, Polars and Arrow.

| content            | pandas             | Polars           | Arrow             |
|--------------------|--------------------|------------------|-------------------|
| integers (64 bits) | Int64              | Int64            | int64             |
| booleans           | boolean            | Boolean          | bool              |
| doubles, floats    | Float64            | Float64          | double            |
| decimals           | Float64            | Decimal(38, *s*) | decimal128(38, s) |
| dates              | datetime64[s]      | Date             | date32            |
| times              | datetime64[us]     | Datetime("us")   | timestamp("us")   |
| everything else    | string             | String           | string            |

Every column may have missing values. Integers and decimals together are decimals, with doubles they
are doubles; times with a time zone are in UTC; any other mixture is text. A column without values
has the type that is expected, or text.

pandas has no decimals of its own, and computes nothing with objects: its decimals are the nearest
doubles. Whole numbers beyond 64 bits, which may be identifiers, are Python's in pandas (object) and
decimals in the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, Final

from competency_graph.api.values import DATATYPES, Value, plain_text, python_value
from competency_graph.extras import optional
from competency_graph.rdf.short_names import Term

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

INTEGER, BOOLEAN, DOUBLE, DECIMAL = "integer", "boolean", "double", "decimal"
DATE, TIME, ZONED_TIME, TEXT = "date", "time", "time in UTC", "text"
_PANDAS: Final = {
    INTEGER: "Int64", BOOLEAN: "boolean", DOUBLE: "Float64", DECIMAL: "Float64",
    DATE: "datetime64[s]", TIME: "datetime64[us]", ZONED_TIME: "datetime64[us, UTC]",
    TEXT: "string",
}  # fmt: skip
_MAX_DIGITS: Final = 38
"""The digits of the widest decimals of Arrow and Polars."""
_INT64: Final = range(-(2**63), 2**63)
_BY_TYPE: Final = {
    int: INTEGER, bool: BOOLEAN, float: DOUBLE, Decimal: DECIMAL, date: DATE, datetime: TIME,
}  # fmt: skip
"""The type of a column without values."""


@dataclass(frozen=True)
class Column:
    """A column whose values are all of one type.

    Args:
        name: its name.
        type: one of the types above.
        values: its values; None is a missing one.
        scale: the number of decimal places of a decimal.
    """

    name: str
    type: str
    values: Sequence[Value]
    scale: int = 0


def column(name: str, terms: Sequence[Term | None], datatype: str = "") -> Column:
    """The column with these terms, of the narrowest type that holds them all.

    Args:
        name: its name.
        terms: its terms.
        datatype: the IRI of the datatype that is expected if there are none.
    """
    values = [python_value(term) for term in terms]
    present = [value for value in values if value is not None]
    if not present:
        return Column(name, _BY_TYPE.get(DATATYPES.get(datatype, str), TEXT), values)
    kind = _common_type(present)
    if kind == DECIMAL:
        numbers = [None if v is None else Decimal(v) for v in values]  # type: ignore[arg-type]
        scale = max(_places(v) for v in numbers if v is not None)
        if all(v is None or v.adjusted() + 1 + scale <= _MAX_DIGITS for v in numbers):
            unit, digits = Decimal(1).scaleb(-scale), Context(_MAX_DIGITS)
            same = [None if v is None else v.quantize(unit, context=digits) for v in numbers]
            return Column(name, kind, same, scale)
        kind = TEXT
    if kind == DOUBLE:
        return Column(name, kind, [None if v is None else float(v) for v in values])  # type: ignore[arg-type]
    if kind == ZONED_TIME:
        return Column(name, kind, [v and v.astimezone(UTC) for v in values])  # type: ignore[union-attr]
    if kind == TEXT:
        return Column(name, kind, [plain_text(term) for term in terms])
    return Column(name, kind, values)


def _common_type(values: Iterable[Value]) -> str:
    kinds = {_type(value) for value in values}
    if len(kinds) == 1:
        return kinds.pop()
    if kinds and kinds <= {INTEGER, DECIMAL}:
        return DECIMAL
    return DOUBLE if kinds and kinds <= {INTEGER, DECIMAL, DOUBLE} else TEXT


def _type(value: Value) -> str:
    match value:
        case bool():
            return BOOLEAN
        case int():
            return INTEGER if value in _INT64 else DECIMAL
        case float():
            return DOUBLE
        case Decimal():
            return DECIMAL
        case datetime():
            return ZONED_TIME if value.tzinfo else TIME
        case date():
            return DATE
    return TEXT


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def to_pandas(columns: Sequence[Column]) -> pd.DataFrame:
    """The columns as a data frame of pandas.

    Raises:
        UnavailableError: pandas is not installed.
    """
    pandas = optional("pandas", "pandas")
    frame: pd.DataFrame = pandas.DataFrame(
        {
            each.name: pandas.Series(values, dtype=dtype)
            for each in columns
            for values, dtype in [_in_pandas(each)]
        }
    )
    return frame


def _in_pandas(found: Column) -> tuple[Sequence[Value], str]:
    """The values of a column in pandas, and their type there."""
    if found.type != DECIMAL:
        return found.values, _PANDAS[found.type]
    if not found.scale:
        whole = [None if v is None else int(v) for v in found.values]  # type: ignore[arg-type]
        if any(v is not None and v not in _INT64 for v in whole):
            return whole, "object"
    return [None if v is None else float(v) for v in found.values], _PANDAS[DECIMAL]  # type: ignore[arg-type]


def to_polars(columns: Sequence[Column]) -> pl.DataFrame:
    """The columns as a data frame of Polars.

    Raises:
        UnavailableError: Polars is not installed.
    """
    polars = optional("polars", "polars")
    types: dict[str, Any] = {
        INTEGER: polars.Int64, BOOLEAN: polars.Boolean, DOUBLE: polars.Float64,
        DATE: polars.Date, TIME: polars.Datetime("us"), ZONED_TIME: polars.Datetime("us", "UTC"),
        TEXT: polars.String,
    }  # fmt: skip
    frame: pl.DataFrame = polars.DataFrame(
        [
            polars.Series(
                each.name,
                each.values,
                dtype=types.get(each.type) or polars.Decimal(_MAX_DIGITS, each.scale),
            )
            for each in columns
        ]
    )
    return frame


def to_arrow(columns: Sequence[Column]) -> pa.Table:
    """The columns as a table of Arrow.

    Raises:
        UnavailableError: pyarrow is not installed.
    """
    arrow = optional("pyarrow", "arrow")
    types: dict[str, Any] = {
        INTEGER: arrow.int64(), BOOLEAN: arrow.bool_(), DOUBLE: arrow.float64(),
        DATE: arrow.date32(), TIME: arrow.timestamp("us"), ZONED_TIME: arrow.timestamp("us", "UTC"),
        TEXT: arrow.string(),
    }  # fmt: skip
    return arrow.table(
        {
            each.name: arrow.array(
                each.values, types.get(each.type) or arrow.decimal128(_MAX_DIGITS, each.scale)
            )
            for each in columns
        }
    )

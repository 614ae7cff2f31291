"""JSON files, read within limits; what is in them is checked where it is used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from competency_graph.errors import LengthError, UnreadableInputError
from competency_graph.importing.downloads import DAMAGE, File, damaged
from competency_graph.rdf.parsing import without_mark

MAX_BYTES: Final = 512 * 1024**2
"""The maximum size of a JSON file, which is read whole."""
Object = dict[str, Any]


def load(file: File) -> Any:  # noqa: ANN401  (any JSON)
    """Read a JSON file.

    Raises:
        UnreadableInputError: it cannot be read or is not JSON; with line and column.
        LengthError: it is larger than `MAX_BYTES`.
    """
    try:
        with file.open() as opened:
            content = opened.read(MAX_BYTES + 1)
    except DAMAGE as error:
        raise damaged(file.where, error) from None
    if len(content) > MAX_BYTES:
        raise LengthError(
            f"the file has more than {MAX_BYTES:,} bytes",
            "Divide it into several, and import them one by one",
            file.where,
        )
    text = without_mark(content, file.where).decode()
    del content
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise UnreadableInputError(
            f"this is not JSON: {error.msg}",
            "Fix the file there, then try again",
            file.where,
            error.lineno,
            error.colno,
        ) from None
    except (RecursionError, ValueError) as error:
        deep = isinstance(error, RecursionError)
        raise UnreadableInputError(
            "this JSON is nested too deeply" if deep else f"this is not JSON: {error}",
            "Check that it is the file you mean",
            file.where,
        ) from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")


def objects(value: object) -> list[Object]:
    """The objects in a value that should be an object or a list of objects; others are skipped."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else (
        [value] if isinstance(value, dict) else []
    )  # fmt: skip


def text(value: object) -> str:
    """A value that should be a text; "" if it is something else."""
    if isinstance(value, str):
        # Half of a character beyond U+FFFF, which JSON can contain and UTF-8 cannot.
        return value.strip().encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def texts(value: object) -> list[str]:
    """The texts in a value that should be a text or a list of texts."""
    return list(filter(None, map(text, value if isinstance(value, list) else [value])))


def within(value: object) -> Iterator[Object]:
    """All objects in a JSON value, outer ones before inner ones."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield each
            waiting += reversed(each.values())
        elif isinstance(each, list):
            waiting += reversed(each)

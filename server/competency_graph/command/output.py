"""What a command makes, in the file that it is wanted in."""

from __future__ import annotations

from pathlib import Path

from competency_graph.errors import UnavailableError
from competency_graph.writing import replace


def put(output: Path, content: bytes, what: str) -> None:
    """Put a result in a file, whole or not at all.

    Args:
        output: the file.
        content: the result.
        what: what it is, for the error.

    Raises:
        UnavailableError: it cannot be written.
    """
    try:
        replace(output, content)
    except OSError as error:
        raise UnavailableError(
            f"the {what} cannot be written ({error.strerror})", "Name another file", str(output)
        ) from None

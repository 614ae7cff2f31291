"""What is sent to the process that validates, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from competency_graph.errors import CompetencyError
from competency_graph.validation.findings import Report


@dataclass(frozen=True)
class Settings:
    """The settings of all validations.

    Args:
        base: the base that the files extend, one of `dictionary.base.BASES`.
        shapes: an organisation's own shapes.
        seconds: the time limit of the engine.
    """

    base: str = "auto"
    shapes: tuple[Path, ...] = ()
    seconds: float = 600.0


@dataclass(frozen=True)
class Texts:
    """The texts that changed since the last ones.

    Args:
        number: the number of this message, which `Checked` repeats.
        changed: the files with their contents, by name.
        removed: the names of files that are no more.
        queries: the queries to check, by name.
    """

    number: int
    changed: Mapping[str, bytes] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    queries: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """What was found in all texts so far.

    Args:
        number: the number of the last texts.
        report: the report on the files; None if there are none, or if it failed.
        failure: why there is no report, or "".
        queries: the error of each query that has one, by name.
    """

    number: int
    report: Report | None = None
    failure: str = ""
    queries: Mapping[str, CompetencyError] = field(default_factory=dict)


@dataclass(frozen=True)
class FixAll:
    """The wish to fix all findings of a file, and those that the fixes reveal.

    Args:
        number: the number of this message, which `FixedText` repeats.
        name: the file.
    """

    number: int
    name: str


@dataclass(frozen=True)
class FixedText:
    """A file with fixes applied.

    Args:
        number: the number of the message.
        content: its new content; None if newer texts arrived, or if validation failed.
    """

    number: int
    content: bytes | None

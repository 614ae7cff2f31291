"""The one tree of errors.

Every error says what is wrong, where, and what to do next. None knows of HTTP or of a terminal:
the web and the command line each render them in their own way.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(eq=False)
class CompetencyError(Exception):
    """Anything this package refuses or cannot do, told to a person.

    Args:
        what: one sentence without its full stop: what is wrong.
        remedy: one sentence without its full stop: what to do next.
        where: the place as a person names it (a file, a query), or "" where there is none.
        line: line in that place, counted from 1, if known.
        column: column in that line, counted from 1, if known.
    """

    what: str
    remedy: str
    where: str = ""
    line: int | None = None
    column: int | None = None

    @property
    def place(self) -> str:
        """The place in the form that compilers use: ``FILE:LINE:COLUMN``."""
        parts = [self.where, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(part for part in parts if part)

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        return f"{place}{self.what}. {self.remedy}."


@dataclass(eq=False)
class UnreadableInputError(CompetencyError):
    """A file is missing, a directory, not text in UTF-8, or not RDF.

    Args:
        end_line: line in which the stretch ends that is wrong, counted from 1, if known.
        end_column: the column after its last character, counted from 1, if known.
    """

    end_line: int | None = None
    end_column: int | None = None


class UnknownNameError(CompetencyError):
    """A name (of a saved query, a parameter, a format, an entry) that does not exist."""


class BadValueError(CompetencyError):
    """A value that does not have the type its parameter asks for."""


class QuerySyntaxError(CompetencyError):
    """A query that does not follow the SPARQL 1.1 grammar."""


class RefusedError(CompetencyError):
    """A request that is understood, and that this service does not carry out on principle."""


class EvaluationError(CompetencyError):
    """A valid query or validation that failed while it ran."""


class UnavailableError(CompetencyError):
    """Something of the machine (a port, a folder) that cannot be had."""


@dataclass(eq=False)
class LimitError(CompetencyError):
    """A request that costs more than this service spends on one.

    Args:
        limit: the name of the limit that it met, as in `fork_server.Limits`.
    """

    limit: str = ""


class LengthError(LimitError):
    """A request that is longer than what is taken in."""


@dataclass(eq=False)
class BusyError(LimitError):
    """A request that could be answered, but not now."""

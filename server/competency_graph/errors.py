"""The exception hierarchy.

Every error states what is wrong, where, and what to do next. Errors are independent of HTTP and
terminals: the web and command-line interfaces render them themselves.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(eq=False)
class CompetencyError(Exception):
    """Base class of the errors that this package reports to users.

    Args:
        what: what is wrong, as one sentence without full stop.
        remedy: what to do next, as one sentence without full stop.
        where: where it is, such as a file or a query; "" if not applicable.
        line: the line there, counted from 1, if known.
        column: the column in that line, counted from 1, if known.
    """

    what: str
    remedy: str
    where: str = ""
    line: int | None = None
    column: int | None = None

    @property
    def place(self) -> str:
        """The place in the style of compilers: ``FILE:LINE:COLUMN``."""
        parts = [self.where, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(part for part in parts if part)

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        return f"{place}{self.what}. {self.remedy}."


@dataclass(eq=False)
class UnreadableInputError(CompetencyError):
    """A file is missing, a directory, not UTF-8 text, or not RDF.

    Args:
        end_line: the line in which the faulty passage ends, counted from 1, if known.
        end_column: the column after its last character, counted from 1, if known.
    """

    end_line: int | None = None
    end_column: int | None = None


class UnknownNameError(CompetencyError):
    """A name (of a saved query, a parameter, a format, an entry) does not exist."""


class BadValueError(CompetencyError):
    """A value does not have the required type."""


class QuerySyntaxError(CompetencyError):
    """A query does not follow the SPARQL 1.1 grammar."""


class RefusedError(CompetencyError):
    """A request is valid, but this service does not carry it out on principle."""


class EvaluationError(CompetencyError):
    """A valid query or validation failed while running."""


class UnavailableError(CompetencyError):
    """A resource of the machine (a port, a folder) is not available."""


@dataclass(eq=False)
class LimitError(CompetencyError):
    """A request exceeds a limit of this service.

    Args:
        limit: the name of the limit, as in `request.Limits`.
    """

    limit: str = ""


class LengthError(LimitError):
    """A request is longer than the service accepts."""


@dataclass(eq=False)
class BusyError(LimitError):
    """A request cannot be answered now, but may be later.

    Args:
        shared: whether requests of other clients are the reason.
        retry_after: seconds after which it may be sent again.
    """

    shared: bool = False
    retry_after: int = 1

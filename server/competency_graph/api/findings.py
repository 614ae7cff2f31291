"""The result of a validation for Python: findings that display their source line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, overload

import pyoxigraph as ox

from competency_graph.api.display import Displayed, render
from competency_graph.api.table import Table
from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.reports.source_excerpts import excerpt
from competency_graph.reports.summary import summary
from competency_graph.validation import findings

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS: Final = (
    "code", "severity", "message", "remedy", "file", "line", "column", "entry", "label",
)  # fmt: skip
_NUMBERS: Final = dict.fromkeys(("line", "column"), PREFIXES["xsd"] + "integer")
_TERMS: Final = (ox.NamedNode, ox.BlankNode)
_MAX_SHOWN: Final = 50
"""The number of findings that are displayed."""


@dataclass(frozen=True, repr=False)
class Finding(Displayed, findings.Finding):
    """One thing that is missing or wrong.

    Attributes:
        rule: the rule that is broken, with its ``code``, ``name``, ``severity`` and ``title``.
        severity: ``violation``, ``warning`` or ``info``; an organisation's shapes set their own.
        message: what is wrong, as a sentence.
        remedy: what to do, as a sentence.
        place: its ``file``, ``line`` and ``column``, each counted from 1, and the ``text`` of the
            line; ``str`` writes it as compilers do.
        focus: the IRI of the entry concerned; "" if the finding is about a file.
        label: the entry's label, or "".
        path: the IRI of the property concerned, or "".
        value: the value concerned, in N-Triples, or "".
        patch: statements in Turtle that would fix it, or "".
        edits: changes of the files that would fix it; none if unknown.
    """

    @classmethod
    def of(cls, found: findings.Finding) -> Finding:
        """The finding, to be displayed."""
        return cls(**{each.name: getattr(found, each.name) for each in fields(found)})

    def __repr__(self) -> str:
        return f"<{self.place}: {self.severity} {self.rule.code} {self.message}>"

    def _repr_html_(self) -> str:
        return render("findings.html", findings=[self], excerpt=excerpt, more=0, summary="")


class Report(Displayed, Sequence[Finding]):
    """The findings of a validation, by file, line and column.

    Args:
        report: the result of the validator.
    """

    def __init__(self, report: findings.Report) -> None:
        self._report = report
        self._findings = tuple(map(Finding.of, report.findings))

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        return self._findings[index]

    def __len__(self) -> int:
        return len(self._findings)

    @property
    def summary(self) -> str:
        """The result in one sentence."""
        return summary(self._report)

    def to_table(self) -> Table:
        """The findings as rows.

        The columns are ``code``, ``severity``, ``message``, ``remedy``, ``file``, ``line``,
        ``column``, ``entry`` (an IRI) and ``label``; what is unknown is missing.
        """
        return Table(_COLUMNS, map(_row, self), _NUMBERS)

    def to_frame(self) -> pd.DataFrame:
        """The findings as a data frame of pandas, with the columns of `to_table`.

        Raises:
            UnavailableError: pandas is not installed.
        """
        return self.to_table().to_pandas()

    def __repr__(self) -> str:
        return f"<Report: {self.summary}>"

    def _repr_html_(self) -> str:
        return render(
            "findings.html", findings=self[:_MAX_SHOWN], excerpt=excerpt,
            more=max(len(self) - _MAX_SHOWN, 0), summary=self.summary,
        )  # fmt: skip


def _row(found: Finding) -> list[ox.NamedNode | ox.BlankNode | ox.Literal | None]:
    place = found.place
    values = (
        found.rule.code, found.severity, found.message, found.remedy, place.file, place.line,
        place.column, found.term, found.label,
    )  # fmt: skip
    return [
        None if not value else value if isinstance(value, _TERMS) else ox.Literal(value)
        for value in values
    ]

"""Validation requests for workers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Final

import pyoxigraph as ox

from competency_graph import reports
from competency_graph.dictionary.base import extends_published
from competency_graph.errors import LengthError, UnavailableError
from competency_graph.sandbox.request import Answer, Limits, Remedies
from competency_graph.validation import Published, Source, validate_sources
from competency_graph.validation.findings import PAGES

TEXT: Final = "your text"
"""The name that a report uses for a text without a file."""


@dataclass(frozen=True)
class ValidationRequest:
    """A text with everything that its report depends on.

    Args:
        content: the text, in bytes.
        form: the name of its format.
        report: the name of the report's format, or `reports.PART`.
        base: the base that it extends, one of `base.BASES`.
        pages: the start of the addresses of the rules' pages.
    """

    content: bytes
    form: str
    report: str
    base: str = "auto"
    pages: str = PAGES

    noun: ClassVar = "validation"
    remedies: ClassVar = Remedies(
        *("Validate less of it at a time, or run “competency validate” on your own computer",) * 2,
        "Fix the most frequent problem, or validate less of it at a time",
    )
    last: ClassVar = True
    needs_all: ClassVar = True

    def limited_by(self, limits: Limits) -> Limits:
        """The limits of all clients' requests."""
        return limits

    def check(self, limits: Limits) -> None:
        """Raise `LengthError` if it is too long to be processed."""
        if len(self.content) > limits.body:
            raise LengthError(
                f"the text has {len(self.content):,} bytes, and the limit is {limits.body:,}",
                self.remedies.seconds,
                limit="body",
            )

    def answer(self, store: ox.Store, published: Published | None) -> Answer:
        """Validate the text, see `validation.judge`.

        Raises:
            UnavailableError: the published files are not loaded here.
        """
        if published is None:
            raise UnavailableError("no text can be validated here", "Report this to the operators")
        source = Source(TEXT, self.content, form=self.form)
        extending = extends_published(self.base, [self.content])
        base = published.dictionary if extending else published.ontology
        # This process is sandboxed already, so the engine needs no process of its own.
        report = validate_sources([source], base, published.shapes, limits=None)
        report = replace(report, pages=self.pages)
        text = reports.write(report, self.report, shapes=published.shapes.triples)
        return Answer("report", self.report, lambda output: output.write(text.encode()))

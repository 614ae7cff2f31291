"""Findings: what is missing or wrong, where, and how to fix it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

SEVERITIES: Final = ("violation", "warning", "info")
"""The severities, most severe first: broken or incomplete, hampers users, worth a look. They are
those of SHACL (section 2.1.4)."""


PAGES: Final = "https://w3id.org/competency-graph/rules/"
"""The start of the addresses of the rules' pages; the code follows."""


@dataclass(frozen=True, order=True)
class Place:
    """A range in a file.

    Args:
        file: the file as the author named it, ``-`` for standard input, or "" if unknown.
        line: the first line, counted from 1; 0 if only the file is known.
        column: the column in that line, in characters, counted from 1; 0 if unknown.
        end_line: the last line; 0 if unknown.
        end_column: the column after the last character; 0 if unknown.
        text: the whole first line, for display.
        cell: for a spreadsheet, the cell, such as ``Role!C5``; then line and column are its own.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    text: str = field(default="", compare=False)
    cell: str = ""

    def __str__(self) -> str:
        """The place in the style of compilers: ``FILE:LINE:COLUMN``, or ``FILE:SHEET!CELL``."""
        if self.cell:
            return f"{self.file}:{self.cell}"
        parts = [self.file, *(str(number) for number in (self.line, self.column) if number)]
        return ":".join(filter(None, parts))


@dataclass(frozen=True)
class Edit:
    """A change of a file that fixes a finding.

    Args:
        file: the file as the author named it.
        start: the offset of the first character to remove, counted from 0.
        end: the offset after the last character to remove; equals `start` if none is removed.
        text: the text to insert.
    """

    file: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Rule:
    """A rule for dictionaries.

    Args:
        code: its code, such as ``CG201``, which is never reused.
        name: its name, such as ``role-definition``.
        severity: one of `SEVERITIES`.
        title: what it requires, as a sentence without full stop.
    """

    code: str
    name: str
    severity: str
    title: str

    @property
    def iri(self) -> str:
        """Its IRI, which does not depend on where its page is."""
        return PAGES + self.code


@dataclass(frozen=True)
class Finding:
    """One thing that is missing or wrong.

    Args:
        rule: the rule that is broken.
        severity: one of `SEVERITIES`; an organisation's shapes set their own.
        message: what is wrong, understandable without knowledge of RDF.
        remedy: what to do, in one sentence; like the message, it ends in a full stop.
        place: the place of the statement concerned, or of the entry that lacks one.
        focus: the entry concerned, as IRI or blank node; "" if the finding is about a file.
        label: the entry's label, or "".
        path: the IRI of the property concerned, or "" if it is not a single one.
        value: the value concerned, in N-Triples, or "".
        shape: the SHACL shape that found it, an IRI or a blank node, or "".
        component: the IRI of the SHACL constraint component that found it, or "".
        constraint: the SPARQL-based constraint that found it, or "".
        result_message: the original message of the shape, before rewording, or "".
        also: the IRIs of other constraint components with the same finding (a key in JSON).
        meant: the IRI that was probably meant instead of a wrong one, or "".
        patch: statements in Turtle that would fix it, or lines for the corrections of an imported
            document, or "" if unknown.
        edits: changes of the author's files that would fix it; none if unknown.
    """

    rule: Rule
    severity: str
    message: str
    remedy: str
    place: Place = Place()
    focus: str = ""
    label: str = ""
    path: str = ""
    value: str = ""
    shape: str = ""
    component: str = ""
    constraint: str = ""
    result_message: str = ""
    also: tuple[str, ...] = ()
    meant: str = ""
    patch: str = ""
    edits: tuple[Edit, ...] = ()

    @property
    def term(self) -> ox.NamedNode | ox.BlankNode | None:
        """The entry concerned, as a term."""
        if not self.focus:
            return None
        if self.focus.startswith("_:"):
            return ox.BlankNode(self.focus[2:])
        return ox.NamedNode(self.focus)


@dataclass(frozen=True)
class Origin:
    """What makes a report, in the words that the report uses of itself.

    Args:
        command: the command that makes it.
        title: the heading of the report.
        passed: what is true if there are no findings, as part of a sentence.
        test: what a file without findings does, as the name of a test.
    """

    command: str
    title: str
    passed: str
    test: str


VALIDATION: Final = Origin(
    "competency validate", "Validation report", "nothing is missing or wrong", "validates"
)


@dataclass(frozen=True)
class Report:
    """The result of a validation, or of another check of files by rules.

    Args:
        findings: the findings, sorted by file, line and column.
        files: the validated files, as the author named them.
        statements: the number of statements in them.
        partial: why the validation was cut short; "" if it is complete.
        rules: all applied rules, by code.
        pages: the start of the addresses of the rules' pages, for readers of the report.
        entries: the number of entries that the files describe.
        focus: the number of focus nodes of each of an organisation's shapes, by IRI or blank node.
        left_out: files of the given folders that were not validated, with reasons.
        held_back: further findings, which follow from the others.
        origin: what made the report.
    """

    findings: tuple[Finding, ...]
    files: tuple[str, ...] = ()
    statements: int = 0
    partial: str = ""
    rules: Mapping[str, Rule] = field(default_factory=dict)
    pages: str = PAGES
    entries: int = 0
    focus: Mapping[str, int] = field(default_factory=dict)
    left_out: tuple[tuple[str, str], ...] = ()
    held_back: tuple[Finding, ...] = ()
    origin: Origin = VALIDATION

    def page(self, rule: Rule) -> str:
        """The address of a rule's page."""
        return self.pages + rule.code

    def failing(self, level: str = "warning") -> int:
        """The number of findings at least as severe as ``level``, one of `SEVERITIES`."""
        grave = SEVERITIES[: SEVERITIES.index(level) + 1]
        return sum(finding.severity in grave for finding in self.findings)

"""What validation finds: one thing that is missing or wrong, where it stands, and its remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

SEVERITIES: Final = ("violation", "warning", "info")
"""How grave a finding is, gravest first: broken or incomplete, will hamper users, worth a look.
They are SHACL's (section 2.1.4)."""


PAGES: Final = "https://w3id.org/competency-graph/rules/"
"""What the addresses of the rules' pages begin with; their codes follow."""


@dataclass(frozen=True, order=True)
class Place:
    """A stretch of a file.

    Args:
        file: the file as the author named it, ``-`` for standard input, or "" where nothing tells.
        line: where it begins, counted from 1; 0 where only the file is known.
        column: the character of that line, counted from 1; 0 where it is not known.
        end_line: the line of its end; 0 where it is not known.
        end_column: the column after its last character; 0 where it is not known.
        text: the whole first line, to be shown.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        """In the form that compilers use: ``FILE:LINE:COLUMN``."""
        parts = [self.file, *(str(number) for number in (self.line, self.column) if number)]
        return ":".join(filter(None, parts))


@dataclass(frozen=True)
class Edit:
    """A change of a file that mends a finding.

    Args:
        file: the file as the author named it.
        start: offset of its first character that goes, counted from 0.
        end: offset after the last character that goes; `start` where nothing does.
        text: what comes in its place.
    """

    file: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Rule:
    """What a dictionary must keep.

    Args:
        code: its code, as ``CG201``; given once and never to another rule.
        name: its name, as ``role-definition``.
        severity: one of `SEVERITIES`.
        title: what it asks for, as a sentence without its full stop.
    """

    code: str
    name: str
    severity: str
    title: str

    @property
    def iri(self) -> str:
        """The IRI that it has, wherever its page is."""
        return PAGES + self.code


@dataclass(frozen=True)
class Finding:
    """One thing that is missing or wrong.

    Args:
        rule: the rule that it breaks.
        severity: one of `SEVERITIES`; an organisation's shapes set their own.
        message: what is wrong, in sentences that a person without RDF understands.
        remedy: what to do, in one sentence; both end in a full stop.
        place: where the statement concerned stands, or the entry that misses one.
        focus: the entry concerned, as IRI or blank node; "" where the finding is about a file.
        label: the entry's label, or "".
        path: the property concerned as IRI, or "" where it is not a single one.
        value: the value concerned, in N-Triples, or "".
        shape: the SHACL shape that found it, an IRI or a blank node, or "".
        component: the IRI of the SHACL constraint component that found it, or "".
        constraint: the SPARQL-based constraint that found it, or "".
        result_message: what the shape itself says, before it is put in words for a person, or "".
        also: the IRIs of other constraint components of the shape that found the same.
        meant: the IRI that a wrong one was to be, where that can be told, or "".
        patch: statements in Turtle that would mend it, or "" where they cannot be worked out.
        edits: changes of the author's files that would mend it; none where they cannot be worked
            out.
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
        """The entry concerned as a term."""
        if not self.focus:
            return None
        if self.focus.startswith("_:"):
            return ox.BlankNode(self.focus[2:])
        return ox.NamedNode(self.focus)


@dataclass(frozen=True)
class Report:
    """All that a validation found.

    Args:
        findings: by file, line and column.
        files: the files that were validated, as the author named them.
        statements: how many statements they hold.
        partial: why the validation ended before it was done; "" where it was done.
        rules: every rule that was applied, by its code.
        pages: what the addresses of the rules' pages begin with for those who read the report.
        entries: how many entries of competency dictionaries the files speak of.
        focus: how many focus nodes each of an organisation's shapes judged, by its IRI or blank
            node.
        left_out: files of the folders named that were not validated, each with the reason.
        held_back: what else was found, and follows from the findings.
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

    def page(self, rule: Rule) -> str:
        """The address of a rule's page."""
        return self.pages + rule.code

    def failing(self, level: str = "warning") -> int:
        """How many findings are as grave as ``level``, one of `SEVERITIES`, or graver."""
        grave = SEVERITIES[: SEVERITIES.index(level) + 1]
        return sum(finding.severity in grave for finding in self.findings)

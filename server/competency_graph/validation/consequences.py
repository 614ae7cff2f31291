"""Findings that follow from others, and are held back until those are mended.

A name that is wrong makes more than its own statement wrong: what has a class that there is not is
nothing that a link may lead to, and what was to be said by a property that there is not is missing.
A code that is another's is told by its form alone, where that shows which of the two is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import pyoxigraph as ox

from competency_graph.validation.checks.author_statements import TYPE, AuthorStatements
from competency_graph.validation.checks.check_result import (
    NEAR_DICTIONARY,
    NOTHING_JUDGED,
    PREFIX,
    REDEFINED,
    UNDEFINED,
    UNKNOWN_TERM,
    UNTYPED,
)
from competency_graph.validation.code_messages import CODE, UNIQUE
from competency_graph.validation.findings import Finding
from competency_graph.validation.shapes.shapes_graph import Shapes

_NAMING: Final = frozenset(rule.code for rule in (UNKNOWN_TERM, UNTYPED, UNDEFINED))
"""Rules on names, whose findings follow from no other."""
_BY_CLASS: Final = frozenset(
    f"http://www.w3.org/ns/shacl#{name}ConstraintComponent"
    for name in ("Class", "And", "Or", "Xone", "Not", "Node", "QualifiedMinCount", "SPARQL")
)
"""What may judge an entry by its class."""
_CLASS: Final = "http://www.w3.org/ns/shacl#ClassConstraintComponent"
_PATTERN: Final = "http://www.w3.org/ns/shacl#PatternConstraintComponent"
_LACKING: Final = frozenset(
    f"http://www.w3.org/ns/shacl#{name}ConstraintComponent"
    for name in ("MinCount", "QualifiedMinCount", "HasValue")
)
"""What finds that something is missing."""
_OF_THE_ENTRY: Final = {
    "CG014": ("CG103", "CG107", "CG111", "CG114"),  # another label is a second one
    "CG103": (
        "CG2",
        *(f"CG{number}" for number in range(402, 411)),
    ),  # of one class is asked what the other lacks
    "CG404": ("CG411",),  # key actions' codes begin with their owner's
    "CG406": ("CG411",),
}
"""Rules, and how the codes begin of those that the same entry therefore breaks as well."""
Statements = Callable[[], Iterable[ox.Quad]]


def held_back(
    findings: Sequence[Finding], draft: AuthorStatements, shapes: Shapes, statements: Statements
) -> list[Finding]:
    """Those of the findings that follow from others among them, which are violations all.

    Args:
        findings: what was found.
        draft: what the author's files say.
        shapes: the shapes by which it was found.
        statements: gives the statements of the author's files; asked where a name is wrong alone.
    """
    following = _Consequences([f for f in findings if f.severity == "violation"], draft, shapes)
    if following.of_names:
        following.read(statements())
    return [finding for finding in findings if following.follows(finding)]


class _Consequences:
    """What follows from some findings.

    Args:
        causes: the findings.
        draft: what the author's files say.
        shapes: the shapes.
    """

    def __init__(self, causes: Sequence[Finding], draft: AuthorStatements, shapes: Shapes) -> None:
        self._shapes = shapes
        self._meant = {_wrong(f): f.meant for f in causes if f.meant}
        classes = {_wrong(f) for f in causes if f.rule == UNKNOWN_TERM and f.path == TYPE}
        self._unclear = {f.focus for f in causes if f.rule == UNTYPED}
        """Entries of which it is not known what they are."""
        if classes:
            self._unclear |= {
                entry for entry in draft.own
                if not classes.isdisjoint(draft.types.get(entry, ())) and not draft.classed(entry)
            }  # fmt: skip
        self._dangling = {shapes.about(f.shape) for f in causes if f.component == _CLASS} - {""}
        """Properties of links that lead to nothing, and perhaps were meant for what lacks one."""
        self._misnamed = {_wrong(f) for f in causes if f.rule == NEAR_DICTIONARY}
        self._ill_formed = {f.value for f in causes if f.path == CODE and f.component == _PATTERN}
        """Codes that are not of the form that their entries' class asks for."""
        self._ill_coded: set[str] = set()
        """Entries that have such a code, also those of which it would be right."""
        self._open: set[tuple[str, str]] = set()
        """Entries and properties that they would have, were no name wrong."""
        self._broken: dict[str, tuple[str, ...]] = {}
        for finding in causes:
            codes = _OF_THE_ENTRY.get(finding.rule.code, ())
            self._broken[finding.focus] = (*self._broken.get(finding.focus, ()), *codes)
        self._others = any(finding.rule != NOTHING_JUDGED for finding in causes)
        self._first: dict[tuple[str, str], Finding] = {}
        for finding in causes:
            if finding.rule == PREFIX:
                self._first.setdefault((finding.place.file, finding.message), finding)

    @property
    def of_names(self) -> bool:
        """Whether statements tell more of it."""
        return bool(self._meant or self._unclear or self._ill_formed)

    def read(self, statements: Iterable[ox.Quad]) -> None:
        """Learn what statements say by wrong names, and of what is unclear."""
        for quad in statements:
            subject, predicate, value = map(_plain, (quad.subject, quad.predicate, quad.object))
            if predicate == CODE and value in self._ill_formed:
                self._ill_coded.add(subject)
            said = self._meant.get(predicate, predicate), self._meant.get(value, value)
            if said != (predicate, value) or not self._unclear.isdisjoint((subject, value)):
                self._open |= {(subject, said[0]), (said[1], said[0])}

    def follows(self, finding: Finding) -> bool:
        """Whether a finding does."""
        if finding.rule == PREFIX:
            return self._first[finding.place.file, finding.message] is not finding
        value = finding.value.strip("<>")
        if finding.rule != NEAR_DICTIONARY and value in self._misnamed:
            return True
        if finding.meant or finding.rule.code in _NAMING:
            return False
        if finding.rule == NOTHING_JUDGED:
            return self._others
        if finding.shape == UNIQUE:
            return finding.focus in self._ill_coded
        if finding.rule.code.startswith(self._broken.get(finding.focus, ())):
            return True
        if finding.component in _BY_CLASS and finding.rule != REDEFINED:
            names = self._unclear | self._meant.keys()
            return finding.focus in names or value in names
        return finding.component in _LACKING and (
            any((finding.focus, name) in self._open for name in self._shapes.leading(finding.shape))
            or not self._dangling.isdisjoint(self._shapes.leading_back(finding.shape))
        )


def _wrong(finding: Finding) -> str:
    """The name that is wrong: of a property, of a class, or of an entry."""
    if finding.rule == UNTYPED:
        return finding.focus
    if finding.rule == UNKNOWN_TERM and finding.path != TYPE:
        return finding.path
    return finding.value.strip("<>")


def _plain(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)

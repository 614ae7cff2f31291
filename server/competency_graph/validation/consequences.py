"""Determines findings that follow from others and are held back until those are fixed.

A wrong name makes more than its own statement wrong: an entry of an unknown class is not a
valid target of links, and what an unknown property should state is missing. A duplicate code is
reported only by its form if that shows which of the two entries is wrong.
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

_NAME_RULES: Final = frozenset(rule.code for rule in (UNKNOWN_TERM, UNTYPED, UNDEFINED))
"""Rules about names, whose findings follow from no other."""
_CLASS_DEPENDENT: Final = frozenset(
    f"http://www.w3.org/ns/shacl#{name}ConstraintComponent"
    for name in ("Class", "And", "Or", "Xone", "Not", "Node", "QualifiedMinCount", "SPARQL")
)
"""Constraint components that may depend on an entry's class."""
_CLASS: Final = "http://www.w3.org/ns/shacl#ClassConstraintComponent"
_PATTERN: Final = "http://www.w3.org/ns/shacl#PatternConstraintComponent"
_MISSING_VALUE_COMPONENTS: Final = frozenset(
    f"http://www.w3.org/ns/shacl#{name}ConstraintComponent"
    for name in ("MinCount", "QualifiedMinCount", "HasValue")
)
"""Constraint components that report missing values."""
_CONSEQUENT_RULES: Final = {
    "CG014": ("CG103", "CG107", "CG111", "CG114"),  # a changed label is a second one
    "CG103": (
        "CG2",
        *(f"CG{number}" for number in range(402, 411)),
    ),  # a second class requires what the first forbids
    "CG404": ("CG411",),  # codes of key actions begin with their owner's
    "CG406": ("CG411",),
}
"""Rules, and the prefixes of the codes of rules that the same entry then breaks as well."""
Statements = Callable[[], Iterable[ox.Quad]]


def held_back(
    findings: Sequence[Finding], draft: AuthorStatements, shapes: Shapes, statements: Statements
) -> list[Finding]:
    """Select the findings that follow from violations among them.

    Args:
        findings: all findings.
        draft: the author's statements.
        shapes: the shapes used.
        statements: returns the statements of the author's files; called only if a name is wrong.
    """
    following = _Consequences([f for f in findings if f.severity == "violation"], draft, shapes)
    if following.of_names:
        following.read(statements())
    return [finding for finding in findings if following.follows(finding)]


class _Consequences:
    """The consequences of some findings.

    Args:
        causes: the findings.
        draft: the author's statements.
        shapes: the shapes.
    """

    def __init__(self, causes: Sequence[Finding], draft: AuthorStatements, shapes: Shapes) -> None:
        self._shapes = shapes
        self._intended = {_wrong_name(f): f.meant for f in causes if f.meant}
        classes = {_wrong_name(f) for f in causes if f.rule == UNKNOWN_TERM and f.path == TYPE}
        self._unclassified = {f.focus for f in causes if f.rule == UNTYPED}
        """Entries whose class is not known."""
        if classes:
            self._unclassified |= {
                entry for entry in draft.own
                if not classes.isdisjoint(draft.types.get(entry, ())) and not draft.has_class(entry)
            }  # fmt: skip
        self._dangling_properties = {
            shapes.target_property(f.shape) for f in causes if f.component == _CLASS
        } - {""}
        """Properties of links to nothing, perhaps intended for an entry that lacks one."""
        self._misnamed = {_wrong_name(f) for f in causes if f.rule == NEAR_DICTIONARY}
        self._ill_formed = {f.value for f in causes if f.path == CODE and f.component == _PATTERN}
        """Codes that do not have the form required by their entries' class."""
        self._ill_coded: set[str] = set()
        """Entries with such a code, including those for which it would be right."""
        self._would_have: set[tuple[str, str]] = set()
        """Entries and the properties that they would have if all names were right."""
        self._consequent_codes: dict[str, tuple[str, ...]] = {}
        for finding in causes:
            codes = _CONSEQUENT_RULES.get(finding.rule.code, ())
            self._consequent_codes[finding.focus] = (
                *self._consequent_codes.get(finding.focus, ()),
                *codes,
            )
        self._has_other_causes = any(finding.rule != NOTHING_JUDGED for finding in causes)
        self._first_prefix_findings: dict[tuple[str, str], Finding] = {}
        for finding in causes:
            if finding.rule == PREFIX:
                self._first_prefix_findings.setdefault(
                    (finding.place.file, finding.message), finding
                )

    @property
    def of_names(self) -> bool:
        """Whether the statements are needed to determine the consequences."""
        return bool(self._intended or self._unclassified or self._ill_formed)

    def read(self, statements: Iterable[ox.Quad]) -> None:
        """Collect what statements with wrong names would have stated."""
        for quad in statements:
            subject, predicate, value = map(_term_text, (quad.subject, quad.predicate, quad.object))
            if predicate == CODE and value in self._ill_formed:
                self._ill_coded.add(subject)
            said = self._intended.get(predicate, predicate), self._intended.get(value, value)
            if said != (predicate, value) or not self._unclassified.isdisjoint((subject, value)):
                self._would_have |= {(subject, said[0]), (said[1], said[0])}

    def follows(self, finding: Finding) -> bool:
        """Whether a finding follows from the causes."""
        if finding.rule == PREFIX:
            return self._first_prefix_findings[finding.place.file, finding.message] is not finding
        value = finding.value.strip("<>")
        if finding.rule != NEAR_DICTIONARY and value in self._misnamed:
            return True
        if finding.meant or finding.rule.code in _NAME_RULES:
            return False
        if finding.rule == NOTHING_JUDGED:
            return self._has_other_causes
        if finding.shape == UNIQUE:
            return finding.focus in self._ill_coded
        if finding.rule.code.startswith(self._consequent_codes.get(finding.focus, ())):
            return True
        if finding.component in _CLASS_DEPENDENT and finding.rule != REDEFINED:
            names = self._unclassified | self._intended.keys()
            return finding.focus in names or value in names
        return finding.component in _MISSING_VALUE_COMPONENTS and (
            any(
                (finding.focus, name) in self._would_have
                for name in self._shapes.path_properties(finding.shape)
            )
            or not self._dangling_properties.isdisjoint(
                self._shapes.inverse_path_properties(finding.shape)
            )
        )


def _wrong_name(finding: Finding) -> str:
    """The wrong name: of a property, a class or an entry."""
    if finding.rule == UNTYPED:
        return finding.focus
    if finding.rule == UNKNOWN_TERM and finding.path != TYPE:
        return finding.path
    return finding.value.strip("<>")


def _term_text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)

"""Changes that break the data of others, as findings with their places."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox
from rdflib.namespace import RDF

from competency_graph.rdf.vocabulary import KINDS
from competency_graph.validation.findings import Finding, Place, Report
from competency_graph.validation.sources.allow_comments import without_allowed
from competency_graph.validation.sources.positions import Places
from competency_graph.versions.checks import CHECKS, RULES, Breaking
from competency_graph.versions.model import Changes
from competency_graph.versions.sources import Version

_CODES: Final = {rule.code: rule for rule in RULES}
_TYPE: Final = ox.NamedNode(RDF.type)
_CLASSES: Final = frozenset(map(ox.NamedNode, KINDS.values()))


def breaking_changes(changes: Changes) -> Report:
    """The changes that break others' data, as findings in the files of the new version.

    What the new version no longer mentions is located in the files of the old one. Comments in the
    new version allow findings, as `allow_comments` describes.
    """
    found = [each for check in CHECKS for each in check(changes)]
    terms = {f"<{each.focus}>" for each in found}
    new, old = (Places(version.sources, terms) for version in (changes.new, changes.old))
    findings = [
        Finding(
            each.rule,
            each.rule.severity,
            each.message,
            each.remedy,
            _place(each, new, old),
            each.focus,
            changes.descriptions.entry(each.focus).label,
            each.path,
            each.value,
            patch=each.patch,
        )
        for each in found
    ]
    allowed = without_allowed(findings, changes.new.sources, _CODES, complete=False)
    return Report(
        tuple(sorted((f for f in allowed if f.rule.code in _CODES), key=_order)),
        tuple(changes.new.files),
        len(changes.new.statements),
        rules=_CODES,
        entries=_entries(changes.new),
        left_out=changes.new.skipped,
    )


def _place(each: Breaking, new: Places, old: Places) -> Place:
    focus = f"<{each.focus}>"
    for places, value in ((new, each.value), (old, "")):
        if each.path and (written := places.statement(focus, each.path, value)):
            return written.value_place
        if written := places.entry(focus):
            return written.subject_place
    return Place()


def _entries(version: Version) -> int:
    """The number of entries that a version describes."""
    return len(
        {
            quad.subject
            for quad in version.statements
            if quad.predicate == _TYPE and quad.object in _CLASSES
        }
    )


def _order(finding: Finding) -> tuple[object, ...]:
    place = finding.place
    return place.file, place.line, place.column, finding.rule.code, finding.focus, finding.value

"""Changes that break others' data, as findings with their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import RDF

from competency_graph.rdf.short_names import abbreviated, namespaces_of
from competency_graph.rdf.vocabulary import KINDS
from competency_graph.validation.findings import Finding, Origin, Place, Report
from competency_graph.validation.sources.allow_comments import without_allowed
from competency_graph.validation.sources.positions import Places
from competency_graph.versions.checks import CHECKS
from competency_graph.versions.checks.rules import GONE, RULES, Breaking
from competency_graph.versions.model import Changes
from competency_graph.versions.sources import Version

_CODES: Final = {rule.code: rule for rule in RULES}
_TYPE: Final = ox.NamedNode(RDF.type)
_CLASSES: Final = frozenset(map(ox.NamedNode, KINDS.values()))
_ORIGIN: Final = Origin(
    "competency diff --check",
    "Breaking changes",
    "no change breaks the data of others",
    "breaks nothing",
)


def breaking_changes(changes: Changes) -> Report:
    """The changes that break others' data, as findings in the files of the new version.

    What is gone is located in the files of the old one. Comments in the new version allow findings,
    as `allow_comments` describes.
    """
    found = [each for check in CHECKS for each in check(changes)]
    places = _places(found, changes)
    spaces = {
        source.name: namespaces_of(source.prefixes)
        for version in (changes.old, changes.new)
        for source in version.sources
    }
    findings = [
        Finding(
            each.rule,
            each.rule.severity,
            each.message,
            each.remedy,
            places[each],
            each.focus,
            changes.descriptions.entry(each.focus).label,
            each.path,
            each.value,
            patch=each.patch,
        )
        for each in found
    ]
    abbreviated_ = (_abbreviated(finding, spaces) for finding in findings)
    allowed = without_allowed(abbreviated_, changes.new.sources, _CODES, complete=False)
    return Report(
        tuple(sorted((f for f in allowed if f.rule.code in _CODES), key=_order)),
        tuple(changes.new.files),
        len(changes.new.statements),
        rules=_CODES,
        entries=_entries(changes.new),
        left_out=(*changes.old.skipped, *changes.new.skipped),
        origin=_ORIGIN,
    )


def _places(found: Sequence[Breaking], changes: Changes) -> dict[Breaking, Place]:
    """The places of new values, else of entries; in the old version if the new one has none."""
    places = {each: Place() for each in found}
    for version in (changes.new, changes.old):
        missing = [each for each, place in places.items() if not place.file]
        if version is changes.new:
            missing = [each for each in missing if each.rule != GONE]
        known = Places(version.sources, {f"<{each.focus}>" for each in missing})
        for each in missing:
            value = each.value if version is changes.new else ""
            places[each] = known.place(f"<{each.focus}>", each.path, "", value)[0]
    return places


def _abbreviated(finding: Finding, spaces: Mapping[str, Mapping[str, str]]) -> Finding:
    """The finding with the prefixes of its file."""
    own = spaces.get(finding.place.file, {})
    message, remedy = (abbreviated(text, own) for text in (finding.message, finding.remedy))
    return replace(finding, message=message, remedy=remedy)


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

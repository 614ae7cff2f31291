"""What a dictionary requires and a document does not say, with the line of the entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from competency_graph.importing.document.content import Content, EntryItem, Item
from competency_graph.importing.document.findings import ABOUT, MISSING_PART, Findings


class _Missing(NamedTuple):
    item: Item
    kind: str
    what: str
    code: str
    severity: str = "violation"


def report_missing(content: Content, findings: Findings) -> None:
    """Report the missing parts that rules for dictionaries require, with their codes."""
    for item, kind, what, code, severity in _missing(content):
        name = f" “{item.label}”" if item.label else ""
        definition = what in ("definition", "description")
        findings.add(
            MISSING_PART,
            item.number,
            f"The {kind}{name} has no {what}, which {code} requires.",
            "Add it to the document, or under “definitions” to the corrections."
            if definition
            else "Add it to the document.",
            severity=severity,
            patch=f'definitions:\n  "{item.label}": "…"' if definition else "",
        )
    for key, code, severity in (
        ("title", "CG201", ""), ("description", "CG202", ""), ("licence", "CG203", ""),
        ("creator", "CG204", "warning"),
    ):  # fmt: skip
        if not content.about.get(key):
            findings.add(
                ABOUT,
                0,
                f"The dictionary has no {key}, which {code} requires.",
                f"Say it with --{key if key != 'licence' else 'license'}, or under “dictionary” "
                "in the corrections.",
                severity=severity,
                patch=f'dictionary:\n  {key}: "…"',
            )


def _missing(content: Content) -> Iterator[_Missing]:
    for role in content.roles:
        if not role.definition:
            yield _Missing(role, "role", "definition", "CG209")
        if not role.titles:
            yield _Missing(role, "role", "example job title", "CG210")
        if not role.areas:
            yield _Missing(role, "role", "area of expertise in the table", "CG211")
    for cluster in content.clusters:
        if not cluster.label:
            for entry in cluster.competencies:
                yield _Missing(entry, "competency", "cluster", "CG225")
        elif not cluster.definition:
            yield _Missing(cluster, "cluster", "definition", "CG221")
        if not cluster.competencies:
            yield _Missing(cluster, "cluster", "competency", "CG222")
        for entry in cluster.competencies:
            if not entry.definition:
                yield _Missing(entry, "competency", "definition", "CG223")
            if not entry.actions:
                yield _Missing(entry, "competency", "key action", "CG224")
            yield from _missing_descriptions(entry)
    covered = {area for role in content.roles for area in role.areas}
    for position, area in enumerate(content.areas):
        parts = (
            (area.definition, "definition", "CG213"), (area.knowledge, "knowledge", "CG214"),
            (area.abilities, "ability", "CG215"), (area.actions, "key action", "CG216"),
            (area.outputs, "output", "CG217"),
        )  # fmt: skip
        for part, what, code in parts:
            if not part:
                yield _Missing(area, "area of expertise", what, code)
        yield from _missing_descriptions(area)
        if position not in covered:
            yield _Missing(area, "area of expertise", "role in the table", "CG219", "warning")
    if not content.areas:
        yield _Missing(Item("", 0), "dictionary", "area of expertise", "CG207")
    if not any(cluster.competencies for cluster in content.clusters):
        yield _Missing(Item("", 0), "dictionary", "competency", "CG208", "warning")


def _missing_descriptions(entry: EntryItem) -> Iterator[_Missing]:
    for action in entry.actions:
        if not action.definition:
            yield _Missing(action, "key action", "description", "CG227")

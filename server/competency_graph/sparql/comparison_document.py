"""Comparisons as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from competency_graph.sparql.comparison import Comparison, Entry, Step, Way

Json = dict[str, Any]


def document(
    compared: Comparison, summary: str = "", way_sentence: Callable[[Way], str] | None = None
) -> Json:
    """A comparison for programs.

    Args:
        compared: the comparison.
        summary: the comparison in words; "" leaves them out.
        way_sentence: says in words what is to be learned on a way; None leaves them out.
    """
    return {
        "kind": compared.entries[0].kind,
        "entries": [_entry_json(entry) for entry in compared.entries],
        **({"summary": summary} if summary else {}),
        "sections": [
            {
                "kind": section.kind,
                "shared": len(section.shared),
                "only": [len(section.only(n)) for n in range(len(compared.entries))],
                "parts": [
                    {**_entry_json(row.part), "in": list(row.presence)} for row in section.rows
                ],
            }
            for section in compared.sections
        ],
        "ways": [
            _way_json(way, way_sentence(way) if way_sentence else "") for way in compared.ways
        ],
    }


def _way_json(way: Way, summary: str) -> Json:
    return {
        "from": way.start.iri,
        "to": way.goal.iri,
        **({"summary": summary} if summary else {}),
        "steps": [_step_json(step) for step in way.steps],
    }


def _step_json(step: Step) -> Json:
    return {
        "area": _entry_json(step.area) if step.area else None,
        "newArea": step.new_area,
        "learn": {
            kind: [_entry_json(part) for part in parts] for kind, parts in step.lessons.items()
        },
    }


def _entry_json(entry: Entry) -> dict[str, str]:
    return {"iri": entry.iri, "label": entry.label, "code": entry.code}

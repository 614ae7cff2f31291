"""What became of each row, as text and as JSON."""

from __future__ import annotations

import json
from typing import Final

from competency_graph.linking.migration.fates import DECISIONS, FATES
from competency_graph.linking.migration.rows import Migration, Row

FORMATS: Final = ("text", "json")
_SILENT: Final = frozenset(("unchanged", "no match", "foreign"))
"""The fates of rows that are counted and not listed."""


def written(migration: Migration, form: str, name: str) -> str:
    """The report in one of `FORMATS`.

    Args:
        migration: what became of each row.
        form: the format.
        name: the name of the table.
    """
    return _json(migration, name) if form == "json" else _text(migration, name)


def _text(migration: Migration, name: str) -> str:
    counts, (old, new) = migration.counts, migration.versions
    lines = [f"{len(migration.rows):,} rows from version {old} to {new}:"]
    for fate, words in FATES.items():
        if counts[fate]:
            mark = ", to be decided" if fate in DECISIONS else ""
            lines.append(f"{counts[fate]:>6,}  {words}{mark}")
    lines += [
        f"{name}:{row.before.line}: {_line(row)}"
        for row in migration.rows
        if row.fate.name not in _SILENT
    ]
    if migration.unlinked:
        lines.append(f"Without a link now: {', '.join(migration.unlinked)}.")
    if migration.stale:
        lines.append(
            f"The head still mentions version {old}: correct {', '.join(migration.stale)} by hand."
        )
    lines += [f"Not understood: {each}" for each in migration.unresolved]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    before = row.before
    denied = "not " if before.negated else ""
    what = (
        f"“{before.subject_label or before.subject_id}” {denied}{before.predicate_id} "
        f"“{before.object_label or before.object_id}”: {row.fate.name}"
    )
    if row.fate.to and row.fate.name != "joined":
        what += " → " + ", ".join(f"“{each.label}”" for each in row.fate.to)
    if row.after is not None and row.after.confidence != before.confidence:
        what += f", confidence {before.confidence} → {row.after.confidence}"
    return what + (f" ({row.fate.reason})" if row.fate.reason else "")


def _json(migration: Migration, name: str) -> str:
    content = {
        "file": name,
        "from": migration.versions[0],
        "to": migration.versions[1],
        "counts": {fate: migration.counts[fate] for fate in FATES if migration.counts[fate]},
        "to_be_decided": len(migration.undecided),
        "rows": [
            {
                "line": row.before.line,
                "subject_id": row.before.subject_id,
                "predicate_id": row.before.predicate_id,
                "object_id": row.before.object_id,
                "object_label": row.before.object_label,
                "fate": row.fate.name,
                "reason": row.fate.reason,
                "to": [{"iri": each.iri, "label": each.label} for each in row.fate.to],
                "to_be_decided": row.undecided,
            }
            for row in migration.rows
            if row.fate.name not in _SILENT
        ],
        "without_link": migration.unlinked,
        "head_mentions_older_version": migration.stale,
        "not_understood": migration.unresolved,
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

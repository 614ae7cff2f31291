"""Changes as JSON, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

import pyoxigraph as ox

from competency_graph.rdf.short_names import Term
from competency_graph.versions.model import Change, Changes

VERSION: Final = 1
"""The version of this format, incremented when a field is removed or changes its meaning."""


def write_json(changes: Changes) -> str:
    """Write the changes as an object.

    Its fields are ``version`` (of this format), ``old`` and ``new`` (the names of the versions),
    ``counts`` (the number of changes by kind), ``statements`` (how many were ``removed`` and
    ``added``) and ``changes``: for each its ``kind``; ``entry``, ``label``, ``class`` and ``code``;
    ``details`` with ``what``, ``about``, ``removed`` and ``added``; and the statements that it
    ``removed`` and ``added``. Terms and statements are in N-Triples; "" means unknown.
    """
    content = {
        "version": VERSION,
        "old": changes.old.name,
        "new": changes.new.name,
        "counts": dict(changes.counts),
        "statements": {
            "removed": len(changes.difference.removed),
            "added": len(changes.difference.added),
        },
        "changes": [_change(change) for change in changes.changes],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "entry": change.entry.iri,
        "label": change.entry.label,
        "class": change.entry.class_,
        "code": change.entry.code,
        "details": [
            {
                "what": detail.what,
                "about": detail.about,
                "removed": _terms(detail.removed),
                "added": _terms(detail.added),
            }
            for detail in change.details
        ],
        "removed": _statements(change.removed),
        "added": _statements(change.added),
    }


def _terms(terms: Iterable[Term]) -> list[str]:
    return [str(term) for term in terms]


def _statements(quads: Iterable[ox.Quad]) -> list[str]:
    return [f"{quad.triple} ." for quad in quads]

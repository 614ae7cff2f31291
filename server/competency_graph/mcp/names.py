"""Completions of the names of entries."""

from __future__ import annotations

from typing import Final

from competency_graph.mcp.served import Client
from competency_graph.rdf.short_names import local_name
from competency_graph.rdf.vocabulary import KINDS
from competency_graph.sparql.parameters import choices
from competency_graph.sparql.saved_queries import Parameter

_MAX_SUGGESTED: Final = 20


def entry_names(client: Client, beginning: str) -> list[str]:
    """Labels of entries whose names contain the words of a text, best first.

    Args:
        client: the client.
        beginning: what has been typed; the last word may be unfinished.
    """
    hits = client.served.index.get().suggest(beginning, limit=_MAX_SUGGESTED)
    return list(dict.fromkeys(str(hit.label) for hit in hits if hit.label))


def names_of_kind(client: Client, kind: str, beginning: str) -> list[str]:
    """Labels of the entries of a kind that contain a text, those that begin with it first.

    Args:
        client: the client.
        kind: one of `vocabulary.KINDS`.
        beginning: what has been typed.
    """
    parameter = Parameter("entry", f"cg:{local_name(KINDS[kind])}", "", "")
    labels = client.kept(
        f"names of {kind}",
        lambda: [str(label) for _, label in choices(parameter, client.rows) if label],
    )
    typed = beginning.casefold()
    found = [label for label in labels if typed in label.casefold()]
    return sorted(found, key=lambda label: (not label.casefold().startswith(typed), label))

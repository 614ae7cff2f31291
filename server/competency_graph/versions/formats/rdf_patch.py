"""The difference as an RDF Patch, which turns the old version into the new one.

See https://jena.apache.org/documentation/rdf-patch/. RDF Patch names the blank nodes of the patched
graph by labels, which files do not have in common. Here they are those that RDF Dataset
Canonicalization (RDFC-1.0) gives to the old version: canonicalize it, then apply the patch. Blank
nodes with other labels are new.
"""

from __future__ import annotations

from competency_graph.errors import LimitError
from competency_graph.versions.canonical_forms import nodes
from competency_graph.versions.model import Changes


def write_rdf_patch(changes: Changes) -> str:
    """Write the difference as one transaction: deletions, then additions, both sorted.

    Raises:
        LimitError: blank nodes of the old version differ, and it is too symmetric to canonicalize.
    """
    removed, added, canonical, *_ = changes.difference
    if not canonical and any(True for quad in (*removed, *added) for _ in nodes(quad)):
        raise LimitError(
            "a patch cannot name the blank nodes of this version, as too many of them are alike",
            "Give IRIs to the nodes of its largest symmetric group",
            changes.old.name,
            limit="blank nodes",
        )
    rows = [f"{sign} {row} ." for sign, quads in (("D", removed), ("A", added))
            for row in sorted(str(quad.triple) for quad in quads)]  # fmt: skip
    return "\n".join(["TX .", *rows, "TC .", ""])

"""A small file of mappings, as an organisation writes it, and what changes of it."""

from __future__ import annotations

from competency_graph.mappings import MappingSet, parse

HEAD = """\
# sssom_version: "1.1"
# mapping_set_id: https://example.org/acme/links
# mapping_set_title: "Acme: links"
# license: https://creativecommons.org/licenses/by/4.0/
# creator_label:
#   - Ann
#   - Bob
# object_source: graph:esco
# object_source_version: v1.1.1
# curie_map:
#   graph: https://w3id.org/competency-graph/graph/
#   mine: https://example.org/acme/
#   esco-skill: http://data.europa.eu/esco/skill/
"""
COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label", "object_category",
    "mapping_justification", "confidence", "mapping_date", "comment",
)  # fmt: skip
SELL = "esco-skill:c81c9ea3-4689-4146-9076-24dd175c69bc"
ROW = (
    "mine:selling", "Selling", "skos:closeMatch", SELL, "carry out active selling",
    "skill/competence", "semapv:ManualMappingCuration", "0.9", "2026-11-24", "Both sell.",
)  # fmt: skip
NONE = (
    "mine:juggling", "Juggling", "skos:exactMatch", "sssom:NoTermFound", "", "",
    "semapv:ManualMappingCuration", "1", "2026-11-24", "Tried juggling and circus.",
)  # fmt: skip


def text(*rows: tuple[str, ...], head: str = HEAD, columns: tuple[str, ...] = COLUMNS) -> str:
    """A file with these rows."""
    return head + "".join("\t".join(cells) + "\n" for cells in (columns, *rows))


def row(**cells: str) -> tuple[str, ...]:
    """The first row with other cells."""
    return tuple(cells.get(name, cell) for name, cell in zip(COLUMNS, ROW, strict=True))


def read(content: str) -> MappingSet:
    return parse(content.encode(), "mine.sssom.tsv")

"""The links of a dictionary as a single SSSOM 1.1 table, whatever files they come from.

Rows that deny a link or that found no term are included.
"""

from __future__ import annotations

from collections.abc import Iterator

from rdflib.namespace import SKOS

from competency_graph.exporting.outline import Outline
from competency_graph.mappings import NO_TERM, Mapping, MappingSet, curie_map, text
from competency_graph.mappings.model import values
from competency_graph.mappings.slots import MAPPING_SLOTS, SET_SLOTS

_ENTITIES = [name for name, slot in MAPPING_SLOTS.items() if slot.kind == "entity"]
_COMMON = [name for name, slot in SET_SLOTS.items() if slot.common]
_UNSPECIFIED_LICENSE = "https://w3id.org/sssom/license/unspecified"
_JUSTIFICATION = "semapv:UnspecifiedMatching"
"""The justification of a link that is stated in RDF without one."""


def write(outline: Outline) -> bytes:
    """Serialize the table."""
    rows = [*_file_rows(outline), *_rdf_rows(outline)]
    head: dict[str, object] = {
        "sssom_version": "1.1",
        "mapping_set_id": f"{outline.iri}/links",
        "mapping_set_title": "Links to other frameworks",
        "license": outline.facts.get("license", _UNSPECIFIED_LICENSE),
        "curie_map": curie_map(iri for row in rows for iri in _iris(row)),
    }
    names = MappingSet(head)
    return text(
        names.with_mappings(Mapping.from_cells(_with_curies(row, names)) for row in rows)
    ).encode()


def _file_rows(outline: Outline) -> Iterator[dict[str, str]]:
    """The rows of the link files, with full IRIs, including the values common to a set."""
    for each in outline.links:
        common = {name: "|".join(each.texts(name)) for name in _COMMON if each.texts(name)}
        for mapping in each.mappings:
            if each.expand(mapping.subject_id) not in outline.by_iri:
                continue
            cells = common | mapping.cells
            yield {
                name: "|".join(map(each.expand, values(cell, True))) if name in _ENTITIES else cell
                for name, cell in cells.items()
                if name in MAPPING_SLOTS and name != "record_id"
            }


def _rdf_rows(outline: Outline) -> Iterator[dict[str, str]]:
    """The links that are stated only in RDF."""
    known = {
        (each.expand(mapping.subject_id), each.expand(mapping.object_id))
        for each in outline.links
        for mapping in each.mappings
        if not mapping.negated and mapping.object_id != NO_TERM
    }
    for match in outline.matches:
        if (match.subject, match.object) not in known:
            yield {
                "subject_id": match.subject,
                "subject_label": outline.by_iri[match.subject].name,
                "predicate_id": str(SKOS) + match.name,
                "object_id": match.object,
                "object_label": match.label,
                "mapping_justification": MappingSet({}).expand(_JUSTIFICATION),
            }


def _iris(row: dict[str, str]) -> Iterator[str]:
    for name in _ENTITIES:
        yield from values(row.get(name, ""), True)


def _with_curies(row: dict[str, str], names: MappingSet) -> dict[str, str]:
    return {
        name: "|".join(map(names.curie, values(cell, True))) if name in _ENTITIES else cell
        for name, cell in row.items()
    }

"""Pairs of versions of a small dictionary of a bakery, and what changed between them, in short."""

from __future__ import annotations

from pathlib import Path

from competency_graph.versions import Changes, Version, compare
from competency_graph.versions.released.archive import Archive
from competency_graph.versions.released.snapshots import snapshot

HEAD = """\
PREFIX bakery: <https://example.org/bakery/>
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX esco: <http://data.europa.eu/esco/occupation/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
BAKER = 'bakery:baker a cg:Role ; skos:prefLabel "Baker"@en ; skos:notation "R1" .\n'
DOUGH = 'bakery:dough a cg:CompetencyCluster ; skos:prefLabel "Dough"@en .\n'
OVEN = 'bakery:oven a cg:CompetencyCluster ; skos:prefLabel "Oven"@en .\n'
KNEADING = 'bakery:kneading a cg:Competency ; skos:prefLabel "Kneading"@en .\n'
BREAD = 'bakery:bread a cg:AreaOfExpertise ; skos:prefLabel "Bread"@en .\n'
CAKE = 'bakery:cake a cg:AreaOfExpertise ; skos:prefLabel "Cake"@en .\n'
FLOUR = 'bakery:flour a cg:Knowledge ; skos:prefLabel "Flour"@en .\n'

ABOUT = """\
<https://example.org/bakery> owl:versionIRI <https://example.org/bakery/{0}> ;
  dcterms:issued "2026-0{1}-01"^^<http://www.w3.org/2001/XMLSchema#date> .
"""


def archive(folder: Path, *texts: str) -> Archive:
    """An archive with the versions 1.0.0, 1.1.0 and so on."""
    for number, text in enumerate(texts):
        content = HEAD + ABOUT.format(f"1.{number}.0", number + 1) + text
        path = folder / f"1.{number}.0"
        path.mkdir(parents=True)
        for name, each in snapshot({"bakery.ttl": content.encode()}).items():
            (path / name).write_bytes(each)
    return Archive(folder)


def version(text: str, name: str = "bakery", ending: str = "ttl") -> Version:
    head = HEAD if ending == "ttl" else ""
    return Version(name, {f"{name}.{ending}": (head + text).encode()})


def changes(old: str, new: str) -> Changes:
    return compare(version(old, "old"), version(new, "new"))


def local(term: object) -> str:
    """A term of the bakery by its local name, another one as N-Triples."""
    return str(term).replace("<https://example.org/bakery/", "").rstrip(">")


def told(found: Changes) -> list[str]:
    """Each change as kind and entry, with what was removed and added."""
    lines = []
    for change in found.changes:
        parts = [f"{change.kind} {local(f'<{change.entry.iri}>')}"]
        for detail in change.details:
            what = detail.what.rpartition("#")[2].rpartition("/")[2]
            values = [f"-{local(v)}" for v in detail.removed] + [
                f"+{local(v)}" for v in detail.added
            ]
            about = f"[{detail.about}] " if detail.about else ""
            parts.append(f"{about}{what} {' '.join(values)}".rstrip())
        lines.append(" | ".join(parts))
    return lines

"""What deprecating an entry leaves for a person to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF

from competency_graph.rdf.short_names import abbreviated, namespaces_of
from competency_graph.validation.findings import Place
from competency_graph.validation.sources.author_files import MAPPINGS, Source
from competency_graph.validation.sources.positions import Places, Written
from competency_graph.versions.relations import Link, link


@dataclass(frozen=True)
class Remainder:
    """What deprecating an entry leaves for a person to decide.

    Args:
        place: the place of the statement concerned.
        statement: its terms in N-Triples, the predicate without brackets.
        message: what it states, as a sentence with a full stop.
        remedy: what to do, as a sentence with a full stop.
    """

    place: Place
    statement: tuple[str, str, str]
    message: str
    remedy: str

    def relocated(self, contents: Mapping[Path, bytes]) -> Remainder:
        """The same with the place that the statement has in the new content of its file."""
        content = contents.get(Path(self.place.file))
        if content is None:
            return self
        subject, predicate, value = self.statement
        source = Source(self.place.file, content)
        for _ in source.quads():
            pass  # positions are known once the file has been read
        places = Places([source], [subject])
        written = places.statement(subject, predicate, value)
        return replace(self, place=written.value_place) if written else self


class Remainders:
    """Collects what is left to decide.

    Args:
        sources: the author's files, which have been read.
        asserted: the statements of the dictionary and of its base.
        entry: the IRI of the deprecated entry.
        replacement: the IRI of the entry that replaces it, or "".
    """

    def __init__(
        self, sources: Sequence[Source], asserted: Graph, entry: str, replacement: str
    ) -> None:
        self.found: list[Remainder] = []
        self._asserted, self._entry, self._replacement = asserted, entry, replacement
        prefixes = {p: space for source in sources for p, space in source.prefixes.items()}
        self._spaces = namespaces_of(prefixes)
        self._described = {
            quad.subject.value
            for source in sources
            if source.format != MAPPINGS
            for quad in source.quads()
            if isinstance(quad, ox.Quad)
            and isinstance(quad.subject, ox.NamedNode)
            and quad.predicate.value == str(RDF.type)
        }

    def is_deprecated(self, term: str) -> bool:
        """Whether an entry, given in N-Triples, is deprecated."""
        values = self._asserted.objects(URIRef(term.strip("<>")), OWL.deprecated)
        return any(str(value) in ("true", "1") for value in values)

    def add(self, written: Written, what: str, remedy: str) -> None:
        """Add a statement that is left to a person: what it does, and what to do."""
        subject = self.short(written.subject.strip("<>"))
        self.found.append(
            Remainder(
                written.value_place,
                (written.subject, written.predicate, written.value),
                f"{subject} {what}.",
                f"{remedy}.",
            )
        )

    def short(self, iri: str) -> str:
        """An IRI with a prefix of the files."""
        return abbreviated(iri, self._spaces)

    def add_relation(self, written: Written) -> None:
        """Report what the entry states about belonging together that the replacement does not."""
        quad = (
            ox.Quad(
                ox.NamedNode(self._entry),
                ox.NamedNode(written.predicate),
                ox.NamedNode(written.value[1:-1]),
            )
            if written.value.startswith("<")
            else None
        )
        found = link(quad) if quad else None
        if found is None or self._holds_otherwise(found):
            return
        name = self.short(written.predicate)
        if found.lower.value == self._entry:
            if found.relation.name == "dictionary" or not self._replacement:
                return
            self.add(
                written,
                f"states {name} {self.short(found.upper.value)}, which the replacement does not",
                "State it about the replacement, if it holds",
            )
        elif found.lower.value in self._described:
            self.add(
                written,
                f"is the only one with {self.short(found.lower.value)}, by {name}",
                "Deprecate that as well, or state it about another entry",
            )

    def _holds_otherwise(self, found: Link) -> bool:
        """Whether the same relation holds for the replacement, or for another current entry."""
        up, down = URIRef(found.relation.up), URIRef(found.relation.down)
        lower, upper = URIRef(found.lower.value), URIRef(found.upper.value)
        if str(lower) == self._entry:
            other = URIRef(self._replacement)
            return (other, up, upper) in self._asserted or (upper, down, other) in self._asserted
        if self.is_deprecated(f"<{lower}>"):
            return True
        uppers = {*self._asserted.objects(lower, up), *self._asserted.subjects(down, lower)}
        return any(
            str(each) != self._entry and not self.is_deprecated(f"<{each}>") for each in uppers
        )

"""Imports ESCO from the RDF of its download, in the same form as from its CSV files.

The file is streamed. Redundant statements are left out: SKOS-XL labels with their roles, and
relations as nodes of their own. The nodes that hold descriptions (``esco:NodeLiteral``) become
literals with language.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.downloads import DAMAGE, File, damaged
from competency_graph.importing.esco import BASE
from competency_graph.importing.summary import Tally
from competency_graph.importing.terms import TYPE, Node, Object, statement_builder, term
from competency_graph.rdf.language_tags import tag_error
from competency_graph.rdf.parsing import format_of
from competency_graph.rdf.stream_parsing import stream
from competency_graph.rdf.vocabulary import GRAPH_ESCO

_SKOS_XL: Final = "http://www.w3.org/2008/05/skos-xl#"
_COUNTED_CLASSES = {
    term("esco:Occupation"): "occupations",
    term("esco:Skill"): "skills",
    term("skos:ConceptScheme"): "concept schemes",
}
_RELATIONS = {
    term("esco:relatedEssentialSkill"): "links to essential skills",
    term("esco:relatedOptionalSkill"): "links to optional skills",
    term("skos:broader"): "links to what is broader",
}
_REDUNDANT_TERMS = frozenset(
    term(f"esco:{name}").value
    for name in (
        "AssociationObject", "LabelRole", "NodeLiteral", "hasAssociation", "hasLabelRole",
        "isAssociationFor", "target", "targetFramework",
    )
)  # fmt: skip
_LITERAL, _LANGUAGE = term("esco:nodeLiteral"), term("esco:language")
_RELATION_NODES = f"{BASE}relation/"
_DESCRIPTION_PROPERTIES = frozenset(
    term(name) for name in ("dcterms:description", "skos:definition", "skos:scopeNote", "skos:note")
)


def from_rdf(files: Sequence[File], languages: Collection[str], tally: Tally) -> Iterator[ox.Quad]:
    """Import ESCO's RDF without redundant statements.

    Args:
        files: the files, in any format of `formats.GRAPH_FORMATS`.
        languages: the languages of the texts to import; none means all.
        tally: receives the statistics.

    Raises:
        UnreadableInputError: a file is damaged, has a syntax error, or does not describe ESCO.
    """
    for file in files:
        tally.doing = file.name
        reader = _FileReader(languages, tally)
        try:
            with file.open() as opened:
                for quad in stream(opened, format_of(Path(file.name)), file.where):
                    yield from reader.quads(quad)
        except DAMAGE as error:
            raise damaged(file.where, error) from None
        yield from reader.remaining()
        if not reader.is_esco:
            raise UnreadableInputError(
                "this RDF does not describe any occupation or skill of ESCO",
                "Check that it is ESCO's download",
                file.where,
            )


class _FileReader:
    """Reads one file."""

    def __init__(self, languages: Collection[str], tally: Tally) -> None:
        self.is_esco = False
        self._languages, self._tally = languages, tally
        self._make_quad = statement_builder(GRAPH_ESCO)
        self._nodes: dict[Node, _TextNode] = {}

    def quads(self, quad: ox.Quad) -> Iterator[ox.Quad]:
        """Convert a statement of the file."""
        subject, predicate, value = quad.subject, quad.predicate, quad.object
        if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
            self._tally.leave_out("statements about statements")
            return
        if self._is_redundant(quad):
            return
        if predicate in (_LITERAL, _LANGUAGE) and isinstance(value, ox.Literal):
            node = self._text_node(subject)
            if predicate == _LITERAL:
                node.text = value.value
            else:
                node.language = value.value
            yield from self._flush_if_complete(subject, node)
        elif predicate in _DESCRIPTION_PROPERTIES and not isinstance(value, ox.Literal):
            node = self._text_node(value)
            node.uses.append((subject, predicate))
            yield from self._flush_if_complete(value, node)
        elif isinstance(value, ox.Literal) and value.language:
            yield from self._text_quad(subject, predicate, value.value, value.language)
        else:
            self._count(subject, predicate, value)
            yield self._make_quad(subject, predicate, value)

    def remaining(self) -> Iterator[ox.Quad]:
        """Yield what remains at the end of the file: texts without a language."""
        for node in self._nodes.values():
            for subject, predicate in node.uses:
                if node.text is None:
                    self._tally.leave_out("descriptions that are not in the file", str(subject))
                else:
                    yield from self._text_quad(subject, predicate, node.text, node.language)
        self._nodes.clear()

    def _is_redundant(self, quad: ox.Quad) -> bool:
        """Whether a statement only repeats others."""
        predicate, value = quad.predicate.value, quad.object
        named = value.value if isinstance(value, ox.NamedNode) else ""
        if predicate.startswith(_SKOS_XL) or named.startswith(_SKOS_XL):
            self._tally.leave_out("statements of SKOS-XL labels")
        elif (
            predicate in _REDUNDANT_TERMS
            or (named in _REDUNDANT_TERMS and quad.predicate == TYPE)
            or (
                isinstance(quad.subject, ox.NamedNode)
                and quad.subject.value.startswith(_RELATION_NODES)
            )
        ):
            self._tally.leave_out("statements of relations and texts as nodes of their own")
        else:
            return False
        return True

    def _text_node(self, name: Node) -> _TextNode:
        return self._nodes.setdefault(name, _TextNode())

    def _flush_if_complete(self, name: Node, node: _TextNode) -> Iterator[ox.Quad]:
        """Yield and forget the text of a node once it is complete."""
        if node.text is not None and node.language and node.uses:
            del self._nodes[name]
            for subject, predicate in node.uses:
                yield from self._text_quad(subject, predicate, node.text, node.language)

    def _text_quad(
        self, subject: Node, predicate: ox.NamedNode, text: str, language: str
    ) -> Iterator[ox.Quad]:
        language = language.lower()
        if language and tag_error(language):
            self._tally.leave_out("texts with an invalid language tag", language)
        elif language and self._languages and language not in self._languages:
            self._tally.leave_out("texts in other languages")
        else:
            if language:
                self._tally.languages.add(language)
            what = "descriptions and notes" if predicate in _DESCRIPTION_PROPERTIES else "labels"
            self._tally.counts[what] += 1
            literal = ox.Literal(text, language=language) if language else ox.Literal(text)
            yield self._make_quad(subject, predicate, literal)

    def _count(self, subject: Node, predicate: ox.NamedNode, value: Object) -> None:
        if predicate == TYPE and isinstance(value, ox.NamedNode) and value in _COUNTED_CLASSES:
            self._tally.counts[_COUNTED_CLASSES[value]] += 1
            self.is_esco = self.is_esco or subject.value.startswith(BASE)
        elif predicate in _RELATIONS:
            self._tally.counts[_RELATIONS[predicate]] += 1


class _TextNode:
    """A node that holds a text, with what has been read of it so far."""

    def __init__(self) -> None:
        self.text: str | None = None
        self.language = ""
        self.uses: list[tuple[Node, ox.NamedNode]] = []

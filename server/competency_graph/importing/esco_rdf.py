"""ESCO, from the RDF of its download, brought to the form that its CSV files have here.

It is read piece by piece. What says again what plain labels and properties say is left out: SKOS-XL
labels with their roles, and the relations as nodes of their own. The nodes that hold descriptions
(``esco:NodeLiteral``) become texts with their language.
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
from competency_graph.importing.terms import TYPE, Node, Object, saying, term
from competency_graph.rdf.language_tags import fault
from competency_graph.rdf.parsing import format_of
from competency_graph.rdf.stream_parsing import stream
from competency_graph.rdf.vocabulary import GRAPH_ESCO

_SKOS_XL: Final = "http://www.w3.org/2008/05/skos-xl#"
_COUNTED = {
    term("esco:Occupation"): "occupations",
    term("esco:Skill"): "skills",
    term("skos:ConceptScheme"): "concept schemes",
}
_RELATIONS = {
    term("esco:relatedEssentialSkill"): "links to essential skills",
    term("esco:relatedOptionalSkill"): "links to optional skills",
    term("skos:broader"): "links to what is broader",
}
_REPEATING = frozenset(
    term(f"esco:{name}").value
    for name in (
        "AssociationObject", "LabelRole", "NodeLiteral", "hasAssociation", "hasLabelRole",
        "isAssociationFor", "target", "targetFramework",
    )
)  # fmt: skip
_LITERAL, _LANGUAGE = term("esco:nodeLiteral"), term("esco:language")
_RELATION_NODES = f"{BASE}relation/"
_DESCRIBING = frozenset(
    term(name) for name in ("dcterms:description", "skos:definition", "skos:scopeNote", "skos:note")
)


def from_rdf(files: Sequence[File], languages: Collection[str], tally: Tally) -> Iterator[ox.Quad]:
    """The statements of ESCO's RDF, without those that repeat others.

    Args:
        files: the files, in any format of `formats.GRAPH_FORMATS`.
        languages: the languages of the texts that are wanted; none means all there are.
        tally: the account of it.

    Raises:
        UnreadableInputError: a file is damaged or does not follow its format's grammar; or none
            says anything of ESCO.
    """
    for file in files:
        tally.doing = file.name
        reading = _Reading(languages, tally)
        try:
            with file.open() as opened:
                for quad in stream(opened, format_of(Path(file.name)), file.where):
                    yield from reading.quads(quad)
        except DAMAGE as error:
            raise damaged(file.where, error) from None
        yield from reading.rest()
        if not reading.of_esco:
            raise UnreadableInputError(
                "this RDF says nothing of an occupation or skill of ESCO",
                "Check that it is ESCO's download",
                file.where,
            )


class _Reading:
    """One file, on its way."""

    def __init__(self, languages: Collection[str], tally: Tally) -> None:
        self.of_esco = False
        self._languages, self._tally = languages, tally
        self._say = saying(GRAPH_ESCO)
        self._nodes: dict[Node, _Text] = {}

    def quads(self, quad: ox.Quad) -> Iterator[ox.Quad]:
        """What one statement of the file comes to."""
        subject, predicate, value = quad.subject, quad.predicate, quad.object
        if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
            self._tally.leave_out("statements about statements")
            return
        if self._repeats(quad):
            return
        if predicate in (_LITERAL, _LANGUAGE) and isinstance(value, ox.Literal):
            node = self._node(subject)
            if predicate == _LITERAL:
                node.text = value.value
            else:
                node.language = value.value
            yield from self._complete(subject, node)
        elif predicate in _DESCRIBING and not isinstance(value, ox.Literal):
            node = self._node(value)
            node.uses.append((subject, predicate))
            yield from self._complete(value, node)
        elif isinstance(value, ox.Literal) and value.language:
            yield from self._text(subject, predicate, value.value, value.language)
        else:
            self._count(subject, predicate, value)
            yield self._say(subject, predicate, value)

    def rest(self) -> Iterator[ox.Quad]:
        """What is left to say at the end of the file: texts whose language is not told."""
        for node in self._nodes.values():
            for subject, predicate in node.uses:
                if node.text is None:
                    self._tally.leave_out("descriptions that are not in the file", str(subject))
                else:
                    yield from self._text(subject, predicate, node.text, node.language)
        self._nodes.clear()

    def _repeats(self, quad: ox.Quad) -> bool:
        """Whether a statement is of a kind that says again what others do."""
        predicate, value = quad.predicate.value, quad.object
        named = value.value if isinstance(value, ox.NamedNode) else ""
        if predicate.startswith(_SKOS_XL) or named.startswith(_SKOS_XL):
            self._tally.leave_out("statements of SKOS-XL labels")
        elif (
            predicate in _REPEATING
            or (named in _REPEATING and quad.predicate == TYPE)
            or (
                isinstance(quad.subject, ox.NamedNode)
                and quad.subject.value.startswith(_RELATION_NODES)
            )
        ):
            self._tally.leave_out("statements of relations and texts as nodes of their own")
        else:
            return False
        return True

    def _node(self, name: Node) -> _Text:
        return self._nodes.setdefault(name, _Text())

    def _complete(self, name: Node, node: _Text) -> Iterator[ox.Quad]:
        """The text of a node, as soon as all of it is known; then it is forgotten."""
        if node.text is not None and node.language and node.uses:
            del self._nodes[name]
            for subject, predicate in node.uses:
                yield from self._text(subject, predicate, node.text, node.language)

    def _text(
        self, subject: Node, predicate: ox.NamedNode, text: str, language: str
    ) -> Iterator[ox.Quad]:
        language = language.lower()
        if language and fault(language):
            self._tally.leave_out("texts whose language tag is none", language)
        elif language and self._languages and language not in self._languages:
            self._tally.leave_out("texts in other languages")
        else:
            if language:
                self._tally.languages.add(language)
            what = "descriptions and notes" if predicate in _DESCRIBING else "labels"
            self._tally.counts[what] += 1
            literal = ox.Literal(text, language=language) if language else ox.Literal(text)
            yield self._say(subject, predicate, literal)

    def _count(self, subject: Node, predicate: ox.NamedNode, value: Object) -> None:
        if predicate == TYPE and isinstance(value, ox.NamedNode) and value in _COUNTED:
            self._tally.counts[_COUNTED[value]] += 1
            self.of_esco = self.of_esco or subject.value.startswith(BASE)
        elif predicate in _RELATIONS:
            self._tally.counts[_RELATIONS[predicate]] += 1


class _Text:
    """A node that holds a text, as far as it is known."""

    def __init__(self) -> None:
        self.text: str | None = None
        self.language = ""
        self.uses: list[tuple[Node, ox.NamedNode]] = []

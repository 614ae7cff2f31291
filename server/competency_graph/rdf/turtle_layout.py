"""The project's Turtle layout, designed for readability and for `git diff`.

It writes one value per line, ends all lines alike and sorts everything: changing or adding a value
changes or adds exactly one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, RDF, SKOS

from competency_graph.rdf.turtle_document import Block, Bracket, Directive, Document, Item, Section
from competency_graph.rdf.turtle_names import Names
from competency_graph.rdf.vocabulary import PREFIXES

_LEADING_PREDICATES: Final = {
    str(predicate): rank
    for rank, predicate in enumerate(
        (
            RDF.type, DCTERMS.title, SKOS.prefLabel, SKOS.altLabel, SKOS.notation,
            DCTERMS.description, SKOS.definition, SKOS.example, SKOS.inScheme,
        )
    )
}  # fmt: skip
"""The predicates that come first, with their rank; the others follow in alphabetical order."""
_TYPE: Final = str(RDF.type)
_NOTATION: Final = str(SKOS.notation)
_INDENT: Final = "    "
_MAX_INLINE: Final = 100
"""The length up to which a bracket is written on one line, in characters."""
_DIRECTIVE_ORDER: Final = ("VERSION", "BASE", "PREFIX")


def lay_out(document: Document) -> str:
    """Write a document in the project's layout.

    Sections keep their order. Within a section, what is stated about a subject is put together,
    and subjects are sorted by their notation, then by IRI. Declared prefixes are kept, and those of
    the project's table are declared where they make an IRI shorter. The same statements with the
    same comments are always written alike.

    Returns:
        Turtle 1.1 text ending in a newline, or "" for an empty document.
    """
    declared = {d.name: d.value for d in document.directives if d.keyword == "PREFIX"}
    bases = [d.value[1:-1] for d in document.directives if d.keyword == "BASE"]
    names = Names(declared, bases[0] if bases and ":" in bases[0] else "")
    writer = _Writer(names)
    sections = [part for section in document.sections for part in writer.section(section)]
    added = [Directive("PREFIX", p, PREFIXES[p]) for p in names.used]
    head, directives = _directives(document.head, [*document.directives, *added])
    parts = ["\n".join(head), "\n".join(directives), *sections]
    text = "\n\n".join(filter(None, parts))
    return text + "\n" if text else ""


def _directives(head: list[str], found: Iterable[Directive]) -> tuple[list[str], list[str]]:
    """The lines of the head and of the directives, each of which is written once."""
    merged: dict[tuple[int, str], Directive] = {}
    for each in found:
        key = (_DIRECTIVE_ORDER.index(each.keyword), each.name)
        if key in merged:
            merged[key].before += [*each.before, *each.same_line]
        else:
            merged[key] = Directive(
                each.keyword, each.name, each.value, [*each.before], [*each.same_line]
            )
    lines: list[str] = []
    for (_, name), each in sorted(merged.items()):
        value = f"{name}: <{each.value}>" if each.keyword == "PREFIX" else each.value
        before = [*each.before, *each.same_line[1:]]
        if lines:
            lines += before
        elif before:  # above the first declaration, they are the head
            head = [*head, "", *before] if head else before
        lines += _with_comments(f"{each.keyword} {value}", each.same_line[:1])
    return head, lines


def _with_comments(line: str, comments: list[str] | tuple[()], indent: str = "") -> Iterator[str]:
    """A line with a comment; further comments precede it."""
    yield from (indent + comment for comment in comments[1:])
    yield f"{indent}{line} {comments[0]}" if comments else indent + line


class _Writer:
    """Writes sections, blocks and brackets with the same names."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def section(self, section: Section) -> Iterator[str]:
        """The heading, then the blocks."""
        yield "\n".join(section.heading)
        merged: dict[object, Block] = {}
        for block in section.blocks:
            # Blank nodes without a label are never the same.
            known = merged.setdefault(block.subject or id(block), block)
            if known is not block:
                known.before += block.before
                known.same_line += block.same_line
                known.items += block.items
                known.tail += block.tail
                known.end += block.end
        written = [(block, self._block(block)) for block in merged.values()]
        written.sort(key=lambda pair: _block_sort_key(*pair))
        yield from (text for _, text in written)

    def _block(self, block: Block) -> str:
        subject = "[]" if block.subject is None else self._names.term(block.subject)
        if block.collection is not None:
            subject = self._bracket(block.collection, "", inline_only=True) or "()"
        lines = [*block.before, *_with_comments(subject, block.same_line)]
        lines += self._items(block.items, _INDENT)
        lines += [_INDENT + comment for comment in block.tail]
        lines += _with_comments(".", block.end, _INDENT)
        return "\n".join(lines)

    def _items(self, items: list[Item], indent: str) -> Iterator[str]:
        """The lines of statements, sorted, or of the members of a collection."""
        for item, text in self._sorted(items, indent):
            yield from (indent + comment for comment in item.before)
            end = "" if item.predicate is None else " ;"
            yield from _with_comments(text + end, item.same_line, indent)

    def _sorted(self, items: list[Item], indent: str) -> list[tuple[Item, str]]:
        """Statements in their order, each once, or the members of a collection."""
        items[:] = _once(items)
        written = [(item, self._item(item, indent)) for item in items]
        return sorted(written, key=lambda pair: _item_sort_key(*pair))

    def _item(self, item: Item, indent: str) -> str:
        """A statement without its comments, indented from its second line on."""
        if item.nested is None:
            value = self._names.term(item.value, item.language)
        else:
            value = self._bracket(item.nested, indent)
        return value if item.predicate is None else f"{self._predicate(item.predicate)} {value}"

    def _predicate(self, predicate: ox.NamedNode) -> str:
        return "a" if predicate.value == _TYPE else self._names.iri(predicate.value)

    def _bracket(self, bracket: Bracket, indent: str, inline_only: bool = False) -> str:
        """A bracket on one line if it is short and without comments, else on several."""
        sign, closing = ("[", "]") if bracket.sign == "[" else ("(", ")")
        if not bracket.items and not bracket.tail:
            return sign + closing
        deeper = indent + _INDENT
        commented = bracket.tail or any(item.before or item.same_line for item in bracket.items)
        if inline_only or not commented:
            texts = [text for _, text in self._sorted(bracket.items, deeper)]
            line = f"{sign} {(' ; ' if sign == '[' else ' ').join(texts)} {closing}"
            if inline_only or ("\n" not in line and len(line) <= _MAX_INLINE):
                return line
        lines = [*self._items(bracket.items, deeper), *(deeper + c for c in bracket.tail)]
        return "\n".join([sign, *lines, indent + closing])


def _once(items: list[Item]) -> Iterable[Item]:
    """The items without repeated statements, whose comments go to the first."""
    found: dict[object, Item] = {}
    for item in items:
        unique = item.nested is not None or item.predicate is None
        known = found.setdefault(id(item) if unique else (item.predicate, item.value), item)
        if known is not item:
            known.before = [*known.before, *item.before]
            known.same_line = [*known.same_line, *item.same_line]
    return found.values()


def _item_sort_key(item: Item, text: str) -> tuple[int, str, bool, str, str]:
    """Sort by predicate, the leading ones first, then by value; members keep their order."""
    if item.predicate is None:
        return 0, "", False, "", ""
    nested = item.nested is not None
    return *predicate_order(item.predicate.value), nested, "" if nested else item.value.value, text


def predicate_order(predicate: str) -> tuple[int, str]:
    """The sort key of a predicate, given by its IRI: those of `_LEADING_PREDICATES` come first."""
    return _LEADING_PREDICATES.get(predicate, len(_LEADING_PREDICATES)), predicate


def _block_sort_key(block: Block, text: str) -> tuple[list[tuple[str, int]], bool, str]:
    """Sort by notation, parents before parts (A04, A04.A2, A04.A10), subjects without it first."""
    notations = [
        i.value.value for i in block.items if i.predicate and i.predicate.value == _NOTATION
    ]
    parts = re.findall(r"(\D+)(\d*)", min(notations, default=""))
    key = [(letters, int(digits or 0)) for letters, digits in parts]
    subject = block.subject
    return key, subject is None, text if subject is None else subject.value

"""A Turtle file as a document: its statements in blocks, with the comments that belong to each.

Oxigraph parses the file, `source_positions` says where each statement is, and `turtle_comments`
attaches the comments. `turtle_layout` writes the document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import RDF

from competency_graph.errors import EvaluationError, UnreadableInputError
from competency_graph.rdf.parsing import format_of, parse_leniently, without_mark
from competency_graph.rdf.source_positions import Statement, statements, token_end

FORMATS: Final = ("turtle", "trig")
"""The formats of files that can be read as a document."""
_REST: Final = ox.NamedNode(RDF.rest)
Value = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(slots=True, eq=False)
class Bracket:
    """A bracketed blank node or a collection.

    Args:
        sign: ``[`` or ``(``.
        items: its statements or members.
        tail: comments after the last of them.
    """

    sign: str
    items: list[Item] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Item:
    """A statement of a block or bracket, or a member of a collection.

    Args:
        predicate: its predicate; None for a member.
        value: its object; a blank node with a label has the label.
        nested: its object, if that is in brackets.
        language: the language tag in the author's spelling, or "".
        before: comments on the lines before it.
        same_line: comments on its line.
    """

    predicate: ox.NamedNode | None
    value: Value
    nested: Bracket | None = None
    language: str = ""
    before: list[str] | tuple[()] = ()
    same_line: list[str] | tuple[()] = ()


@dataclass(slots=True, eq=False)
class Block:
    """The statements of a file about one subject, from the subject to the full stop.

    Args:
        subject: the subject; None for a blank node without a label.
        collection: the subject, if that is a collection.
        items: the statements.
        before: comments on the lines before it.
        same_line: comments on the line of the subject.
        tail: comments after the last statement.
        end: comments on the line of the full stop.
    """

    subject: ox.NamedNode | ox.BlankNode | None
    collection: Bracket | None = None
    items: list[Item] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    same_line: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    end: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Section:
    """Blocks below a heading, a comment that an empty line separates from what follows.

    Args:
        heading: the lines of the comment; an empty one separates paragraphs.
        blocks: the blocks.
    """

    heading: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Directive:
    """A declaration of a prefix, a base IRI or a version (Turtle 1.1, section 2.4).

    Args:
        keyword: ``PREFIX``, ``BASE`` or ``VERSION``.
        name: the prefix, without colon; "" for the others.
        value: the namespace or base IRI, or the version.
        before: comments on the lines before it.
        same_line: comments on its line.
    """

    keyword: str
    name: str
    value: str
    before: list[str] = field(default_factory=list)
    same_line: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Document:
    """A Turtle file.

    Args:
        head: the comment before everything else; an empty line separates paragraphs.
        directives: its declarations.
        sections: its statements.
    """

    head: list[str] = field(default_factory=list)
    directives: list[Directive] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Parts:
    """The statements of a text by offset, to which comments are then attached.

    Args:
        text: the text.
        prefixes: the declared prefixes, with their namespaces.
        blocks: the blocks by the offset of their subject.
        brackets: the brackets by the offset of their first sign.
        items: the statements and members by the offset of their object.
    """

    text: str
    prefixes: dict[str, str]
    blocks: dict[int, Block]
    brackets: dict[int, Bracket]
    items: dict[int, Item]


def read_parts(content: bytes, path: Path) -> Parts:
    """Read the statements of a Turtle file, in their order and grouping.

    Args:
        content: the content of the file.
        path: its name, whose ending determines the format; Turtle if it has no ending.

    Raises:
        UnreadableInputError: it has a syntax error, with its line, or another format than Turtle.
    """
    text = without_mark(content, str(path)).decode()
    prefixes: dict[str, str] = {}
    quads = _quads(content, path, prefixes)
    brackets: dict[int, Bracket] = {}
    items: dict[int, Item] = {}
    subjects: dict[int, ox.NamedNode | ox.BlankNode | None] = {}
    contents: dict[int, list[Item]] = defaultdict(list)
    try:
        for quad, at in zip(quads, statements(text), strict=True):
            value = quad.object
            if isinstance(value, ox.Triple) or isinstance(quad.subject, ox.Triple):
                raise UnreadableInputError(
                    "a statement about a statement (RDF 1.2) is not allowed in a dictionary",
                    "State the inner statement itself instead",
                    str(path),
                    text.count("\n", 0, at.subject) + 1,
                )
            if at.predicate == at.object and quad.predicate == _REST:
                continue  # the rest of a collection is not written
            item = _item(text, quad.predicate, value, at)
            if isinstance(value, ox.BlankNode) and text[at.object] in "[(":
                item.nested = brackets[at.object] = Bracket(text[at.object], contents[at.object])
            items[at.object] = item
            contents[at.subject].append(item)
            subjects.setdefault(at.subject, _subject(text, quad.subject, at.subject))
    except ValueError:
        raise EvaluationError(
            "the statements of this file cannot be located",
            "Report this as a bug, with the file; it has not been changed",
            str(path),
        ) from None
    starts = {id(item): offset for offset, item in items.items() if item.predicate is None}
    for items_of in contents.values() if starts else ():
        # The parser may yield a member after the following one.
        items_of.sort(key=lambda item: starts.get(id(item), 0))
    blocks = {}
    for offset in sorted(subjects.keys() - brackets.keys()):
        block = blocks[offset] = Block(subjects[offset], items=contents[offset])
        if text[offset] == "(" and block.subject is None:
            members = [item for item in block.items if item.predicate is None]
            block.collection = brackets[offset] = Bracket("(", members)
            block.items = [item for item in block.items if item.predicate is not None]
    return Parts(text, prefixes, blocks, brackets, items)


def _quads(content: bytes, path: Path, prefixes: dict[str, str]) -> Iterator[ox.Quad]:
    name = format_of(path).name if path.suffix else "turtle"
    if name not in FORMATS:
        raise UnreadableInputError(
            f"this file is {name}, which has no layout", "Only Turtle (.ttl) is laid out", str(path)
        )
    for item in parse_leniently(path, content, "turtle", prefixes):
        if isinstance(item, ox.Quad):
            yield item
            continue
        if name == "trig":
            _refuse_braces(content, path)
        raise item


def _refuse_braces(content: bytes, path: Path) -> None:
    """Raise an error for what TriG has in addition to Turtle, or for a syntax error."""
    for item in parse_leniently(path, content):
        if not isinstance(item, ox.Quad):
            raise item
    raise UnreadableInputError(
        "this TriG file has graphs in braces, which are not laid out",
        "Write the statements without braces, as in Turtle",
        str(path),
    )


def _item(text: str, predicate: ox.NamedNode, value: Value, at: Statement) -> Item:
    language = ""
    if isinstance(value, ox.BlankNode) and text.startswith("_:", at.object):
        value = ox.BlankNode(text[at.object + 2 : at.end])
    elif isinstance(value, ox.Literal) and value.language:
        language = text[text.rindex("@", at.object, at.end) + 1 : at.end]
    return Item(None if at.predicate == at.object else predicate, value, language=language)


def _subject(
    text: str, subject: ox.NamedNode | ox.BlankNode, start: int
) -> ox.NamedNode | ox.BlankNode | None:
    if isinstance(subject, ox.NamedNode):
        return subject
    if not text.startswith("_:", start):
        return None
    end = token_end(text, start)
    return ox.BlankNode(text[start + 2 : end])

"""Where a text mentions terms, in Turtle, in mapping files and in queries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from competency_graph.errors import UnreadableInputError
from competency_graph.mappings import parse_leniently
from competency_graph.rdf.input_files import LINKS
from competency_graph.rdf.turtle_reading import (
    OBJECT,
    PREDICATE,
    SUBJECT,
    Reading,
    declared_prefixes,
    iri_of,
    term_at,
)
from competency_graph.sparql import query_text

QUERY: Final = ".rq"
"""The file ending of queries."""
TURTLE: Final = (".ttl", ".turtle", ".nt", ".trig", ".n3")
"""The file endings of texts that are read as Turtle."""
_COLUMNS: Final = {"subject_id": SUBJECT, "predicate_id": PREDICATE, "object_id": OBJECT}


class Mention(NamedTuple):
    """A place where a text mentions a term.

    Args:
        start: the offset of its first character, counted from 0.
        end: the offset after its last character.
        iri: the term.
        role: its role in the statement, one of those of `turtle_reading`.
        depth: the number of brackets around it.
    """

    start: int
    end: int
    iri: str
    role: str
    depth: int = 0


def is_query(name: str) -> bool:
    """Whether a file is a query."""
    return name.endswith(QUERY)


def is_mapping_file(name: str) -> bool:
    """Whether a file is a mapping file."""
    return name.endswith(LINKS)


def is_turtle(name: str) -> bool:
    """Whether a file is read as Turtle."""
    return name.lower().endswith(TURTLE)


def prefixes_in(name: str, text: str) -> dict[str, str]:
    """The prefixes that a file declares, with their namespaces."""
    if is_mapping_file(name):
        try:
            return parse_leniently(text.encode(), name)[0].prefixes
        except UnreadableInputError:
            return {}
    return declared_prefixes(text)


def mentions(name: str, text: str) -> Iterator[Mention]:
    """Yield the mentions of terms in a file, in order; those in comments and texts are left out.

    Args:
        name: the name of the file, whose ending says what it is.
        text: its text, which may be broken.
    """
    if is_query(name):
        for token, iri in query_text.iris(text):
            if iri:
                yield Mention(token.start, token.start + len(token.text), iri, OBJECT)
    elif is_mapping_file(name):
        yield from _in_mappings(name, text)
    elif is_turtle(name):
        prefixes = declared_prefixes(text)
        for term in Reading(text).terms():
            iri = iri_of(term, prefixes)
            if iri:
                yield Mention(term.start, term.end, iri, term.role, term.depth)


def _in_mappings(name: str, text: str) -> Iterator[Mention]:
    try:
        found, _ = parse_leniently(text.encode(), name)
    except UnreadableInputError:
        return
    for mapping in found.mappings:
        for column, role in _COLUMNS.items():
            written = getattr(mapping, column)
            prefix, colon, local = written.partition(":")
            if column in mapping.spans and colon and prefix in found.prefixes:
                yield Mention(*mapping.spans[column], found.prefixes[prefix] + local, role)


def mention_at(name: str, text: str, offset: int) -> Mention | None:
    """The mention at an offset, also directly before it."""
    if is_turtle(name):
        term = term_at(text, offset)
        iri = iri_of(term, declared_prefixes(text)) if term else ""
        return Mention(term.start, term.end, iri, term.role, term.depth) if term and iri else None
    found = None
    for mention in mentions(name, text):
        if mention.start > offset:
            break
        if offset <= mention.end:
            found = mention
    return found

"""Edits of statements in Turtle files: to spell a term like the author, to add and to remove."""

from __future__ import annotations

import re
from collections.abc import Sequence

from competency_graph.rdf.source_positions import TOKEN, Statement
from competency_graph.rdf.turtle_reading import declared_prefixes
from competency_graph.validation.findings import Edit
from competency_graph.validation.sources.author_files import Source
from competency_graph.validation.sources.positions import Written


def spelled_like(before: str, replaced: str, replacement: str) -> str:
    """Spell a replacement with the prefix that the author used, if that fits.

    Args:
        before: the author's spelling of the replaced IRI.
        replaced: the replaced IRI.
        replacement: the IRI that replaces it.
    """
    if before.startswith("<"):
        return f"<{replacement}>"
    prefix, _, local = before.partition(":")
    namespace = replaced.removesuffix(local)
    rest = replacement.removeprefix(namespace)
    if local and rest != replacement and re.fullmatch(r"\w(?:[\w-]*\w)?", rest):
        return f"{prefix}:{rest}"
    return f"<{replacement}>"


def with_declared_prefix(iri: str, text: str) -> str:
    """Shorten an IRI with a prefix that a file declares, if there is one.

    Args:
        iri: the IRI.
        text: the text of the file.
    """
    declared = declared_prefixes(text)
    for prefix, namespace in sorted(declared.items(), key=lambda pair: -len(pair[1])):
        local = iri.removeprefix(namespace)
        if namespace and local != iri and re.fullmatch(r"\w(?:[\w-]*\w)?", local):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def addition(last: Written, statements: Sequence[str]) -> Edit | None:
    """The edit that adds statements after the last one of a block.

    Args:
        last: the last statement of the block, see `Places.last`.
        statements: predicate and object of each, in Turtle.

    Returns:
        None if the end of the last statement is unknown.
    """
    if last.where is None or not last.source.is_whole:
        return None
    text = last.source.text
    if text[last.where.object : last.where.end] == "(":
        return None  # a collection, whose end is unknown
    line = text.rfind("\n", 0, last.where.predicate) + 1
    indent = re.match(r"[ \t]*", text[line:])
    inset = (indent[0] if indent else "") or "    "
    newline = "\r\n" if "\r\n" in text else "\n"
    added = "".join(f" ;{newline}{inset}{each}" for each in statements)
    return Edit(last.source.name, last.where.end, last.where.end, added)


def removal(source: Source, statement: Statement, others: Sequence[Statement]) -> Edit | None:
    """The edit that removes a statement whose object is a single term, and no comment.

    Args:
        source: the file.
        statement: the statement.
        others: all statements of the file, in their order.

    Returns:
        None if that would remove a comment, or if the extent of its neighbour is unknown.
    """
    text = source.text
    alike = [each for each in others if each.subject == statement.subject]
    listed = [each for each in alike if each.predicate == statement.predicate]
    place = listed.index(statement)
    before = [each for each in alike if each.end <= statement.predicate]
    sign, sign_end = _next_sign(text, statement.end)
    if len(alike) == 1:
        while sign == ";":
            sign, sign_end = _next_sign(text, sign_end)
        start, end = _whole_lines(text, statement.subject, sign_end)
    elif place > 0:
        start, end = listed[place - 1].end, statement.end
    elif len(listed) > 1:
        start, end = statement.object, listed[1].object
    elif sign == ";":
        start, end = _whole_lines(text, statement.predicate, sign_end)
    else:
        start, end = before[-1].end, statement.end
    if "#" in re.sub(r"<[^<>]*>", "", text[start:end]) or text[start - 1 : start] == "(":
        return None
    return Edit(source.name, start, end, "")


def _next_sign(text: str, offset: int) -> tuple[str, int]:
    """The next token after an offset, without space and comments, and its end."""
    match = TOKEN.match(text, offset)
    while match and match.lastgroup == "space":
        match = TOKEN.match(text, match.end())
    return (match[0], match.end()) if match else ("", len(text))


def _whole_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """A range, with its line breaks if nothing else is on its lines."""
    line = text.rfind("\n", 0, start) + 1
    rest = re.compile(r"[ \t]*(?:\r?\n|\Z)").match(text, end)
    if rest and not text[line:start].strip():
        return line, rest.end()
    return start, end

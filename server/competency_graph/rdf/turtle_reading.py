"""Reads Turtle that is being written: terms with their roles, also where the text is broken.

Nothing is reported here: what does not follow the grammar (Turtle 1.1, section 6.5) is read as what
its author most likely means.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import urljoin

from rdflib.namespace import RDF

from competency_graph.rdf.source_positions import TOKEN

SUBJECT, PREDICATE, OBJECT = "subject", "predicate", "object"
"""The roles of terms in statements."""
PREFIX, NAMESPACE, KEYWORD, COMMENT = "prefix", "namespace", "keyword", "comment"
"""The roles of other parts: a declaration's prefix, IRI and keyword; a comment or other prose."""
_ROLES: Final = (SUBJECT, PREDICATE, OBJECT, OBJECT)
_DECLARATION: Final = re.compile(r"(?im)^[ \t]*@?prefix\s+([\w.-]*):\s*<([^<>\s]*)>")
_ABSOLUTE: Final = re.compile(r"[A-Za-z][\w.+-]*:")
_COMMENT: Final = re.compile(r"#[^\r\n]*")
_UNFINISHED: Final = re.compile(r"\"\"\"[\s\S]*|'''[\s\S]*|[\"'][^\r\n]*|<[^\s<>]*")
_BLOCK_START: Final = re.compile(r"\.[ \t]*(?:#[^\n]*)?\r?\n(?=[ \t]*\r?\n|[\w<:@])")
_MAX_BLOCK: Final = 50_000
"""How far before a position its block is searched, in characters."""


class Term(NamedTuple):
    """A part of a text.

    Args:
        start: the offset of its first character, counted from 0.
        end: the offset after its last character.
        text: how it is written.
        role: its role, one of those above.
        depth: the number of brackets around it.
        subject: the outermost subject of its statement as written, "" if it is itself that.
        predicate: the innermost predicate before it as written, or "".
    """

    start: int
    end: int
    text: str
    role: str
    depth: int = 0
    subject: str = ""
    predicate: str = ""


def declared_prefixes(text: str) -> dict[str, str]:
    """The prefixes that a text declares, with their namespaces."""
    return dict(_DECLARATION.findall(text))


def resolved(written: str, prefixes: dict[str, str], base: str = "") -> str:
    """The IRI that a term denotes; "" if it is not an IRI or its prefix is unknown.

    Args:
        written: the term as written; ``a`` is not resolved, as only its role gives it a meaning.
        prefixes: prefixes and their namespaces.
        base: the base of relative IRIs.
    """
    if written.startswith("<"):
        iri = written[1:].removesuffix(">")
        return iri if _ABSOLUTE.match(iri) or not base else urljoin(base, iri)
    prefix, colon, local = written.partition(":")
    if not colon or prefix not in prefixes or written[0] in "\"'_":
        return ""
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def iri_of(term: Term, prefixes: dict[str, str], base: str = "") -> str:
    """The IRI that a part of a statement denotes, see `resolved`."""
    if term.role == PREDICATE and term.text == "a":
        return str(RDF.type)
    return "" if term.role in (COMMENT, PREFIX, NAMESPACE) else resolved(term.text, prefixes, base)


@dataclass(slots=True)
class _Frame:
    bracket: str
    position: int
    """0 to 2: the role that the next term has; 3: the statement is complete."""
    predicate: str = ""


@dataclass
class Reading:
    """The state of reading a text from one of its blocks on.

    Args:
        text: the text.
        at: the offset from which on it is read, outside of any block.
    """

    text: str
    at: int = 0
    subject: str = ""
    """The subject of the block as written, or ""."""
    frames: list[_Frame] = field(default_factory=lambda: [_Frame(".", 0)])
    blocks: list[tuple[int, int]] = field(default_factory=list)
    """The blocks read so far: the offsets of their subject and after their full stop."""
    _begun: int = -1
    _directive: list[str] = field(default_factory=list)

    @property
    def role(self) -> str:
        """The role that the next term has."""
        if self._directive:
            return NAMESPACE if len(self._directive) == self._directive_length - 1 else PREFIX
        return _ROLES[self.frames[-1].position]

    @property
    def _directive_length(self) -> int:
        return 3 if self._directive[0].upper().endswith("PREFIX") else 2

    @property
    def is_complete(self) -> bool:
        """Whether a statement is complete, so that only a sign may follow."""
        return self.frames[-1].position == 3

    @property
    def predicate(self) -> str:
        """The predicate of the innermost statement as written, or ""."""
        return self.frames[-1].predicate

    def terms(self) -> Iterator[Term]:
        """Yield the parts of the text in order."""
        text, at, end = self.text, self.at, len(self.text)
        while at < end:
            found = TOKEN.match(text, at)
            kind, start, stop = (found.lastgroup, *found.span()) if found else ("sign", at, at + 1)
            if kind == "space":
                for comment in _COMMENT.finditer(text, start, stop):
                    yield Term(*comment.span(), comment[0], COMMENT)
            elif kind == "sign" and text[start] not in "\"'<":
                self._sign(text[start], start)
            else:
                if kind == "sign":
                    rest = _UNFINISHED.match(text, start)
                    stop = rest.end() if rest else stop
                self._recover(start)
                yield self._term(start, stop, kind == "directive")
            at = stop

    def _term(self, start: int, end: int, directive: bool) -> Term:
        written = self.text[start:end]
        if self._directive:
            role = self.role
            self._directive.append(written)
            if len(self._directive) >= self._directive_length:
                self._directive = []
            return Term(start, end, written, role)
        frame = self.frames[-1]
        outside = len(self.frames) == 1 and frame.position == 0
        if directive or (outside and written.upper() in ("PREFIX", "BASE", "VERSION")):
            self._directive = [written]
            return Term(start, end, written, KEYWORD)
        role, depth = _ROLES[frame.position], len(self.frames) - 1
        subject = "" if outside else self.subject
        term = Term(start, end, written, role, depth, subject, frame.predicate)
        if outside:
            self.subject, self._begun = written, start
        self._completed(written)
        return term

    def _completed(self, written: str) -> None:
        """Take a complete term into the innermost frame."""
        frame = self.frames[-1]
        if frame.bracket == "(":
            return
        if frame.position == 1:
            frame.predicate = written
        frame.position = min(frame.position + 1, 3)

    def _sign(self, sign: str, start: int) -> None:
        frame = self.frames[-1]
        match sign:
            case "[":
                if len(self.frames) == 1 and frame.position == 0:
                    self.subject, self._begun = "[]", start
                self.frames.append(_Frame("[", 1))
            case "(":
                self.frames.append(_Frame("(", 2, frame.predicate))
            case "]" | ")":
                if len(self.frames) > 1 and frame.bracket == "[("[sign == ")"]:
                    self.frames.pop()
                    self._completed("[]")
            case ";" if frame.bracket != "(":
                frame.position, frame.predicate = 1, ""
            case "," if frame.bracket != "(":
                frame.position = 2
            case "." | "{" | "}":  # the braces are those of graphs, and of patterns in queries
                self._end_block(start + 1)

    def _end_block(self, end: int) -> None:
        if self._begun >= 0:
            self.blocks.append((self._begun, end))
        self.frames, self.subject, self._directive, self._begun = [_Frame(".", 0)], "", [], -1

    def _recover(self, start: int) -> None:
        """Assume the sign that an author has not written yet, before a term on a new line."""
        before = start
        while before and self.text[before - 1] in " \t\r\n":
            before -= 1
        lines = self.text.count("\n", before, start)
        if not lines:
            return
        frame, begins_line = self.frames[-1], self.text[start - 1] == "\n"
        if begins_line and (lines > 1 or frame.position == 3 or self._directive):
            if len(self.frames) > 1 or frame.position > 0 or self._directive:
                self._end_block(before)
        elif frame.position == 3:
            frame.position, frame.predicate = 1, ""


@dataclass(frozen=True)
class Cursor:
    """What an author is writing at a position.

    Args:
        role: the role of the term there.
        written: its beginning, up to the position; "" if none has begun.
        subject: the subject of the block as written, or "".
        predicate: the predicate before it as written, or "".
        depth: the number of brackets around it.
        is_complete: whether the statement is complete, so that a sign should come first.
    """

    role: str
    written: str = ""
    subject: str = ""
    predicate: str = ""
    depth: int = 0
    is_complete: bool = False


def cursor(text: str, offset: int) -> Cursor:
    """What an author is writing at an offset."""
    reading = Reading(text[:offset], block_start(text, offset))
    last = next(iter(deque(reading.terms(), maxlen=1)), None)
    if last and last.role == COMMENT and "\n" not in text[last.end : offset]:
        return Cursor(COMMENT)
    if last and last.end == offset and last.text[0] in "\"'":
        return Cursor(COMMENT)
    if last and last.end == offset and not last.text.endswith(">"):
        return Cursor(last.role, last.text, last.subject, last.predicate, last.depth)
    before = text[:offset].rstrip(" \t\r\n")
    if reading.is_complete and "\n" in text[len(before) : offset]:
        return Cursor(PREDICATE, "", reading.subject, "", len(reading.frames) - 1, True)
    return Cursor(
        reading.role, "", reading.subject, reading.predicate,
        len(reading.frames) - 1, reading.is_complete,
    )  # fmt: skip


def block_start(text: str, offset: int) -> int:
    """The offset of the last full stop at the end of a line before an offset, or 0."""
    start = max(0, offset - _MAX_BLOCK)
    found = [match.end() for match in _BLOCK_START.finditer(text, start, offset)]
    # The last one may be inside a text of several lines, so reading starts at the one before.
    return found[-2] if len(found) > 1 else start


def term_at(text: str, offset: int) -> Term | None:
    """The part of a text at an offset, also directly before it."""
    end = min(len(text), offset + _MAX_BLOCK)
    reading = Reading(text[:end], block_start(text, offset))
    found = None
    for term in reading.terms():
        if term.start > offset:
            break
        if offset <= term.end:
            found = term
    return found

"""The positions of statements in a Turtle file.

The engine parses files fast and exactly, but reports no positions. This module scans the same text
and yields the position of each statement, in the order in which the engine yields the statements.
It decodes nothing and does not interpret statements.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

_LETTER = r"[^\s<>\"'()\[\]{};,.\\\#^@]"
_WORD = rf"(?:{_LETTER}|\\.)(?:{_LETTER}|\\.|\.+(?={_LETTER}|\\))*"
_GAP = r"(?>\s+|\#[^\r\n]*)*+"
TOKEN = re.compile(
    rf"""
    (?P<space> (?: \s+ | \#[^\r\n]* )+ )
  | (?P<node> (?: \"\"\" [^\"\\]* (?: (?: \\. | \"(?!\"\") ) [^\"\\]* )* \"\"\"
                | '''    [^'\\]*  (?: (?: \\. | '(?!'')   ) [^'\\]*  )* '''
                | \" [^\"\\\r\n]* (?: \\. [^\"\\\r\n]* )* \"
                | ' [^'\\\r\n]* (?: \\. [^'\\\r\n]* )* ' )
              (?: {_GAP} (?P<suffix> @[A-Za-z]+(?:-+[A-Za-z0-9]+)*
                                  | \^\^ {_GAP} (?: <[^>]*> | {_WORD} ) ) )?
            | <[^<>]*>
            | (?=[-+.\d]) [+-]? (?: \d+\.\d*[eE][+-]?\d+ | \.?\d+[eE][+-]?\d+ | \d*\.\d+ | \d+ ) )
  | (?P<word> _: (?: (?!:){_LETTER} | \.+(?=(?!:){_LETTER}) )+ | {_WORD} )
  | (?P<directive> @(?:prefix|base|version) )
  | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_SPARQL_STYLE_DIRECTIVES = {"PREFIX": 2, "BASE": 1, "VERSION": 1}
"""How many tokens follow a directive without a final dot (Turtle 1.1, section 2.4)."""


class Statement(NamedTuple):
    """The position of a statement: offsets in characters, counted from 0.

    Args:
        subject: the start of its subject; of the brackets, if that is a bracketed blank node.
        predicate: the start of its predicate; in a collection, of the member.
        object: the start of its object.
        end: the end of its object.
    """

    subject: int
    predicate: int
    object: int
    end: int


@dataclass(slots=True)
class _Frame:
    """An unfinished statement, bracketed blank node or collection."""

    kind: str
    start: int
    subject: int = -1
    predicate: int = -1
    begun: bool = False


@dataclass
class _Scanner:
    frames: list[_Frame] = field(default_factory=lambda: [_Frame(".", 0)])
    completed: list[Statement] = field(default_factory=list)

    def node(self, start: int, end: int) -> None:
        """Handle a complete term, which takes the next open position of the innermost frame."""
        frame = self.frames[-1]
        if frame.kind == "(":
            self.completed.append(Statement(frame.start, start, start, end))
        elif frame.subject < 0:
            frame.subject = start
        elif frame.predicate < 0:
            frame.predicate = start
        else:
            self.completed.append(Statement(frame.subject, frame.predicate, start, end))

    def member(self, start: int) -> None:
        """Handle the start of a term; if it is a member of a collection, the collection grows."""
        frame = self.frames[-1]
        if frame.kind != "(":
            return
        if frame.begun:
            self.completed.append(Statement(frame.start, start, start, start + 1))
            return
        frame.begun = True
        self.frames.pop()
        self.node(frame.start, frame.start + 1)
        self.frames.append(frame)

    def sign(self, sign: str, start: int) -> None:
        """Handle a sign that opens, closes or separates."""
        frame = self.frames[-1]
        match sign:
            case "[" | "(":
                self.member(start)
                self.frames.append(_Frame(sign, start, start if sign == "[" else -1))
            case "]" if frame.kind == "[":
                self.frames.pop()
                self.node(frame.start, start + 1)
            case ")" if frame.kind == "(":
                self.frames.pop()
                if frame.begun:
                    self.completed.append(Statement(frame.start, start, start, start + 1))
                else:
                    self.node(frame.start, start + 1)
            case ";":
                frame.predicate = -1
            case ".":
                self.frames[:] = [_Frame(".", start)]


def statements(text: str) -> Iterator[Statement]:
    """Yield the positions of all statements, in the order of Oxigraph's Turtle parser.

    The parser yields a statement once its object is complete, so the content of brackets precedes
    the statement that contains them. A collection is complete as soon as its first member begins; a
    string without language and datatype is complete at the next token. If one token completes two
    statements, the later one comes first.

    Args:
        text: Turtle 1.1 or N-Triples without syntax errors.
    """
    walk = _Scanner()
    pending: tuple[int, int] | None = None
    skipped = 0
    in_directive = False
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "space":
            continue
        start, end = match.span()
        if pending:
            walk.node(*pending)
            pending = None
        if in_directive:
            in_directive = not (kind == "sign" and match[0] == ".")
        elif skipped:
            skipped -= 1
        elif kind == "sign":
            walk.sign(match[0], start)
        elif kind == "directive":
            in_directive = True
        else:
            frame = walk.frames[-1]
            if kind == "word" and frame.kind == "." and frame.subject < 0:
                skipped = _SPARQL_STYLE_DIRECTIVES.get(match[0].upper(), 0)
                if skipped:
                    continue
            walk.member(start)
            if text[start] not in "\"'":
                walk.node(start, end)
            elif match["suffix"] is None:
                pending = start, end
            else:
                yield from reversed(walk.completed)
                walk.completed.clear()
                walk.node(start, end)
        if walk.completed:
            yield from reversed(walk.completed)
            walk.completed.clear()


_STATEMENT_LINE = re.compile(rb"^[ \t]*[<_][^\r\n]*", re.MULTILINE)


def lines_of_statements(content: bytes) -> Iterator[int]:
    """Yield the byte offsets of the N-Triples lines that hold a statement.

    Args:
        content: N-Triples without syntax errors, with lines ending in LF or CR LF.
    """
    return (match.start() for match in _STATEMENT_LINE.finditer(content))


class Lines:
    """Converts between offsets and lines and columns, both counted from 1, columns in characters.

    Args:
        text: the text; its lines end in LF, CR LF or CR.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column at an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line without its line ending; "" if there is no such line."""
        if not 0 < number <= len(self._starts):
            return ""
        following = self._starts[number] if number < len(self._starts) else len(self._text)
        return self._text[self._starts[number - 1] : following].rstrip("\r\n")

    def offset(self, line: int, column: int) -> int:
        """The offset at a line and column."""
        return self._starts[min(line, len(self._starts)) - 1] + column - 1


def token_end(text: str, start: int) -> int:
    """The end of the token that starts at an offset; for a bracket, the end of that sign only."""
    match = TOKEN.match(text, start)
    return match.end() if match else start


def block_end(text: str, start: int) -> int:
    """The end of the block that starts at an offset, after its full stop.

    Args:
        text: Turtle 1.1 or N-Triples without syntax errors.
        start: the offset of the subject of the block.
    """
    depth = 0
    for match in TOKEN.finditer(text, start):
        if match.lastgroup == "sign":
            depth += {"[": 1, "(": 1, "]": -1, ")": -1}.get(match[0], 0)
            if match[0] == "." and not depth:
                return match.end()
    return len(text)


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield each comment of a Turtle text with its offset; a comment starts with ``#``."""
    for match in TOKEN.finditer(text):
        if match.lastgroup == "space" and "#" in match[0]:
            for comment in re.finditer(r"#[^\r\n]*", match[0]):
                yield match.start() + comment.start(), comment[0]

"""Where the statements of a Turtle file stand in it.

The engine parses files fast and exactly, and tells no places. This walks over the same text and
tells, in the order in which the engine gives the statements, where each one stands. It decodes
nothing, so it has no opinion on what a statement says.
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
_TOKEN = re.compile(
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
_SHORT_DIRECTIVES = {"PREFIX": 2, "BASE": 1, "VERSION": 1}
"""How many tokens follow a directive that has no dot at its end (Turtle 1.1, section 2.4)."""


class Statement(NamedTuple):
    """Where one statement stands: offsets in characters, counted from 0.

    Args:
        subject: where its subject begins; that of a blank node's brackets, where it has such.
        predicate: where its predicate begins; in a collection, where the member does.
        object: where its object begins.
        end: where its object ends.
    """

    subject: int
    predicate: int
    object: int
    end: int


@dataclass(slots=True)
class _Frame:
    """A statement, a blank node in brackets, or a collection, that is not at its end yet."""

    kind: str
    start: int
    subject: int = -1
    predicate: int = -1
    begun: bool = False


@dataclass
class _Scanner:
    frames: list[_Frame] = field(default_factory=lambda: [_Frame(".", 0)])
    step: list[Statement] = field(default_factory=list)

    def node(self, start: int, end: int) -> None:
        """A term is complete, in whatever part the innermost frame has for it."""
        frame = self.frames[-1]
        if frame.kind == "(":
            self.step.append(Statement(frame.start, start, start, end))
        elif frame.subject < 0:
            frame.subject = start
        elif frame.predicate < 0:
            frame.predicate = start
        else:
            self.step.append(Statement(frame.subject, frame.predicate, start, end))

    def member(self, start: int) -> None:
        """A term begins; where it is a collection's member, the collection grows by it."""
        frame = self.frames[-1]
        if frame.kind != "(":
            return
        if frame.begun:
            self.step.append(Statement(frame.start, start, start, start + 1))
            return
        frame.begun = True
        self.frames.pop()
        self.node(frame.start, frame.start + 1)
        self.frames.append(frame)

    def sign(self, sign: str, start: int) -> None:
        """A sign that opens, closes or separates."""
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
                    self.step.append(Statement(frame.start, start, start, start + 1))
                else:
                    self.node(frame.start, start + 1)
            case ";":
                frame.predicate = -1
            case ".":
                self.frames[:] = [_Frame(".", start)]


def statements(text: str) -> Iterator[Statement]:
    """The places of all statements, in the order in which Oxigraph's Turtle parser gives them.

    That order: a statement is given when its object is complete, so what is in brackets before what
    they are part of. A collection is complete as soon as its first member begins, and a text that
    has neither language nor datatype when the next token tells so. Where one token completes two
    statements, the later one goes first.

    Args:
        text: Turtle 1.1, or N-Triples, without faults of syntax.
    """
    walk = _Scanner()
    waiting: tuple[int, int] | None = None
    skipped = 0
    to_dot = False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "space":
            continue
        start, end = match.span()
        if waiting:
            walk.node(*waiting)
            waiting = None
        if to_dot:
            to_dot = not (kind == "sign" and match[0] == ".")
        elif skipped:
            skipped -= 1
        elif kind == "sign":
            walk.sign(match[0], start)
        elif kind == "directive":
            to_dot = True
        else:
            frame = walk.frames[-1]
            if kind == "word" and frame.kind == "." and frame.subject < 0:
                skipped = _SHORT_DIRECTIVES.get(match[0].upper(), 0)
                if skipped:
                    continue
            walk.member(start)
            if text[start] not in "\"'":
                walk.node(start, end)
            elif match["suffix"] is None:
                waiting = start, end
            else:
                yield from reversed(walk.step)
                walk.step.clear()
                walk.node(start, end)
        if walk.step:
            yield from reversed(walk.step)
            walk.step.clear()


_FILLED = re.compile(rb"^[ \t]*[<_][^\r\n]*", re.MULTILINE)


def lines_of_statements(content: bytes) -> Iterator[int]:
    """Where the lines of N-Triples begin that hold a statement, in bytes.

    Args:
        content: N-Triples without faults of syntax, lines ending with LF or CR LF.
    """
    return (match.start() for match in _FILLED.finditer(content))


class Lines:
    """Lines and columns of a text, both counted from 1, columns in characters.

    Args:
        text: the text. A line ends with LF, CR LF or CR.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, without its end; "" where there is no such line."""
        if not 0 < number <= len(self._starts):
            return ""
        following = self._starts[number] if number < len(self._starts) else len(self._text)
        return self._text[self._starts[number - 1] : following].rstrip("\r\n")

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column."""
        return self._starts[min(line, len(self._starts)) - 1] + column - 1


def token_end(text: str, start: int) -> int:
    """The offset after the token that begins at an offset; of a bracket, after that sign."""
    match = _TOKEN.match(text, start)
    return match.end() if match else start


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Each comment of a Turtle text, from its ``#`` on, and the offset where it begins."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "space" and "#" in match[0]:
            for comment in re.finditer(r"#[^\r\n]*", match[0]):
                yield match.start() + comment.start(), comment[0]

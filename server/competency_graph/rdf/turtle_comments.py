"""Which statement, block or declaration of a Turtle file each of its comments belongs to.

A comment on the line of a statement belongs to that statement, and one on a line of its own to what
follows it. Between blocks, an empty line after a comment makes it the heading of a section.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from competency_graph.errors import UnreadableInputError
from competency_graph.rdf.source_positions import TOKEN
from competency_graph.rdf.turtle_document import (
    Block,
    Bracket,
    Directive,
    Document,
    Item,
    Parts,
    Section,
    read_parts,
)

MAX_NESTING: Final = 100
"""The maximum depth of brackets in brackets."""
_COMMENT: Final = re.compile(r"(\s*)(\#[^\r\n]*)")
_LINE_BREAK: Final = re.compile(r"\r\n|\n|\r")
_DIRECTIVE_WORDS: Final = ("PREFIX", "BASE", "VERSION")


def read_document(content: bytes, path: Path) -> Document:
    """Read a Turtle file with its comments.

    Args:
        content: the content of the file.
        path: its name, whose ending determines the format; Turtle if it has no ending.

    Raises:
        UnreadableInputError: it has a syntax error, with its line, or another format than Turtle.
    """
    parts = read_parts(content, path)
    return _Reader(parts, str(path)).read()


@dataclass(slots=True)
class _Frame:
    """An open block or bracket, with the comments that belong to its next statement."""

    bracket: Bracket | None
    owner: Item | Block | None
    pending: list[str] = field(default_factory=list)


class _Reader:
    """Walks through the tokens of a text and attaches its comments."""

    def __init__(self, parts: Parts, where: str) -> None:
        self._parts, self._where = parts, where
        self._document = Document(sections=[Section()])
        self._block: Block | None = None
        self._frames: list[_Frame] = []
        self._between: list[str] = []
        """Comments between blocks; an empty line separates paragraphs."""
        self._last: Item | Block | Directive | None = None
        """What a comment on the same line belongs to."""
        self._ended = False
        """Whether the last token is a full stop on another line than the last statement."""
        self._directive: list[str] | None = None
        """The tokens of an unfinished directive."""
        self._line_broken = False

    def read(self) -> Document:
        text = self._parts.text
        for match in TOKEN.finditer(text):
            kind, word = match.lastgroup, match[0]
            if kind == "space":
                self._space(word, match.start())
            elif self._directive is not None:
                self._continue_directive(word)
            elif self._block is None and _begins_directive(kind, word):
                self._directive = [word.removeprefix("@").upper(), word]
            elif kind == "sign" and word not in "[(":
                self._sign(word)
            else:
                self._term(match.start(), word if kind == "sign" else "")
        if self._between:
            self._document.sections.append(Section(_trimmed(self._between)))
        return self._document

    def _continue_directive(self, token: str) -> None:
        words = self._directive
        assert words is not None  # noqa: S101  (the caller looked)
        words.append(token)
        wanted = {"PREFIX": 4, "BASE": 3, "VERSION": 3}[words[0]] + words[1].startswith("@")
        if len(words) < wanted:
            return
        name = words[2].removesuffix(":") if words[0] == "PREFIX" else ""
        value = self._parts.prefixes[name] if words[0] == "PREFIX" else words[2]
        directive = Directive(words[0], name, value)
        document = self._document
        first = not document.directives and not any(s.blocks for s in document.sections)
        before, self._between = _trimmed(self._between), []
        if first:
            document.head = before
        else:
            directive.before = [line for line in before if line]
        document.directives.append(directive)
        self._directive, self._last, self._ended = None, directive, False

    def _term(self, start: int, sign: str) -> None:
        self._ended = False
        if self._block is None:
            block = self._block = self._parts.blocks[start]
            self._begin_block(block)
            self._frames = [_Frame(None, block)]
            owner: Item | Block | None = block
        else:
            owner = self._parts.items.get(start)
            if isinstance(owner, Item):
                frame = self._frames[-1]
                if frame.pending:
                    owner.before = [*owner.before, *frame.pending]
                    frame.pending = []
        bracket = self._parts.brackets.get(start)
        if sign:
            if len(self._frames) > MAX_NESTING:
                raise UnreadableInputError(
                    f"brackets are nested more than {MAX_NESTING} deep",
                    "Give the inner nodes names",
                    self._where,
                    self._parts.text.count("\n", 0, start) + 1,
                )
            self._frames.append(_Frame(bracket, owner))
            self._last = None
            return
        self._last, self._line_broken = owner, False

    def _begin_block(self, block: Block) -> None:
        paragraphs, self._between = self._between, []
        section = self._document.sections[-1]
        if paragraphs:
            cut = len(paragraphs) - next(
                (n for n, line in enumerate(reversed(paragraphs)) if not line), len(paragraphs)
            )
            block.before = paragraphs[cut:]
            heading = _trimmed(paragraphs[:cut])
            if heading:
                section = Section(heading)
                self._document.sections.append(section)
        section.blocks.append(block)

    @property
    def _in_subject_collection(self) -> bool:
        """Whether the position is in a collection that is a subject."""
        if self._block is None or len(self._frames) < 2:
            return False
        return isinstance(self._frames[1].owner, Block) and self._frames[1].bracket is not None

    def _sign(self, sign: str) -> None:
        if sign in "])":
            frame = self._frames.pop()
            if frame.bracket is not None:
                frame.bracket.tail += frame.pending
            else:
                self._frames[-1].pending += frame.pending
            self._last, self._line_broken = frame.owner, False
        elif sign == "." and self._block is not None:
            self._block.tail += self._frames[0].pending
            if self._line_broken:
                self._last, self._ended = self._block, True
            self._block = None

    def _space(self, space: str, start: int) -> None:
        if "#" not in space:
            self._line_broken = self._line_broken or bool(_LINE_BREAK.search(space))
            return
        end = 0
        for match in _COMMENT.finditer(space):
            breaks, end = len(_LINE_BREAK.findall(match[1])), match.end()
            self._comment(match[2].rstrip(), breaks, same_line=breaks == 0 and start > 0)
        self._line_broken = True
        if self._block is None and self._between and len(_LINE_BREAK.findall(space, end)) > 1:
            self._between.append("")

    def _comment(self, text: str, breaks: int, same_line: bool) -> None:
        """Attach a comment; ``breaks`` are the line breaks between it and what precedes it."""
        last = None if self._directive else self._last
        if self._in_subject_collection:
            self._frames[0].owner.before.append(text)  # type: ignore[union-attr]  # it is a block
        elif same_line and self._ended and isinstance(last, Block):
            last.end.append(text)
        elif same_line and isinstance(last, Item):
            last.same_line = [*last.same_line, text]
        elif same_line and isinstance(last, Block | Directive):
            last.same_line.append(text)
        elif self._frames and self._block is not None:
            self._frames[-1].pending.append(text)
        else:
            if breaks > 1 and self._between and self._between[-1]:
                self._between.append("")
            self._between.append(text)


def _begins_directive(kind: str | None, token: str) -> bool:
    return kind == "directive" or (kind == "word" and token.upper() in _DIRECTIVE_WORDS)


def _trimmed(lines: list[str]) -> list[str]:
    """The lines without empty ones at the end."""
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines

"""Adds and removes statements in a Turtle or N-Triples text, and leaves the rest as it is.

All comments and the layout of all other statements are kept. A value that replaces another stands
where that stood, and is spelled like it; a further value follows those of its property, or ends the
entry's block.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import pyoxigraph as ox

from competency_graph.rdf.source_positions import Statement, block_end, comments
from competency_graph.rdf.turtle_layout import predicate_order
from competency_graph.rdf.turtle_names import Names, spelled_like
from competency_graph.rdf.vocabulary import PREFIXES

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_DIRECTIVE = re.compile(r"(?im)^[ \t]*(@?)prefix\s+([\w.-]*):\s*<[^<>\s]*>[ \t]*\.?[ \t]*\r?\n?")
_AFTER = re.compile(r"(?>\s+|#[^\r\n]*)*+;")


class Said(NamedTuple):
    """A statement of a text, with its position."""

    triple: ox.Triple
    where: Statement


@dataclass
class _Change:
    start: int
    end: int
    text: str


@dataclass
class Editor:
    """Edits a text.

    Args:
        text: the text, without syntax errors.
        said: its statements with their positions.
        prefixes: the prefixes that it declares, with their namespaces.
        flat: whether it is N-Triples.
        spare: further prefixes to declare when they are needed, next to those of the table.
    """

    text: str
    said: Sequence[Said]
    prefixes: Mapping[str, str]
    flat: bool = False
    spare: Mapping[str, str] = field(default_factory=dict)
    _changes: list[_Change] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._further = {**PREFIXES, **self.spare}
        self._names = Names(self.prefixes, further=self._further)

    def edited(self, added: Iterable[ox.Triple], removed: Collection[ox.Triple]) -> str:
        """The text with statements added and removed.

        Args:
            added: the statements to add. One about an entry that the text does not describe
                becomes part of a new block at its end. One about a blank node is added only if it
                replaces another.
            removed: the statements to remove, wherever they are; of those about blank nodes, only
                the ones that others replace.
        """
        self._changes.clear()
        self._names.used.clear()
        wanted: dict[ox.NamedNode | ox.BlankNode, list[ox.Triple]] = defaultdict(list)
        for triple in added:
            wanted[triple.subject].append(triple)  # type: ignore[index]
        for block in self._blocks():
            new = wanted.get(block[0].triple.subject, [])  # type: ignore[arg-type]
            gone = self._replace(block, removed, new)
            if isinstance(block[0].triple.subject, ox.BlankNode):
                continue
            kept = self._without(block, gone)
            plain = [one for one in kept if self.text[one.where.object] != "("]
            if new and plain and not self.flat and self._begins(block):
                self._insert(plain, new)
                new.clear()
        return self._assemble(
            [(s, new) for s, new in wanted.items() if new and isinstance(s, ox.NamedNode)]
        )

    def _blocks(self) -> Iterator[list[Said]]:
        """The statements of each block, in the order of the text."""
        found: dict[int, list[Said]] = defaultdict(list)
        for one in self.said:
            found[one.where.subject].append(one)
        for block in found.values():
            yield sorted(block, key=lambda one: one.where.object)

    def _begins(self, block: Sequence[Said]) -> bool:
        """Whether a block is the one that describes its subject: with its class, else the first."""
        subject = block[0].triple.subject
        return block[0].where.subject == self._first.get(subject.value, -1)  # type: ignore[union-attr]

    @cached_property
    def _first(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for one in sorted(self.said, key=lambda one: one.triple.predicate.value != _TYPE):
            if isinstance(one.triple.subject, ox.NamedNode):
                found.setdefault(one.triple.subject.value, one.where.subject)
        return found

    def _replace(
        self, block: Sequence[Said], removed: Collection[ox.Triple], new: list[ox.Triple]
    ) -> list[Said]:
        """Replace statements of a block, and return those to remove without replacement."""
        gone = []
        for one in block:
            if one.triple not in removed:
                continue
            follower = next((t for t in new if t.predicate == one.triple.predicate), None)
            if follower is None:
                gone.append(one)
            else:
                new.remove(follower)
                spelled = self._spelled_like(one, follower)
                self._changes.append(_Change(one.where.object, one.where.end, spelled))
        return gone

    def _without(self, block: Sequence[Said], gone: Sequence[Said]) -> Sequence[Said]:
        """Remove statements of a block, and return those that are kept."""
        if not gone:
            return block
        kept = [one for one in block if one not in gone]
        if not kept:
            self._remove_lines(block[0].where.subject, block_end(self.text, block[0].where.subject))
            return []
        groups: dict[int, list[Said]] = defaultdict(list)
        for one in block:
            groups[one.where.predicate].append(one)
        for group in groups.values():
            self._remove_from(group, [one in gone for one in group])
        return kept

    def _remove_from(self, group: Sequence[Said], gone: Sequence[bool]) -> None:
        """Remove some values of a list of values, or the list with its predicate."""
        if not any(gone):
            return
        if all(gone):
            end = group[-1].where.end
            semicolon = _AFTER.match(self.text, end)
            closing = semicolon.end() if semicolon and "#" not in semicolon[0] else end
            self._remove_lines(group[0].where.predicate, closing)
            return
        first = gone.index(False)
        for number, one in enumerate(group):
            if gone[number] and number < first:
                self._remove(one.where.object, group[number + 1].where.object)
            elif gone[number]:
                self._remove(group[number - 1].where.end, one.where.end)

    def _remove_lines(self, start: int, end: int) -> None:
        """Remove a range, with its whole lines if nothing else is on them."""
        line = self.text.rfind("\n", 0, start) + 1
        after = re.compile(r"[ \t]*(\r?\n|\Z)").match(self.text, end)
        if after and not self.text[line:start].strip():
            start, end = line, after.end()
            blank_before = re.search(r"(?<=\n)[ \t]*\r?\n\Z", self.text[:start])
            blank_after = re.compile(r"[ \t]*\r?\n").match(self.text, end)
            if blank_before and blank_after:  # one blank line is enough
                end = blank_after.end()
            elif blank_before and end == len(self.text):
                start = blank_before.start()
        self._remove(start, end)

    def _remove(self, start: int, end: int) -> None:
        """Remove a range, but for its comments."""
        kept = (f" {comment}{self._newline}" for _, comment in comments(self.text[start:end]))
        self._changes.append(_Change(start, end, "".join(kept)))

    def _insert(self, plain: Sequence[Said], new: Iterable[ox.Triple]) -> None:
        """Add statements to a block, after some of its statements whose end is known."""
        line = self.text.rfind("\n", 0, plain[-1].where.predicate) + 1
        indent = re.match(r"[ \t]*", self.text[line:])
        inset = (indent[0] if indent else "") or "    "
        for triple in sorted(new, key=_order):
            end = _last_before(plain, triple).where.end
            said = f"{self._predicate(triple)} {self._term(triple.object)}"
            self._changes.append(_Change(end, end, f" ;{self._newline}{inset}{said}"))

    @property
    def _newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def _predicate(self, triple: ox.Triple) -> str:
        return "a" if triple.predicate.value == _TYPE else self._term(triple.predicate)

    def _term(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
        if self.flat or isinstance(term, ox.Triple):
            return str(term)
        return self._names.term(term)

    def _spelled_like(self, one: Said, follower: ox.Triple) -> str:
        """A value, with the prefix of the one that it replaces if that fits."""
        before, value = self.text[one.where.object : one.where.end], follower.object
        old = one.triple.object
        if isinstance(old, ox.NamedNode) and isinstance(value, ox.NamedNode):
            like = spelled_like(before, old.value, value.value)
            if before.startswith("<") or not like.startswith("<"):
                return like
        return self._term(value)

    def _assemble(self, blocks: Sequence[tuple[ox.NamedNode, list[ox.Triple]]]) -> str:
        """Make the changes, add blocks at the end, and declare the prefixes that are new."""
        newline = self._newline
        written = [self._block(subject, triples) for subject, triples in blocks]
        parts, end = [], 0
        for change in sorted(self._changes, key=lambda c: (c.start, c.end)):
            if change.start >= end:
                parts += [self.text[end : change.start], change.text]
                end = change.end
        text = "".join((*parts, self.text[end:]))
        if written:
            gap = newline if self.flat or not text.strip() else newline * 2
            separator = "" if self.flat else newline
            head = text.rstrip("\r\n") + gap if text.strip() else text
            text = head.removeprefix(newline) + separator.join(written)
        return self._with_prefixes(text, newline)

    def _block(self, subject: ox.NamedNode, triples: Sequence[ox.Triple]) -> str:
        newline, ordered = self._newline, sorted(triples, key=_order)
        if self.flat:
            return "".join(f"{triple} .{newline}" for triple in ordered)
        lines = [f"    {self._predicate(t)} {self._term(t.object)} ;" for t in ordered]
        return newline.join([self._term(subject), *lines, "    .", ""])

    def _with_prefixes(self, text: str, newline: str) -> str:
        declared = {prefix: self._further[prefix] for prefix in sorted(self._names.used)}
        if not declared:
            return text
        if not _DIRECTIVE.search(text):
            start = re.match(r"(?:#[^\r\n]*\r?\n)*", text)
            place = start.end() if start else 0
            lines = [f"PREFIX {p}: <{n}>" for p, n in declared.items()]
            gap = newline if place else ""
            return text[:place] + gap + newline.join([*lines, "", ""]) + text[place:].lstrip("\r\n")
        for prefix, namespace in declared.items():
            known = list(_DIRECTIVE.finditer(text))
            after = [one for one in known if one[2] < prefix]
            place = after[-1].end() if after else known[0].start()
            like = (after or known)[-1]
            line = (
                f"@prefix {prefix}: <{namespace}> ."
                if like[1]
                else f"PREFIX {prefix}: <{namespace}>"
            )
            text = text[:place] + line + newline + text[place:]
        return text


def _last_before(block: Sequence[Said], triple: ox.Triple) -> Said:
    """The statement of a block after which a new one is written.

    In a sorted block that is its place by order; else the last one of its property, or of all.
    """
    orders = [_order(one.triple) for one in block]
    same = [one for one in block if one.triple.predicate == triple.predicate]
    if orders != sorted(orders):
        return (same or block)[-1]
    found = block[max(bisect_right(orders, _order(triple)) - 1, 0)]
    return [one for one in block if one.where.predicate == found.where.predicate][-1]


def _order(triple: ox.Triple) -> tuple[int, str, str]:
    value = triple.object
    text = value.value if isinstance(value, ox.NamedNode | ox.Literal) else str(value)
    return *predicate_order(triple.predicate.value), text

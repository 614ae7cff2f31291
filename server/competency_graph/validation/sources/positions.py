"""The positions of the statements in the author's files that findings are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from competency_graph.rdf.source_positions import Statement, token_end
from competency_graph.validation.checks.author_statements import TYPE
from competency_graph.validation.findings import Place
from competency_graph.validation.sources.author_files import Source


@dataclass(frozen=True)
class Written:
    """A statement in a file; terms in N-Triples.

    Args:
        source: the file.
        subject: its subject.
        predicate: its predicate, an IRI without brackets.
        value: its object.
        where: its position, if known.
    """

    source: Source
    subject: str
    predicate: str
    value: str
    where: Statement | None

    def at(self, start: int, end: int = -1) -> Place:
        """The place of a range in its source: up to ``end``, or of a single token."""
        if self.where is None:
            return _first_mention(self.source, self.subject)
        return self.source.place(start, token_end(self.source.text, start) if end < 0 else end)

    @property
    def subject_place(self) -> Place:
        """The place of its subject."""
        return self.at(self.where.subject if self.where else 0)

    @property
    def predicate_place(self) -> Place:
        """The place of its predicate."""
        return self.at(self.where.predicate if self.where else 0)

    @property
    def value_place(self) -> Place:
        """The place of its object."""
        return self.at(*((self.where.object, self.where.end) if self.where else (0,)))


def _first_mention(source: Source, term: str) -> Place:
    """The place where a term first occurs, for formats without positions."""
    name = term.strip("<>")
    for key in (name, name[max(name.rfind("#"), name.rfind("/")) + 1 :]):
        offset = source.text.find(key) if key else -1
        if offset >= 0:
            return source.place(offset, offset + len(key))
    return Place(source.name)


class Places:
    """The statements about some terms, with their positions.

    Args:
        sources: the author's files.
        terms: the subjects and objects, in N-Triples, whose statements are included.
    """

    def __init__(self, sources: Iterable[Source], terms: Collection[str]) -> None:
        self._by_subject: dict[str, list[Written]] = defaultdict(list)
        self._by_object: dict[str, list[Written]] = defaultdict(list)
        for source in sources if terms else ():
            for quad, where, holding in source.statements_about(terms):
                subject, value = str(quad.subject), str(quad.object)
                written = Written(holding, subject, quad.predicate.value, value, where)
                if subject in terms:
                    self._by_subject[subject].append(written)
                if value in terms:
                    self._by_object[value].append(written)

    def statement(self, subject: str, predicate: str, value: str = "") -> Written | None:
        """The statement with these terms; without a value, the last one with any value."""
        found = [
            written
            for written in self._by_subject.get(subject, ())
            if written.predicate == predicate and value in ("", written.value)
        ]
        return found[-1] if found else None

    def statements(self, subject: str, predicate: str) -> list[Written]:
        """The statements with a subject and a predicate."""
        return [w for w in self._by_subject.get(subject, ()) if w.predicate == predicate]

    def links(self, predicate: str, value: str) -> list[Written]:
        """The statements with a predicate and an object."""
        return [w for w in self._by_object.get(value, ()) if w.predicate == predicate]

    def link(self, predicate: str, value: str) -> Written | None:
        """The first statement with a predicate and an object."""
        return next(
            (w for w in self._by_object.get(value, ()) if predicate in ("", w.predicate)), None
        )

    def entry(self, subject: str) -> Written | None:
        """The statement that begins an entry's description: its class, else the first one."""
        found = self._by_subject.get(subject, ())
        return next((w for w in found if w.predicate == TYPE), next(iter(found), None))

    def last(self, subject: str) -> Written | None:
        """The last statement of the block that begins an entry's description."""
        first = self.entry(subject)
        if first is None or first.where is None:
            return None
        block = [
            w
            for w in self._by_subject[subject]
            if w.source is first.source and w.where and w.where.subject == first.where.subject
        ]
        return block[-1]

    def place(self, focus: str, path: str, about: str, value: str) -> tuple[Place, Written | None]:
        """The place of a finding, and the statement at that place, if any.

        Args:
            focus: the entry concerned.
            path: the property of the finding, "" for none or more than one.
            about: the property whose subjects or objects the rule targets, "" for none.
            value: the value concerned, "" for none.

        Returns:
            A place without a file if the author's files do not mention the entry.
        """
        if value and value != focus:
            candidates = [w for w in self._by_subject.get(focus, ()) if w.value == value]
            candidates += [w for w in self._by_subject.get(value, ()) if w.value == focus]
            exact = [w for w in candidates if w.predicate == path]
            if exact or candidates:
                written = (exact or candidates)[-1]
                return written.value_place, written
        elif path:
            same = self.statement(focus, path)
            if same:
                return same.value_place, same
        if about:
            said = self.statement(focus, about)
            if said:
                return said.predicate_place, said
            linked = self.link(about, focus)
            if linked:
                return linked.value_place, linked
        begins = self.entry(focus)
        if begins:
            return begins.subject_place, None
        linked = self.link("", focus)
        if linked:
            return linked.value_place, linked
        return Place(), None

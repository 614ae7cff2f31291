"""Changes in words, shared by the formats for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pyoxigraph as ox

from competency_graph.rdf.short_names import Term
from competency_graph.versions.model import KINDS, Change, Changes, Detail, Entry
from competency_graph.versions.usual_names import in_words, usual_name


class Line(NamedTuple):
    """One respect in which an entry changed, in words.

    Args:
        what: the property, or the name of a relation.
        removed: the old values.
        added: the new values.
        language: the language of the values, if they are texts in one language, or "".
        about: what has these values, if not the entry itself.
    """

    what: str
    removed: tuple[str, ...]
    added: tuple[str, ...]
    language: str = ""
    about: str = ""

    @property
    def heading(self) -> str:
        """What has changed, in one phrase."""
        what = f"{self.what} ({self.language})" if self.language else self.what
        return f"{self.about}: {what}" if self.about else what


def name(entry: Entry) -> str:
    """What an entry is called: its label, or its short name."""
    return entry.label or usual_name(entry.iri)


def facts(entry: Entry) -> str:
    """The class, the code and the short name of an entry, as far as it has them."""
    class_ = in_words(entry.class_) if entry.class_ else ""
    own = " ".join(filter(None, (class_, entry.code)))
    return ", ".join(filter(None, (own, usual_name(entry.iri) if entry.label else "")))


def lines(change: Change, changes: Changes) -> Iterator[Line]:
    """The details of a change."""
    for detail in change.details:
        yield _line(detail, changes)


def heading(kind: str, number: int) -> str:
    """The heading of the changes of one kind."""
    return f"{KINDS[kind]} ({number:,})"


def summary(changes: Changes) -> str:
    """The number of changes in one sentence."""
    if not changes:
        return f"No changes from {changes.old.name} to {changes.new.name}."
    parts = [f"{number:,} {KINDS[kind][0].lower()}{KINDS[kind][1:]}"
             for kind, number in changes.counts.items()]  # fmt: skip
    number = len(changes.changes)
    return (
        f"{number:,} change{'' if number == 1 else 's'} from {changes.old.name} to "
        f"{changes.new.name}: {', '.join(parts)}."
    )


def _line(detail: Detail, changes: Changes) -> Line:
    values = (*detail.removed, *detail.added)
    languages = {each.language for each in values if isinstance(each, ox.Literal)}
    common = next(iter(languages)) if len(languages) == 1 else None
    removed, added = (
        tuple(_value(each, changes, common) for each in side)
        for side in (detail.removed, detail.added)
    )
    return Line(_property(detail.what, changes), removed, added, common or "", detail.about)


def _property(what: str, changes: Changes) -> str:
    if ":" not in what:
        return what  # the name of a relation
    return changes.descriptions.labels.get(what) or usual_name(what)


def _value(term: Term, changes: Changes, language: str | None) -> str:
    if isinstance(term, ox.NamedNode):
        label, name_ = changes.descriptions.labels.get(term.value), usual_name(term.value)
        return f"{label} ({name_})" if label else name_
    if isinstance(term, ox.Literal):
        if term.language and term.language != language:
            return f"{term.value} ({term.language})"
        return term.value
    return "[…]"

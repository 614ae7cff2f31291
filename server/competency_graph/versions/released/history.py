"""The history of a dictionary: what each released version changed, from the archive.

The changes of each version are computed once, and cached by the checksums of its files.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL

from competency_graph.dictionary.cache import cached
from competency_graph.errors import CompetencyError
from competency_graph.versions.comparison import compare
from competency_graph.versions.formats import wording
from competency_graph.versions.model import KINDS, Change, Changes
from competency_graph.versions.numbers import Number
from competency_graph.versions.released.archive import Archive
from competency_graph.versions.sources import Version

MAX_VERSIONS: Final = 100
"""The maximum number of versions, the last ones."""
_FORMAT: Final = 2
"""Increment whenever a step has other fields or other words than before."""
_NUMBER: Final = str(OWL.versionInfo)
_DATES: Final = (str(DCTERMS.issued), str(DCTERMS.modified))


@dataclass(frozen=True)
class EntryChange:
    """What a version changed about an entry, in words.

    Args:
        kind: one of `model.KINDS`.
        entry: the IRI of the entry.
        label: its label, or its short name.
        language: the language of the label, or "".
        class_: the IRI of its class, or "".
        code: its code, or "".
        lines: the respects in which it changed.
    """

    kind: str
    entry: str
    label: str
    language: str
    class_: str
    code: str
    lines: tuple[wording.Line, ...]


@dataclass(frozen=True)
class Step:
    """A released version and what it changed.

    Args:
        number: its number.
        iri: its version IRI, or "".
        dictionary: the IRI of the dictionary, or "".
        date: when it was released, as in the files, or "".
        first: whether no earlier version is known.
        changes: what it changed; in the first version, all entries were added.
        fault: why the changes are unknown, or "".
    """

    number: str
    iri: str
    dictionary: str
    date: str
    first: bool
    changes: tuple[EntryChange, ...]
    fault: str = ""

    @cached_property
    def counts(self) -> dict[str, int]:
        """The number of changes of each kind, in the order of `model.KINDS`."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in KINDS if found[kind]}

    def of(self, kind: str) -> list[EntryChange]:
        """The changes of a kind."""
        return [change for change in self.changes if change.kind == kind]


@dataclass(frozen=True)
class History:
    """The released versions, the last one first."""

    steps: tuple[Step, ...]

    @cached_property
    def by_entry(self) -> Mapping[str, list[tuple[Step, EntryChange]]]:
        """For each entry, the changes with their versions, the first one first."""
        found: dict[str, list[tuple[Step, EntryChange]]] = defaultdict(list)
        for step in reversed(self.steps):
            for change in step.changes:
                found[change.entry].append((step, change))
        return found


def read_history(archive: Archive) -> History:
    """Read what the last versions of an archive changed, at most `MAX_VERSIONS`.

    A version that cannot be read has a `Step.fault` instead of changes.
    """
    numbers = archive.numbers()
    known = numbers[-MAX_VERSIONS:]
    before = [*numbers[-MAX_VERSIONS - 1 : -MAX_VERSIONS], *known]
    steps = [] if len(before) > len(known) or not known else [_step(archive, None, known[0])]
    steps += [_step(archive, old, new) for old, new in pairwise(before)]
    return History(tuple(reversed(steps)))


def _step(archive: Archive, old: Number | None, new: Number) -> Step:
    try:
        digests = [archive.digest(number) for number in (old, new) if number is not None]
        key = hashlib.sha256(" ".join(digests).encode()).hexdigest()
        content = cached(f"history-{_FORMAT}-{key}.json", lambda: _computed(archive, old, new))
    except CompetencyError as error:
        return Step(str(new), "", "", "", old is None, (), error.what)
    fields: dict[str, Any] = json.loads(content)
    changes = tuple(
        EntryChange(
            **{
                **each,
                "lines": tuple(
                    wording.Line(what, tuple(removed), tuple(added), *others)
                    for what, removed, added, *others in each["lines"]
                ),
            }
        )
        for each in fields.pop("changes")
    )
    return Step(**fields, changes=changes)


def _computed(archive: Archive, old: Number | None, new: Number) -> bytes:
    """A step as JSON."""
    version = archive.read(new)
    before = archive.read(old) if old is not None else Version("", {})
    changes = compare(before, version)
    facts = _facts(version)
    found = tuple(
        _change(change, changes)
        for change in changes.changes
        if change.entry.iri != facts["dictionary"] and not _is_number(change)
    )
    return json.dumps(asdict(Step(str(new), first=old is None, changes=found, **facts))).encode()


def _is_number(change: Change) -> bool:
    """Whether only the number of a version changed, as that of each set of mappings does."""
    return bool(change.details) and {each.what for each in change.details} == {_NUMBER}


def _change(change: Change, changes: Changes) -> EntryChange:
    return EntryChange(
        change.kind,
        change.entry.iri,
        wording.name(change.entry),
        getattr(change.entry.label, "language", ""),
        change.entry.class_,
        change.entry.code,
        tuple(wording.lines(change, changes)),
    )


def _facts(version: Version) -> dict[str, str]:
    """The IRIs and the date that a version states about itself."""
    dictionary = iri = ""
    for quad in sorted(version.statements, key=str):
        if quad.predicate.value == str(OWL.versionIRI) and isinstance(quad.object, ox.NamedNode):
            dictionary, iri = getattr(quad.subject, "value", ""), quad.object.value
            break
    dates = {
        quad.predicate.value: quad.object.value
        for quad in version.statements
        if getattr(quad.subject, "value", "") == dictionary and isinstance(quad.object, ox.Literal)
    }
    date = next((dates[name] for name in _DATES if name in dates), "")
    return {"iri": iri, "dictionary": dictionary, "date": date}

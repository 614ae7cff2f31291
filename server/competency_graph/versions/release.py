"""Releasing a version: its number and date in the files, its changes in words, and its snapshot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, XSD

from competency_graph.dictionary.model import Dictionary
from competency_graph.errors import BadValueError
from competency_graph.mappings.set_version import with_version
from competency_graph.rdf.input_files import CHANGES
from competency_graph.rdf.several_files import change_files
from competency_graph.rdf.vocabulary import CG, PUBLISHED
from competency_graph.validation import Source, base_of, read_shapes, validate_sources
from competency_graph.validation.findings import Report
from competency_graph.validation.sources.author_files import MAPPINGS
from competency_graph.validation.sources.positions import Places
from competency_graph.validation.validator import INTERRUPTED
from competency_graph.versions.breaking import breaking_changes
from competency_graph.versions.comparison import compare
from competency_graph.versions.file_edits import FileEdits, Value
from competency_graph.versions.formats.markdown import write_markdown
from competency_graph.versions.model import Changes
from competency_graph.versions.numbers import Number, number_or_none
from competency_graph.versions.released.archive import Archive
from competency_graph.versions.released.snapshots import snapshot
from competency_graph.versions.sources import Version

_HEADING: Final = re.compile(r"^## ", re.MULTILINE)


@dataclass(frozen=True)
class Release:
    """A version that is ready to be written.

    Args:
        number: its number.
        iri: its version IRI.
        dictionary: the dictionary.
        last: the last released version; None if this is the first one.
        files: the new contents of the files that change, by path.
        snapshot: the files of the version's folder in the archive, by path in that folder.
        changes: the changes since the last version; None if this is the first one.
        validation: the findings in the new files.
        breaking: the changes that this version may not contain.
    """

    number: Number
    iri: str
    dictionary: Dictionary
    last: Number | None
    files: Mapping[Path, bytes]
    snapshot: Mapping[str, bytes]
    changes: Changes | None
    validation: Report
    breaking: Report | None

    @property
    def archived(self) -> Path:
        """The folder of the version in the archive."""
        return Archive.of(self.dictionary.folder).folder / str(self.number)

    @property
    def failing(self) -> Report | None:
        """The findings for which it must not be released; None if there are none."""
        for report in (self.validation, self.breaking):
            if report and (report.partial or report.failing()):
                return report
        return None

    def write(self) -> None:
        """Write all files, or none.

        Raises:
            UnavailableError: a file cannot be written; nothing has been changed.
        """
        change_files(self.dictionary.folder, self.files, {self.archived: self.snapshot})


def prepare_release(dictionary: Dictionary, number: Number, today: date) -> Release:
    """Prepare the release of a dictionary's files; no file is written.

    Args:
        dictionary: the dictionary with its own files.
        number: the number of the version.
        today: the date of the release.

    Raises:
        BadValueError: the number is not higher than that of the last version, nothing has changed
            since, or the files do not describe a dictionary or extension.
        UnreadableInputError: a file has a syntax error, or the last version was changed.
        KeyboardInterrupt: SIGINT arrived.
    """
    archive = Archive.of(dictionary.folder)
    sources = _sources(dictionary)
    iri = _described(dictionary.own)
    last = archive.last()
    _check_number(number, last, dictionary.own, iri)
    version_iri = f"{iri.rstrip('/#')}/{number}"
    prior = f"{iri.rstrip('/#')}/{last}" if last else ""
    changed = _with_version(sources, iri, number, version_iri, prior, today)
    changed |= {
        Path(source.name): with_version(source.content, str(number), source.name)
        for source in sources
        if source.format == MAPPINGS
    }
    current = Version(str(number), {source.name: source.content for source in sources})
    changes = compare(archive.read(last), current) if last else None
    if changes is not None and not changes:
        raise BadValueError(f"nothing has changed since {last}", "Release a version after a change")
    new = [Source(s.name, changed.get(Path(s.name), s.content), s.number, s.form) for s in sources]
    breaking = None
    if changes is not None and last is not None and not number.may_break(last):
        breaking = breaking_changes(changes)
    notes = dictionary.folder / CHANGES
    old_notes = notes.read_text("utf-8") if notes.exists() else ""
    files = {notes: _with_notes(old_notes, number, today, changes).encode(), **changed}
    base = "none" if iri == PUBLISHED else dictionary.base  # it does not extend itself
    validation = validate_sources(new, base_of(new, base), read_shapes(()))
    if validation.partial == INTERRUPTED:
        raise KeyboardInterrupt
    return Release(
        number, version_iri, dictionary, last, files,
        snapshot({_relative(source.name, dictionary): source.content for source in new}),
        changes, validation, breaking,
    )  # fmt: skip


def _sources(dictionary: Dictionary) -> list[Source]:
    return [
        Source(str(path), dictionary.contents[path], number)
        for number, path in enumerate(dictionary.own_files)
    ]


def _relative(name: str, dictionary: Dictionary) -> str:
    path = Path(name)
    placed = path.parent.resolve() / path.name
    if not placed.is_relative_to(dictionary.folder):
        raise BadValueError(
            f"this file is not in {dictionary.folder}, the folder of the dictionary",
            "Move it there, or name a folder that contains all files",
            name,
        )
    return placed.relative_to(dictionary.folder).as_posix()


def _described(own: Graph) -> str:
    """The IRI of the dictionary or extension that the files describe.

    Raises:
        BadValueError: they describe none, or several.
    """
    for class_ in (CG.CompetencyDictionary, OWL.Ontology):
        found = sorted(str(s) for s in set(own.subjects(RDF.type, class_)) if isinstance(s, URIRef))
        if len(found) == 1:
            return found[0]
        if found:
            raise BadValueError(
                f"the files describe {len(found)} dictionaries: {', '.join(found)}",
                "Release them one by one, naming the files of one with --data",
            )
    raise BadValueError(
        "the files describe no dictionary or extension of one",
        "Describe it as an owl:Ontology, as extension.ttl of “competency new” does",
    )


def _check_number(number: Number, last: Number | None, own: Graph, iri: str) -> None:
    if last is not None and number <= last:
        raise BadValueError(
            f"{number} is not higher than {last}, the last released version", "Use a higher number"
        )
    stated = number_or_none(str(own.value(URIRef(iri), OWL.versionInfo) or ""))
    if last is None and stated and number < stated:
        raise BadValueError(
            f"{number} is lower than {stated}, which the files state as their version",
            "Use a higher number, or correct owl:versionInfo",
        )


def _with_version(
    sources: list[Source], iri: str, number: Number, version_iri: str, prior: str, today: date
) -> dict[Path, bytes]:
    """The files that change with the number and the date of the version."""
    edits, term = FileEdits(sources), f"<{iri}>"
    places = Places(sources, [term])
    issued = ox.Literal(today.isoformat(), datatype=ox.NamedNode(str(XSD.date)))
    wanted: dict[URIRef, Value] = {
        OWL.versionInfo: ox.Literal(str(number)),
        OWL.versionIRI: ox.NamedNode(version_iri),
        DCTERMS.issued: issued,
        DCTERMS.modified: issued,
    }
    if prior:
        wanted[OWL.priorVersion] = ox.NamedNode(prior)
    added = []
    for predicate, value in wanted.items():
        stated = places.statements(term, str(predicate))
        if len(stated) > 1:
            raise BadValueError(
                f"the dictionary has {len(stated)} values of {predicate}",
                "Keep one",
                str(stated[1].value_place),
            )
        if not stated or not edits.replace(stated[0], value):
            added.append((str(predicate), value))
    last = places.last(term)
    if added and (last is None or not edits.add(last, added)):
        raise BadValueError(
            "the description of the dictionary is not in Turtle", "Convert its file to Turtle", iri
        )
    return edits.contents()


def _with_notes(old: str, number: Number, today: date, changes: Changes | None) -> str:
    """The file of changes with a section for a version, above those of earlier ones."""
    body = "First release.\n" if changes is None else write_markdown(changes, level=3)
    section = f"## {number} ({today.isoformat()})\n\n{body}"
    old = old or "# Changes\n"
    first = _HEADING.search(old)
    if first is None:
        return f"{old.rstrip()}\n\n{section}"
    return f"{old[: first.start()]}{section}\n{old[first.start() :]}"

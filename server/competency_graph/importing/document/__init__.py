"""Imports a dictionary that is written as a document: its own words as Turtle.

``reading/`` reads text, Word, OpenDocument and PDF into lines, ``outline/`` recognises the parts.
``resolving.py`` joins the names that mean the same entry, ``texts.py`` makes labels and
definitions, and ``building.py`` the graphs. What is guessed or missing becomes a finding
(``findings.py``), and what became of each line is counted (``outline/accounts.py``). Start reading
here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rdflib.namespace import SKOS

from competency_graph.dictionary.own_namespaces import absolute_iri, own_namespace
from competency_graph.errors import BadValueError, UnreadableInputError
from competency_graph.importing.document import reading
from competency_graph.importing.document.building import File, build
from competency_graph.importing.document.completeness import report_missing
from competency_graph.importing.document.content import Content
from competency_graph.importing.document.corrections import Corrections, read_corrections
from competency_graph.importing.document.findings import RULES, UNUSED_CORRECTION, Findings
from competency_graph.importing.document.outline.accounts import UNUSED, Accounts, Use, ranges
from competency_graph.importing.document.outline.paragraphs import paragraphs
from competency_graph.importing.document.outline.parsing import outline_of
from competency_graph.importing.document.reading.line import Text
from competency_graph.importing.document.resolving import resolve
from competency_graph.importing.document.texts import Texts
from competency_graph.importing.document.writing import write_folder
from competency_graph.rdf.language_tags import tag_error
from competency_graph.validation.findings import Report

__all__ = [
    "RULES", "Corrections", "Imported", "Settings", "import_document", "import_text",
    "read_corrections", "write_folder",
]  # fmt: skip

Progress = Callable[[str, int], None]
"""Called with what is being done, and a number."""


@dataclass(frozen=True)
class Settings:
    """What a document does not say about the dictionary.

    Args:
        namespace: the beginning of its IRIs, ending in ``/``.
        language: the language of its texts, a BCP 47 tag.
        about: its title, description, licence, creator and version, as far as they are given.
    """

    namespace: str
    language: str = "en"
    about: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Imported:
    """The result of an import.

    Args:
        files: the files by their paths in the folder to write.
        content: the entries.
        report: the findings.
        lines: the number of lines by their use.
        unused: the numbers of the lines with text that is not in the dictionary, by their use.
        unit: what is counted: “line” or “paragraph”.
    """

    files: Mapping[str, File]
    content: Content
    report: Report
    lines: Mapping[str, int]
    unused: Mapping[str, str]
    unit: str


def import_document(
    path: Path,
    settings: Settings,
    corrections: Corrections | None = None,
    progress: Progress = lambda doing, number: None,
) -> Imported:
    """Import a document: text, Word, OpenDocument or PDF, by its ending.

    Raises:
        BadValueError: a setting is invalid.
        UnreadableInputError: the document cannot be read, or nothing in it is recognised.
        UnavailableError: the library that reads its format is not installed.
    """
    progress(f"reading {path.name}", 0)
    return import_text(reading.read(path), str(path), settings, corrections, progress)


def import_text(
    text: Text,
    name: str,
    settings: Settings,
    corrections: Corrections | None = None,
    progress: Progress = lambda doing, number: None,
) -> Imported:
    """Import a document that has been read.

    Args:
        text: its lines.
        name: its name, for findings.
        settings: what it does not say itself.
        corrections: what was decided about it.
        progress: is called with the progress.

    Raises:
        BadValueError: a setting is invalid.
        UnreadableInputError: nothing in the document is recognised.
    """
    corrections = corrections or Corrections()
    about = {**(settings.about or {}), **corrections.about}
    _check(settings, about)
    findings = Findings(name, text.lines, corrections)
    accounts = Accounts(len(text.lines))
    text, left_out = corrections.apply(text)
    kept = _without(text, left_out, accounts)
    progress("recognising the parts of", len(text.lines))
    found = paragraphs(kept, corrections.read_as, corrections.labels)
    outline = outline_of(found, accounts, corrections.labels)
    content = resolve(outline, Texts(found, corrections, findings, accounts), corrections, findings)
    if not (content.roles or content.areas or content.clusters):
        raise UnreadableInputError(
            "no role, competency or area of expertise was recognised",
            "See docs/importing-documents.md for the headings and labels that are expected",
            name,
        )
    if outline.title:
        about.setdefault("title", outline.title.text)
    if outline.description:
        about.setdefault("description", outline.description.text)
    content.about = about
    report_missing(content, findings)
    for unused in corrections.unused():
        findings.add(
            UNUSED_CORRECTION,
            0,
            f"The correction “{unused}” has no effect.",
            "Remove it, or correct its line.",
        )
    progress("building the dictionary from", len(text.lines))
    files = build(content, settings.namespace, settings.language, Path(name).name)
    report = Report(
        findings.sorted(),
        files=(name,),
        statements=sum(len(file.statements) for file in files.values()),
        rules={rule.code: rule for rule in RULES},
        entries=sum(
            predicate == SKOS.notation
            for file in files.values()
            for _, predicate, _ in file.statements
        ),
    )
    return Imported(files, content, report, accounts.counts(), _unused(text, accounts), text.unit)


def _check(settings: Settings, about: Mapping[str, str]) -> None:
    """Check the settings before anything is read.

    Raises:
        BadValueError: one is invalid.
    """
    own_namespace(settings.namespace)
    if wrong := tag_error(settings.language):
        raise BadValueError(
            f"“{settings.language}” is not a language: {wrong}", "Give one such as en or de"
        )
    if about.get("licence"):
        absolute_iri(about["licence"])


def _without(text: Text, left_out: set[int], accounts: Accounts) -> Text:
    """The document with the lines to leave out blank, and these and the blank ones noted."""
    lines = list(text.lines)
    for position, line in enumerate(lines):
        if line.blank:
            accounts.note([position], Use.BLANK)
        elif position in left_out:
            accounts.note([position], Use.IGNORED)
            lines[position] = type(line)(line.number, "", page=line.page)
    return Text(tuple(lines), text.unit, text.wrapped, text.fill)


def _unused(text: Text, accounts: Accounts) -> dict[str, str]:
    return {
        use.value: ranges(
            line.number for line, each in zip(text.lines, accounts.uses, strict=True) if each == use
        )
        for use in UNUSED
        if use in accounts.uses
    }

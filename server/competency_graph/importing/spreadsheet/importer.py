"""Imports a workbook or a CSV file: reads it, compares it, and says what files change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, RDF

from competency_graph.dictionary.model import Dictionary
from competency_graph.dictionary.own_namespaces import own_namespace
from competency_graph.dictionary.sheets.contents import DICTIONARY, Contents, dictionary_of
from competency_graph.dictionary.sheets.plan import Plan, plan
from competency_graph.errors import BadValueError, UnreadableInputError
from competency_graph.importing.spreadsheet.changes import Changes
from competency_graph.importing.spreadsheet.csv_files import read_csv
from competency_graph.importing.spreadsheet.files import Files
from competency_graph.importing.spreadsheet.findings import SHEET_RULES, Findings
from competency_graph.importing.spreadsheet.mapped_rows import MappedRows
from competency_graph.importing.spreadsheet.mapping import read_mapping
from competency_graph.importing.spreadsheet.own_layout import Comparison, is_own
from competency_graph.importing.spreadsheet.state import State
from competency_graph.importing.spreadsheet.tables import Table
from competency_graph.importing.spreadsheet.workbooks import read_workbook
from competency_graph.rdf.atomic_write import replace, replacing_folder
from competency_graph.rdf.editable_files import EditableFile
from competency_graph.rdf.input_files import LINKS
from competency_graph.rdf.language_tags import tag_error
from competency_graph.rdf.parsing import parse
from competency_graph.rdf.several_files import change_files
from competency_graph.rdf.vocabulary import CG
from competency_graph.validation.findings import Finding, Report

XLSX, CSV = "xlsx", "csv"
"""The formats of spreadsheets."""
Progress = Callable[[str, int], None]
"""Is called with what is being done."""
_FIRST_VERSION: Final = "0.1.0"
_REMEDY: Final = "Free some disk space, or check its permissions"


@dataclass(frozen=True)
class Request:
    """What to import, and how.

    Args:
        path: the workbook or the CSV file.
        form: `XLSX` or `CSV`.
        data: the files and folders of the dictionary; none for a new one.
        base: the base that the files extend, one of `base.BASES`.
        mapping: the mapping of a table from elsewhere, if any.
        namespace: the namespace of new entries; "" for the one that the dictionary's entries have.
        title: the title of a new dictionary; "" for the name of the file.
        language: the language of a new dictionary, or of texts without another one; "" for the
            dictionary's.
        output: the folder or file of a new dictionary.
        deleting: whether entries whose row was removed are deleted, instead of deprecated.
        overwriting: whether a row wins over a change of the dictionary since the export.
        encoding: the encoding of a CSV file; "" to find it.
        separator: the separator of a CSV file; "" to find it.
    """

    path: Path
    form: str
    data: Sequence[str] = ()
    base: str = "auto"
    mapping: Path | None = None
    namespace: str = ""
    title: str = ""
    language: str = ""
    output: Path | None = None
    deleting: bool = False
    overwriting: bool = False
    encoding: str = ""
    separator: str = ""


@dataclass(frozen=True)
class Import:
    """The result of reading a spreadsheet, before anything is written.

    Args:
        name: the name of the file.
        changes: the statements to add and to remove.
        old: the contents of the dictionary's files.
        new: the contents of those that change; of none if there is a violation.
        found: the findings.
        rows: the number of rows that were read as entries.
        left_out: the number of rows that a mapping leaves out.
        target: the folder that contains all files; for a new dictionary, its folder or file.
        is_new: whether it is a new dictionary.
    """

    name: str
    changes: Changes
    old: Mapping[Path, bytes]
    new: Mapping[Path, bytes]
    found: tuple[Finding, ...] = ()
    rows: int = 0
    left_out: int = 0
    target: Path = Path()
    is_new: bool = False

    @property
    def report(self) -> Report:
        """The findings as a report."""
        return Report(
            self.found, (self.name,), rules={rule.code: rule for rule in SHEET_RULES},
            entries=self.rows,
            statements=len(self.changes.added) + len(self.changes.removed),
        )  # fmt: skip

    @property
    def is_refused(self) -> bool:
        """Whether there is a violation, so that nothing may be written."""
        return any(finding.severity == "violation" for finding in self.found)

    def write(self) -> None:
        """Write the files, or none of them.

        Raises:
            UnavailableError: a file cannot be written; all are unchanged.
        """
        if not self.is_new:
            change_files(self.target, self.new, {})
        elif self.target in self.new:
            replace(self.target, self.new[self.target], "dictionary", _REMEDY)
        elif self.new:
            with replacing_folder(self.target, "dictionary", _REMEDY) as folder:
                for path, content in self.new.items():
                    (folder / path.name).write_bytes(content)


def import_spreadsheet(request: Request, progress: Progress = lambda doing, number: None) -> Import:
    """Compare a spreadsheet with a dictionary.

    Raises:
        UnreadableInputError: the spreadsheet, its mapping or a file of the dictionary cannot be
            read.
        BadValueError: a value of the request is missing or invalid.
    """
    progress(f"Reading {request.path}", 0)
    findings = Findings(str(request.path))
    tables = (
        read_workbook(request.path)
        if request.form == XLSX
        else [read_csv(request.path, findings, request.encoding, request.separator)]
    )
    progress("Reading the dictionary", 0)
    present = _present(request) if request.data else _empty(request, tables)
    state = present.state
    comparison = Comparison(state, findings)
    progress("Comparing", 0)
    left_out = 0
    if request.mapping is not None:
        language = request.language or state.contents.language
        mapping = read_mapping(request.mapping, state.plan, language)
        mapped = MappedRows(mapping, state, findings, str(request.path))
        changes = comparison.compare_mapped(mapped, tables)
        left_out = mapped.left_out
    else:
        _require_own_layout(tables, state.plan, request)
        changes = comparison.compare(tables)
    for triple in present.initial:
        changes.add(triple, "")
    old = {file.path: file.content for file in present.files}
    new: Mapping[Path, bytes] = {}
    if not findings.blocking and changes:
        progress("Editing files", 0)
        new = Files(present.files, present.folder).edited(changes)
    return Import(
        str(request.path), changes, old, new, findings.sorted(), comparison.rows, left_out,
        present.target, present.is_new,
    )  # fmt: skip


@dataclass(frozen=True)
class _Present:
    """The present dictionary.

    Args:
        state: its state.
        files: its files.
        folder: the folder for new files, if any.
        target: as for `Import`.
        initial: the statements to add in any case.
        is_new: whether it is a new dictionary.
    """

    state: State
    files: Sequence[EditableFile]
    folder: Path | None
    target: Path
    initial: Sequence[ox.Triple] = ()
    is_new: bool = False


def _present(request: Request) -> _Present:
    dictionary = Dictionary(request.data, inferring=False, base=request.base)
    files = [
        EditableFile(path, dictionary.contents[path])
        for path in dictionary.own_files
        if not path.name.endswith(LINKS)
    ]
    own = [triple for file in files for triple in file.triples]
    base = [
        quad.triple
        for path in dictionary.base_files
        if not path.name.endswith(LINKS)
        for quad in parse(path, dictionary.contents[path])
    ]
    triples = [*own, *base]
    contents = Contents(triples, dictionary_of(own, triples))
    namespace = own_namespace(request.namespace).value if request.namespace else ""
    state = State(
        contents, plan(contents, triples), frozenset(own), namespace, request.deleting,
        request.overwriting,
    )  # fmt: skip
    folders = [Path(name) for name in request.data if Path(name).is_dir()]
    return _Present(state, files, folders[0] if folders else None, dictionary.folder)


def _empty(request: Request, tables: Iterable[Table]) -> _Present:
    """The state before a new dictionary: only the dictionary itself is described."""
    output = request.output or Path(request.path.stem)
    if output.exists() and not (output.is_dir() and not any(output.iterdir())):
        raise BadValueError(
            f"“{output}” exists already",
            f"Give --data {output} to change that dictionary, or another name with -o",
        )
    if request.language and (reason := tag_error(request.language)):
        raise BadValueError(
            f"“{request.language}” is not a language: {reason}", "Give one such as en or de"
        )
    iri = _dictionary_in(tables)
    initial: list[ox.Triple] = []
    namespace = own_namespace(request.namespace).value if request.namespace else ""
    if not iri or request.mapping is not None:
        if not namespace:
            raise BadValueError(
                "a new dictionary needs a namespace, with which the IRIs of its entries begin",
                "Give --namespace, such as https://acme.example/competencies/, or --data for an "
                "existing dictionary",
            )
        iri = namespace.removesuffix("/")
        initial = list(_description(iri, request))
    contents = Contents(initial, iri)
    state = State(contents, plan(contents), frozenset(), namespace, is_new=True)
    if output.suffix == ".ttl":
        return _Present(state, [EditableFile(output, b"")], None, output, initial, True)
    return _Present(state, [], output, output, initial, True)


def _description(iri: str, request: Request) -> Iterable[ox.Triple]:
    """The description of a new dictionary."""
    language = request.language or "en"
    title = request.title or request.path.stem.replace("-", " ").replace("_", " ").capitalize()
    node = ox.NamedNode(iri)
    for predicate, value in (
        (RDF.type, ox.NamedNode(str(CG.CompetencyDictionary))),
        (DCTERMS.title, ox.Literal(title, language=language)),
        (DCTERMS.language, ox.Literal(language)),
        (OWL.versionInfo, ox.Literal(_FIRST_VERSION)),
    ):
        yield ox.Triple(node, ox.NamedNode(str(predicate)), value)


def _dictionary_in(tables: Iterable[Table]) -> str:
    """The IRI of the dictionary that a workbook of our own layout describes, or ""."""
    titles = {sheet.kind: sheet.title for sheet in plan(Contents(())).sheets}
    for table in tables:
        if table.name == titles[DICTIONARY] and len(table.rows) > 1:
            return str(table.rows[1][0]).strip()
    return ""


def _require_own_layout(tables: Sequence[Table], sheets: Plan, request: Request) -> None:
    titles = {sheet.title.casefold(): sheet for sheet in sheets.sheets}
    if not any(is_own(table, titles.get(table.name.casefold())) for table in tables):
        needed = (
            "a column “Kind” and one “IRI” or “Code”"
            if request.form == CSV
            else "a sheet for a kind of entry, with a column “IRI” or “Code”"
        )
        raise UnreadableInputError(
            f"this does not have the layout of “competency export”, which has {needed}",
            "Describe its columns in a YAML file, and give that with --mapping", str(request.path),
        )  # fmt: skip

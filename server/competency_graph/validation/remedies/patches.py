"""Determines automatic remedies: statements to add, and edits of files."""

from __future__ import annotations

import re
from dataclasses import replace

import pyoxigraph as ox
from rdflib.namespace import SKOS

from competency_graph.rdf.short_names import shorten
from competency_graph.rdf.turtle_names import Names, spelled_like
from competency_graph.rdf.vocabulary import CG, PREFIXES
from competency_graph.validation.checks.author_statements import (
    TYPE,
    AuthorStatements,
    class_of_folder,
)
from competency_graph.validation.checks.check_result import GARBLED, VERSION
from competency_graph.validation.checks.mojibake import LOST, ungarbled
from competency_graph.validation.findings import Edit, Finding
from competency_graph.validation.remedies.edits import addition
from competency_graph.validation.sources.author_files import MAPPINGS, Source
from competency_graph.validation.sources.positions import Places, Written

_TEXT_RULES = frozenset(
    ("entry-label-text", "entry-variant-text", "entry-definition-text", "entry-example-text")
)
_MIN_COUNT = "http://www.w3.org/ns/shacl#MinCountConstraintComponent"
_DATATYPE = "http://www.w3.org/ns/shacl#DatatypeConstraintComponent"
_QUOTED = re.compile(r"(\"\"\"|'''|\"|')(.*)\1(.*)", re.DOTALL)
_UNQUOTED_VALUES = {
    "entry-deprecated": re.compile(r"true|false"),
    "area-open-ended-value": re.compile(r"true|false"),
    "entry-source-page": re.compile(r"[1-9][0-9]*"),
}
"""For rules on values that are not texts: values that are valid without quotation marks."""


def with_patch(
    finding: Finding,
    written: Written | None,
    places: Places,
    draft: AuthorStatements,
    replaced: str = "",
    replacement: str = "",
) -> Finding:
    """Add the automatic remedy to a finding, if there is one.

    Args:
        finding: the finding.
        written: the statement that it is about, with its position.
        places: the positions of the entry's other statements.
        draft: the author's statements.
        replaced: the wrong IRI in the statement.
        replacement: the IRI that replaces it.
    """
    if replacement:
        finding = replace(finding, meant=replacement)
    if written is not None and written.where is not None and written.source.is_whole:
        if replacement:
            return _with_iri_replaced(finding, written, replaced, replacement)
        if finding.rule in _VALUE_CORRECTIONS:
            return _with_value_corrected(finding, written)
        if finding.rule.name in _TEXT_RULES:
            return _with_language(finding, written, draft)
        if finding.rule.name in _UNQUOTED_VALUES:
            return _with_quotes_removed(finding, written)
    if replacement and replaced == finding.focus:
        return _with_entry_renamed(finding, places, replacement)
    if finding.component == _MIN_COUNT or finding.rule.name == "untyped-entry":
        statement = _missing_statement(finding, draft)
        if statement:
            return _with_statement_added(finding, places, *statement)
    return finding


def edits_everywhere(
    source: Source, replaced: str, replacement: str, *, whole: bool = True
) -> tuple[Edit, ...]:
    """The edits that replace an IRI wherever a file has it in brackets.

    Args:
        source: the file.
        replaced: the IRI to replace.
        replacement: the new IRI.
        whole: whether it must be the complete IRI, not just its beginning.
    """
    pattern = re.escape(f"<{replaced}>" if whole else f"<{replaced}")
    starts = (match.start() + 1 for match in re.finditer(pattern, source.text))
    return tuple(Edit(source.name, start, start + len(replaced), replacement) for start in starts)


def _with_iri_replaced(
    finding: Finding, written: Written, replaced: str, replacement: str
) -> Finding:
    source, where = written.source, written.where
    assert where is not None  # noqa: S101  (the caller looked)
    start = where.predicate if replaced == written.predicate else where.object
    place = written.predicate_place if replaced == written.predicate else written.value_place
    end = source.lines.offset(place.end_line, place.end_column)
    before = source.text[start:end]
    if before == "a":
        return finding
    after = spelled_like(before, replaced, replacement)
    if source.format == MAPPINGS and after.startswith("<"):
        return finding  # a cell cannot contain an IRI in brackets
    subject, predicate, value = written.subject, f"<{written.predicate}>", written.value
    if replaced == written.predicate:
        predicate = f"<{replacement}>"
    else:
        value = f"<{replacement}>"
    patch = f"{_turtle(subject)} {_turtle(predicate)} {_turtle(value)} ."
    return replace(
        finding,
        patch=patch if source.format != MAPPINGS else "",
        edits=(Edit(source.name, start, end, after),),
    )


def _with_entry_renamed(finding: Finding, places: Places, replacement: str) -> Finding:
    """Rename the entry where its description begins."""
    begins = places.entry(f"<{finding.focus}>")
    if begins is None or begins.where is None or not begins.source.is_whole:
        return finding
    source, start = begins.source, begins.where.subject
    end = source.lines.offset(begins.subject_place.end_line, begins.subject_place.end_column)
    after = spelled_like(source.text[start:end], finding.focus, replacement)
    said = f"{_turtle(f'<{begins.predicate}>')} {_turtle(begins.value)}"
    return replace(
        finding,
        patch=f"{_turtle(f'<{replacement}>')} {said} ." if source.format != MAPPINGS else "",
        edits=() if source.format == MAPPINGS else (Edit(source.name, start, end, after),),
    )


def _with_language(finding: Finding, written: Written, draft: AuthorStatements) -> Finding:
    """Add the usual language to a text, and remove white space around it."""
    source, where = written.source, written.where
    assert where is not None  # noqa: S101  (the caller looked)
    match = _QUOTED.fullmatch(source.text[where.object : where.end])
    said, tag = (match[2].strip(), match[3].strip()) if match else ("", "")
    if match is None or not said or (tag and not tag.startswith("@")):
        return finding
    text = f"{match[1]}{said}{match[1]}{tag or '@' + draft.usual_language}"
    if text == match[0] or said.endswith(match[1][0]):
        return finding  # escaped white space, or a quotation mark at the end
    path = _turtle(f"<{written.predicate}>")
    return replace(
        finding,
        patch=f"{_turtle(written.subject)} {path} {text} .",
        edits=(Edit(source.name, where.object, where.end, text),),
    )


def _with_value_corrected(finding: Finding, written: Written) -> Finding:
    """Correct the encoding of a text, or turn a number into a text."""
    source, where = written.source, written.where
    assert where is not None  # noqa: S101  (the caller looked)
    before = source.text[where.object : where.end]
    after = _VALUE_CORRECTIONS[finding.rule](before)
    if after == before or LOST in after or source.format == MAPPINGS:
        return finding
    path = _turtle(f"<{written.predicate}>")
    return replace(
        finding,
        patch=f"{_turtle(written.subject)} {path} {after} .",
        edits=(Edit(source.name, where.object, where.end, after),),
    )


def _quoted(number: str) -> str:
    return f'"{number}"' if re.fullmatch(r"[-+.\deE]+", number) else number


_VALUE_CORRECTIONS = {GARBLED: ungarbled, VERSION: _quoted}
"""For rules on the spelling of values: functions that return the intended value."""


def _with_quotes_removed(finding: Finding, written: Written) -> Finding:
    """Remove the quotation marks from a number or boolean that was written as a text."""
    source, where = written.source, written.where
    assert where is not None  # noqa: S101  (the caller looked)
    match = _QUOTED.fullmatch(source.text[where.object : where.end])
    meant = match[2].strip() if match else ""
    if finding.component != _DATATYPE or not _UNQUOTED_VALUES[finding.rule.name].fullmatch(meant):
        return finding
    path = _turtle(f"<{written.predicate}>")
    return replace(
        finding,
        patch=f"{_turtle(written.subject)} {path} {meant} .",
        edits=(Edit(source.name, where.object, where.end, meant),),
    )


def _missing_statement(finding: Finding, draft: AuthorStatements) -> tuple[str, str] | None:
    """Predicate and object of the statement that an entry lacks, as IRIs or N-Triples literals."""
    if draft.in_published_namespace(finding.focus):
        return None  # a typo, or an entry that the author cannot add
    match finding.rule.name:
        case "entry-dictionary":
            dictionaries = draft.dictionaries
            return (str(SKOS.inScheme), f"<{dictionaries[0]}>") if len(dictionaries) == 1 else None
        case "entry-notation":
            notation = draft.next_notation(finding.focus)
            return (str(SKOS.notation), str(ox.Literal(notation))) if notation else None
        case "area-dictionary":
            dictionaries = draft.dictionaries
            return (str(CG.areaOf), f"<{dictionaries[0]}>") if len(dictionaries) == 1 else None
        case "untyped-entry":
            kind = class_of_folder(finding.focus)
            return (TYPE, f"<{kind}>") if kind else None
    return None


def _with_statement_added(finding: Finding, places: Places, predicate: str, value: str) -> Finding:
    """Add a statement at the end of the block that begins the entry's description."""
    subject = finding.focus if finding.focus.startswith("_:") else f"<{finding.focus}>"
    said = "a" if predicate == TYPE else _turtle(f"<{predicate}>")
    patch = f"{_turtle(subject)} {said} {_turtle(value)} ."
    last = places.last(subject)
    if last is None or last.source.format == MAPPINGS or subject.startswith("_:"):
        return replace(finding, patch=patch)  # a row cannot describe an entry
    names = Names(last.source.prefixes, further={})
    full = "a" if predicate == TYPE else names.iri(predicate)
    object_ = names.iri(value[1:-1]) if value.startswith("<") else value
    edit = addition(last, [f"{full} {object_}"])
    return replace(finding, patch=patch, edits=(edit,) if edit else ())


def _turtle(term: str) -> str:
    """Convert an N-Triples term to Turtle with the project's prefixes."""
    if not term.startswith("<"):
        return term
    short = shorten(ox.NamedNode(term[1:-1]))
    return short if short.partition(":")[0] in PREFIXES else term

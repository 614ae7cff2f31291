"""Validates files: combines their statements, the shapes, and the checks beyond SHACL."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

import pyoxigraph as ox

from competency_graph.errors import UnreadableInputError
from competency_graph.rdf.short_names import abbreviated, namespaces_of
from competency_graph.validation.base import Base
from competency_graph.validation.checks import CHECKS
from competency_graph.validation.checks.author_statements import (
    LABEL,
    AuthorStatements,
    FileStatements,
    class_of_folder,
)
from competency_graph.validation.checks.check_result import (
    NEAR_DICTIONARY,
    RULES,
    UNDEFINED,
    UNFAMILIAR,
    UNTYPED,
    CheckResult,
)
from competency_graph.validation.checks.nearest_names import Names
from competency_graph.validation.code_messages import CODE, CODED, reworded
from competency_graph.validation.consequences import held_back
from competency_graph.validation.engines.child_process import run_in_child
from competency_graph.validation.engines.shacl_engines import ENGINES, Result
from competency_graph.validation.file_findings import (
    near_namespaces,
    nothing_judged,
    sentence,
    syntax_fault,
    unreadable,
)
from competency_graph.validation.findings import SEVERITIES, Finding, Place, Report
from competency_graph.validation.incremental.revalidation import Revalidation, renamed
from competency_graph.validation.inferred_statements import inferred_from
from competency_graph.validation.prepared_base import prepare
from competency_graph.validation.remedies.patches import edits_everywhere, with_patch
from competency_graph.validation.shapes.class_hierarchy import CLASSES, with_targets
from competency_graph.validation.shapes.default_messages import default_message
from competency_graph.validation.shapes.focus_nodes import focus_counts, idle_shapes
from competency_graph.validation.shapes.shapes_graph import Node, Shapes, split_message
from competency_graph.validation.sources.allow_comments import without_allowed
from competency_graph.validation.sources.author_files import MAPPINGS, Source
from competency_graph.validation.sources.positions import Places

MAX_FINDINGS = 10_000
"""The maximum number of findings of the shapes, and of the checks."""
_MAX_IN_MEMORY = 20_000_000
"""The size up to which files are validated without a temporary file, in bytes."""
_CLASS = "http://www.w3.org/ns/shacl#ClassConstraintComponent"
Done = TypeVar("Done")
INTERRUPTED: Final = "It was interrupted, so there may be more."
"""`Report.partial` after Ctrl-C."""
Progress = Callable[[str, int], None]
"""Called with the current activity and the number of findings so far."""


@dataclass(frozen=True)
class Limits:
    """The limits of a validation.

    Args:
        seconds: the time limit of the engine.
        memory: the limit of the address space of the engine's process, in bytes; 0 sets none.
    """

    seconds: float = 600.0
    memory: int = 0


def validate_sources(
    sources: Sequence[Source],
    base: Base,
    shapes: Shapes,
    engine: str = "fast",
    limits: Limits | None = None,
    progress: Progress = lambda doing, found: None,
    again: Revalidation | None = None,
    allow_empty: bool = False,
) -> Report:
    """Validate ``sources``.

    Syntax errors are reported alone, since the content of the file is then not fully known. When
    interrupted, it returns the findings so far, marked as partial.

    Args:
        sources: the author's files.
        base: the base that they extend; its own violations are not reported.
        shapes: the shapes.
        engine: the name of one of `ENGINES`.
        limits: the limits of the engine; None runs it in this process without limits.
        progress: is called with the progress.
        again: the state of an earlier validation of the same files with the same base, shapes and
            engine, without inference; the sources must then be `Source.keeping`.
        allow_empty: whether files without entries are accepted; they always are if an
            organisation's shapes validate something.

    Raises:
        EvaluationError: the shapes are broken, or validation failed.
        LimitError: it exceeds ``limits``.
    """
    validation = _Validation(
        list(sources), base, shapes, engine, limits, progress, again, allow_empty
    )
    partial = ""
    try:
        validation.run()
    except KeyboardInterrupt:
        partial = INTERRUPTED
    return validation.report(partial)


class _Validation:
    """A single run of the validator."""

    def __init__(
        self,
        sources: list[Source],
        base: Base,
        shapes: Shapes,
        engine: str,
        limits: Limits | None,
        progress: Progress,
        again: Revalidation | None,
        allow_empty: bool,
    ) -> None:
        self._revalidation, self._allow_empty = again, allow_empty
        self._sources, self._shapes = sources, shapes
        self._base = base.with_own_classes(shapes).with_links_for(sources)
        self._engine, self._limits, self._progress = engine, limits, progress
        self._prepared_base = prepare(self._base.statements)
        self._base_statements = self._prepared_base.statements
        self._file_statements: dict[Source, FileStatements] = {}
        self._findings: list[Finding] = []
        self._partial = ""
        self._complete = False
        self._numbering = self._prepared_base.numbering()
        self._focus: Mapping[Node, int] = {}
        self.rules = {rule.code: rule for rule in (*RULES, *shapes.rules.values())}

    def run(self) -> None:
        """Collect all findings."""
        self._report_progress("reading")
        if self._revalidation is None:
            self._with_data(self._validate)
            return
        for source in self._sources:
            self._file_statements[source] = self._revalidation.file_statements(
                source
            ) or self._parse_fully(source)
        faulty = {finding.place.file for finding in self._findings}
        self._revalidation.keep(
            {s: said for s, said in self._file_statements.items() if s.name not in faulty}
        )
        self._validate(None)

    def _with_data(self, use: Callable[[str | Path], Done]) -> Done:
        """Pass all statements to a function, as N-Triples that engines can read."""
        size = sum(len(source.content) for source in self._sources)
        if size <= _MAX_IN_MEMORY:
            own = ox.serialize(self._own_statements(), format=ox.RdfFormat.N_TRIPLES) or b""
            return use(self._prepared_base.ntriples + own.decode())
        with tempfile.NamedTemporaryFile(suffix=".nt") as file:
            file.write(self._prepared_base.ntriples.encode())
            ox.serialize(self._own_statements(), file, format=ox.RdfFormat.N_TRIPLES)
            file.flush()
            return use(Path(file.name))

    def report(self, partial: str) -> Report:
        """The report; findings at the same place are sorted by severity, most severe first."""
        kept = without_allowed(self._findings, self._sources, self.rules, self._complete)
        ordered = sorted(_merge_duplicates(kept), key=_order)
        following = held_back(ordered, self._draft, self._shapes, self._author_quads)
        held = set(map(id, following))
        return Report(
            tuple(finding for finding in ordered if id(finding) not in held),
            tuple(source.name for source in self._sources),
            self._draft.statements,
            partial or self._partial,
            self.rules,
            entries=self._draft.entries,
            focus={str(node).strip("<>"): number for node, number in self._focus.items()},
            held_back=tuple(following),
        )

    def _author_quads(self) -> Iterator[ox.Quad]:
        """The statements of the author's files."""
        for source in self._sources:
            yield from (item for item in source.quads() if isinstance(item, ox.Quad))

    def _report_progress(self, doing: str) -> None:
        self._progress(doing, len(self._findings))

    def _own_statements(self) -> Iterator[ox.Quad]:
        """Yield the statements of the files, with numbered blank nodes, and what follows."""
        reasoned = list(self._base.dictionary) if self._base.inferring else []
        for source in self._sources:
            for quad in self._read(source):
                if self._base.inferring and source.format != MAPPINGS:  # links are not reasoned on
                    reasoned.append(quad)
                yield self._numbering.statement(quad)
        if self._base.inferring and not self._findings:
            yield from self._inferred(reasoned)

    def _inferred(self, said: Sequence[ox.Quad]) -> list[ox.Quad]:
        return self._within_limits(lambda: inferred_from(said, self._base.ontology))

    def _parse_fully(self, source: Source) -> FileStatements:
        for _ in self._read(source):
            pass
        return self._file_statements[source]

    def _read(self, source: Source) -> Iterator[ox.Quad]:
        """Yield the statements of a file, recording them once, and report its errors."""
        known = self._file_statements.get(source)
        said = self._file_statements[source] = known or FileStatements(self._base_statements)
        try:
            for item in source.quads():
                if isinstance(item, UnreadableInputError):
                    self._findings.append(syntax_fault(source, item))
                    continue
                if said is not known:
                    said.add(item)
                yield item
        except UnreadableInputError as error:
            self._findings.append(unreadable(source, error))

    @cached_property
    def _draft(self) -> AuthorStatements:
        shaped = self._shapes.terms if self._shapes.own else ()
        files = list(self._file_statements.values())
        return AuthorStatements(self._base_statements, files, shaped, self._base.concepts)

    def _validate(self, data: str | Path | None) -> None:
        """Validate what was read; without ``data``, only what has changed since the last time."""
        if not self._findings:
            self._findings += (
                finding
                for source in self._sources
                for finding in near_namespaces(source, self._file_statements[source].terms)
            )
        if self._findings:
            return  # syntax errors: further findings might only follow from what is lost
        self._report_progress("checking")
        all_results = (check_result for check in CHECKS for check_result in check(self._draft))
        check_results = list(islice(all_results, MAX_FINDINGS))
        self._report_progress("validating")
        if self._shapes.own:
            self._evaluate_own_shapes(data)
        results = self._results(data)
        for found, whose in ((results, "shapes"), (check_results, "other checks")):
            if len(found) >= MAX_FINDINGS:
                self._partial = (
                    f"Only the first {MAX_FINDINGS:,} findings of the {whose} are reported."
                )
        self._report_progress("locating")
        focuses = {result.focus for result in results}
        focuses |= {r.value for r in results if r.value.startswith(("<", "_:"))}
        focuses |= {_as_term(check_result.focus) for check_result in check_results}
        focuses |= set(self._codes(results))
        places = Places(self._sources, focuses)
        by_shapes = set()
        requested_classes: dict[str, set[str]] = {}
        for result in sorted(results, key=partial(self._patch_order, places)):
            finding = self._finding_of_result(result, places)
            if finding is not None:
                by_shapes.add((finding.focus, finding.component))
                if finding.component == _CLASS and self._draft.lacks_class(finding.focus):
                    kind = self._shapes.class_of(result.shape)
                    requested_classes.setdefault(finding.focus, set()).add(kind)
                self._findings.append(self._abbreviated(finding))
        for check_result in check_results:
            if check_result.rule == UNDEFINED and (
                (check_result.focus, _CLASS) in by_shapes
                or (check_result.value.strip("<>"), _CLASS) in by_shapes
            ):
                continue  # a shape reports it already
            finding = self._finding_of_check(check_result, places)
            if check_result.rule == UNTYPED and not check_result.replaced:
                finding = self._with_suggested_class(
                    finding, requested_classes.get(check_result.focus, set())
                )
            self._findings.append(self._abbreviated(finding))
        judged = any(self._focus.values()) or self._draft.entries or self._draft.mapping
        wrong = any(finding.rule != UNFAMILIAR for finding in self._findings)
        if not (self._allow_empty or wrong or judged):
            self._findings = [nothing_judged(self._sources, self._draft.statements)]
        self._complete = not self._partial

    def _evaluate_own_shapes(self, data: str | Path | None) -> None:
        """Give an organisation's shapes the classes of all files, and count their focus nodes."""
        classes = {e for e, kinds in self._draft.types.items() if not CLASSES.isdisjoint(kinds)}
        self._shapes = with_targets(self._shapes, classes)
        if data is not None:
            self._focus = focus_counts(self._shapes, data)
        elif self._revalidation:
            self._focus = self._with_data(partial(focus_counts, self._shapes))
        self._findings += idle_shapes(self._shapes, self._focus)

    def _results(self, data: str | Path | None) -> list[Result]:
        """The results of the shapes, without those in the base alone."""
        if self._revalidation and data is None:
            whole = partial(self._with_data, self._engine_results)
            judged = self._revalidation.results(
                self._sources, whole, self._run_engine, MAX_FINDINGS
            )
        elif data is not None:
            judged = self._engine_results(data)
        if self._base.dictionary and any(
            result.focus.strip("<>") in self._draft.base for result in judged
        ):
            alone = self._revalidation.alone if self._revalidation else None
            alone = frozenset(self._base_results()) if alone is None else alone
            if self._revalidation:
                self._revalidation.alone = alone
            return [result for result in judged if result not in alone]
        return judged

    def _base_results(self) -> list[Result]:
        """The results of the shapes in the base alone."""
        said = self._inferred(self._base.dictionary) if self._base.inferring else []
        more = ox.serialize(said, format=ox.RdfFormat.N_TRIPLES) or b""
        return self._run_engine(self._prepared_base.ntriples + more.decode())

    def _patch_order(self, places: Places, result: Result) -> tuple[int, int, Result]:
        """The position of a result's entry, so that new codes are numbered in that order."""
        begins = places.entry(result.focus)
        if begins is None or begins.where is None:
            return len(self._sources), 0, result
        return self._order[begins.source.name], begins.where.subject, result

    @cached_property
    def _order(self) -> dict[str, int]:
        return {source.name: number for number, source in enumerate(self._sources)}

    def _engine_results(self, data: str | Path) -> list[Result]:
        return list(renamed(self._run_engine(data), self._numbering))

    def _run_engine(self, data: str | Path) -> list[Result]:
        engine = ENGINES[self._engine]
        return self._within_limits(lambda: engine(data, self._shapes, MAX_FINDINGS))

    def _within_limits(self, work: Callable[[], Done]) -> Done:
        if self._limits is None:
            return work()
        return run_in_child(work, self._limits.seconds, self._limits.memory)

    def _finding_of_result(self, result: Result, places: Places) -> Finding | None:
        """The finding for an engine's result; None if it is not about the author's files."""
        focus, value = result.focus, result.value
        path = self._shapes.path(result.shape)
        rule = self._shapes.rule(result.shape, result.constraint, result.severity, result.message)
        place, written = places.place(
            focus, path, self._shapes.target_property(result.shape), value
        )
        if not place.file:
            return None
        message, remedy = (
            split_message(result.message)
            if result.message
            else default_message(self._shapes, result.shape, result.component, value)
        )
        entry = focus.strip("<>")
        if rule.name == "notation-unique" and entry in self._draft.base:
            return None  # only the author's entry with the same code is reported
        finding = Finding(
            rule,
            result.severity,
            message,
            remedy or "Check what the shape requires.",
            place,
            entry,
            self._label(entry),
            path,
            value,
            result.shape,
            result.component,
            result.constraint,
            result.message,
        )
        meant = (value if path else focus).strip("<>")
        if result.component == _CLASS and meant not in self._draft.types:
            linked = written is not None and written.value == f"<{meant}>"
            near = None if linked and self._draft.own.get(meant) else self._names.nearest(meant)
            if near:
                remedy = f"{finding.remedy.rstrip('.')}; the nearest name is {near}."
                finding = replace(finding, remedy=remedy)
                if not linked:
                    return finding  # it may be that one, or a new one that lacks its class
                return with_patch(finding, written, places, self._draft, meant, near)
        return with_patch(reworded(finding, places, self._draft), written, places, self._draft)

    def _codes(self, results: Iterable[Result]) -> Iterator[str]:
        """The codes that results are about, as literals in N-Triples."""
        about = [r for r in results if {r.shape, r.constraint} & CODED]
        yield from (result.value for result in about if result.value)
        entries = {result.focus for result in about}
        for quad in self._author_quads() if entries else ():
            if str(quad.subject) in entries and quad.predicate.value == CODE:
                yield str(quad.object)

    def _abbreviated(self, finding: Finding) -> Finding:
        """Abbreviate the IRIs in a finding with the prefixes of its file."""
        spaces = self._spaces[finding.place.file]
        return replace(
            finding,
            message=abbreviated(finding.message, spaces),
            remedy=abbreviated(finding.remedy, spaces),
        )

    @cached_property
    def _spaces(self) -> dict[str, dict[str, str]]:
        return {source.name: namespaces_of(source.prefixes) for source in self._sources}

    def _finding_of_check(self, check_result: CheckResult, places: Places) -> Finding:
        focus = _as_term(check_result.focus)
        value = check_result.value
        written = places.statement(focus, check_result.path, value) if check_result.path else None
        if written is None:
            begins = places.entry(focus)
            place = begins.subject_place if begins else Place(self._sources[0].name)
        elif check_result.replaced and check_result.replaced == check_result.path:
            place = written.predicate_place
        else:
            place = written.value_place
        finding = Finding(
            check_result.rule,
            check_result.rule.severity,
            sentence(check_result.message),
            sentence(check_result.remedy),
            place,
            check_result.focus,
            self._label(check_result.focus),
            check_result.path,
            value,
        )
        found = with_patch(
            finding, written, places, self._draft, check_result.replaced, check_result.replacement
        )
        if check_result.rule == NEAR_DICTIONARY and written is not None and found.edits:
            edits = edits_everywhere(
                written.source, check_result.replaced, check_result.replacement
            )
            return replace(found, edits=edits or found.edits)
        return found

    def _with_suggested_class(self, finding: Finding, requested_classes: set[str]) -> Finding:
        """Add the classes that links require to a finding about an entry without class."""
        if not requested_classes or requested_classes == {class_of_folder(finding.focus)}:
            return finding
        near = self._names.nearest(finding.focus)
        remedy = "Say what it is" + (
            f", as “a {next(iter(requested_classes))}”" if len(requested_classes) == 1 else ""
        )
        remedy += f"; the nearest name is {near}." if near else "."
        return replace(finding, remedy=remedy, patch="", edits=())

    @cached_property
    def _names(self) -> Names:
        return Names(self._draft.types)

    def _label(self, entry: str) -> str:
        return self._labels.get(entry, "")

    @cached_property
    def _labels(self) -> dict[str, str]:
        texts = (*self._draft.own_texts, *self._draft.base_texts)
        return {text.entry: text.value.value for text in reversed(texts) if text.predicate == LABEL}


def _as_term(focus: str) -> str:
    return focus if focus.startswith("_:") else f"<{focus}>"


def _order(finding: Finding) -> tuple[object, ...]:
    place = finding.place
    return (
        place.file, place.line, place.column, SEVERITIES.index(finding.severity),
        finding.rule.code, finding.focus, finding.value, finding.message,
    )  # fmt: skip


def _merge_duplicates(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Merge equal findings of several constraints of one shape."""
    found: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        key = (
            finding.rule, finding.place, finding.focus, finding.value, finding.shape,
            finding.message,
        )  # fmt: skip
        first = found.setdefault(key, finding)
        if first is not finding:
            best, other = sorted((first, finding), key=lambda f: (not f.edits, f.component))
            components = tuple(sorted({*best.also, *other.also, other.component} - {""}))
            found[key] = replace(best, also=components)
    return found.values()

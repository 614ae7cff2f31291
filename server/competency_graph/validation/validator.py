"""All that a validation brings together: what the files say, the shapes, and the checks beyond."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from competency_graph.errors import UnreadableInputError
from competency_graph.rdf.short_names import abbreviated, spaces_of
from competency_graph.validation.base import Base
from competency_graph.validation.checks import CHECKS
from competency_graph.validation.checks.author_statements import (
    LABEL,
    AuthorStatements,
    BaseStatements,
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
from competency_graph.validation.code_messages import CODE, CODED, told
from competency_graph.validation.consequences import held_back
from competency_graph.validation.engines.blank_nodes import Numbering
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
from competency_graph.validation.inferred_statements import following
from competency_graph.validation.remedies.patches import edits_everywhere, with_patch
from competency_graph.validation.shapes.class_hierarchy import CLASSES, with_targets
from competency_graph.validation.shapes.default_messages import default_message
from competency_graph.validation.shapes.focus_nodes import focus_counts, idle_shapes
from competency_graph.validation.shapes.shapes_graph import Node, Shapes, divided
from competency_graph.validation.sources.allow_comments import without_allowed
from competency_graph.validation.sources.author_files import MAPPINGS, Source
from competency_graph.validation.sources.positions import Places

MOST = 10_000
"""Findings that are told of one validation."""
_IN_MEMORY = 20_000_000
"""Bytes of files that are judged without a file between."""
_CLASS = "http://www.w3.org/ns/shacl#ClassConstraintComponent"
Done = TypeVar("Done")
Progress = Callable[[str, int], None]
"""Is told what is being done, and how many findings there are so far."""


@dataclass(frozen=True)
class Limits:
    """What a validation may cost.

    Args:
        seconds: the time of the engine.
        memory: bytes of address space of the engine's process; 0 sets no bound.
    """

    seconds: float = 600.0
    memory: int = 0


def judge(
    sources: Sequence[Source],
    base: Base,
    shapes: Shapes,
    engine: str = "fast",
    limits: Limits | None = None,
    progress: Progress = lambda doing, found: None,
    again: Revalidation | None = None,
    allow_empty: bool = False,
) -> Report:
    """What is missing or wrong in ``sources``.

    Where a file has faults of syntax, they are all that is told, as what it would say is not known.
    Interrupted, it gives what it has, marked as partial.

    Args:
        sources: the author's files.
        base: what they extend; a fault of the base is not theirs.
        shapes: the shapes.
        engine: the name of one of `ENGINES`.
        limits: what the engine may cost; none runs it in this process, unbounded.
        progress: is told how it goes.
        again: what an earlier validation of the same files left, by the same base, shapes and
            engine, and without inference; the sources are such as keep what is read of them.
        allow_empty: whether it is all right that there is no entry to be judged; where shapes of
            an organisation judge something, it is.

    Raises:
        EvaluationError: the shapes are broken, or validation failed.
        LimitError: it costs more than ``limits``.
    """
    judging = _Validation(list(sources), base, shapes, engine, limits, progress, again, allow_empty)
    partial = ""
    try:
        judging.run()
    except KeyboardInterrupt:
        partial = "It was interrupted, so there may be more."
    return judging.report(partial)


class _Validation:
    """One validation on its way."""

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
        self._again, self._allow_empty = again, allow_empty
        self._sources, self._shapes = sources, shapes
        self._base = base.with_own_classes(shapes).beside(sources)
        self._engine, self._limits, self._progress = engine, limits, progress
        self._ground = again.ground if again else BaseStatements(self._base.statements)
        self._said: dict[Source, FileStatements] = {}
        self._found: list[Finding] = []
        self._partial = ""
        self._all_told = False
        self._numbering = Numbering("n")
        self._focus: Mapping[Node, int] = {}
        self.rules = {rule.code: rule for rule in (*RULES, *shapes.rules.values())}

    def run(self) -> None:
        """Find all there is."""
        self._report_progress("reading")
        if self._again is None:
            self._with_data(self._judge)
            return
        for source in self._sources:
            self._said[source] = self._again.said(source) or self._parsed(source)
        faulty = {finding.place.file for finding in self._found}
        self._again.keep({s: said for s, said in self._said.items() if s.name not in faulty})
        self._judge(None)

    def _with_data(self, use: Callable[[str | Path], Done]) -> Done:
        """Use all that is said, as an engine reads it."""
        size = sum(len(source.content) for source in self._sources)
        if size <= _IN_MEMORY:
            data = ox.serialize(self._statements(), format=ox.RdfFormat.N_TRIPLES) or b""
            return use(data.decode())
        with tempfile.NamedTemporaryFile(suffix=".nt") as file:
            ox.serialize(self._statements(), file, format=ox.RdfFormat.N_TRIPLES)
            file.flush()
            return use(Path(file.name))

    def report(self, partial: str) -> Report:
        """What was found, gravest first where places are the same."""
        kept = without_allowed(self._found, self._sources, self.rules, self._all_told)
        ordered = sorted(_folded(kept), key=_order)
        following = held_back(ordered, self._draft, self._shapes, self._written)
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

    def _written(self) -> Iterator[ox.Quad]:
        """The statements of the author's files."""
        for source in self._sources:
            yield from (item for item in source.quads() if isinstance(item, ox.Quad))

    def _report_progress(self, doing: str) -> None:
        self._progress(doing, len(self._found))

    def _statements(self) -> Iterator[ox.Quad]:
        """All statements, base first, blank nodes numbered in order; taken in on the way."""
        said = []
        for quad, reasoned in self._all_statements():
            if self._base.inferring and reasoned:
                said.append(quad)
            yield self._numbering.statement(quad)
        if self._base.inferring and not self._found:
            yield from self._following(said[len(self._base.ontology) :])

    def _following(self, said: Sequence[ox.Quad]) -> list[ox.Quad]:
        return self._within_limits(lambda: following(said, self._base.ontology))

    def _all_statements(self) -> Iterator[tuple[ox.Quad, bool]]:
        """All statements, and whether something may follow from them: from links, nothing does."""
        for quad in (*self._base.ontology, *self._base.dictionary):
            yield quad, True
        for quad in self._base.links or ():
            yield quad, False
        for source in self._sources:
            reasoned = source.format != MAPPINGS
            for quad in self._read(source):
                yield quad, reasoned

    def _parsed(self, source: Source) -> FileStatements:
        for _ in self._read(source):
            pass
        return self._said[source]

    def _read(self, source: Source) -> Iterator[ox.Quad]:
        """The statements of a file; what it says is learned once, and its faults are told."""
        known = self._said.get(source)
        said = self._said[source] = known or FileStatements(self._ground)
        try:
            for item in source.quads():
                if isinstance(item, UnreadableInputError):
                    self._found.append(syntax_fault(source, item))
                    continue
                if said is not known:
                    said.add(item)
                yield item
        except UnreadableInputError as error:
            self._found.append(unreadable(source, error))

    @cached_property
    def _draft(self) -> AuthorStatements:
        shaped = self._shapes.terms if self._shapes.own else ()
        return AuthorStatements(self._ground, list(self._said.values()), shaped)

    def _judge(self, data: str | Path | None) -> None:
        """Judge what was read; without ``data``, what changed in it since it was judged before."""
        if not self._found:
            self._found += (
                finding
                for source in self._sources
                for finding in near_namespaces(source, self._said[source].terms)
            )
        if self._found:
            return  # faults of syntax: what follows from what is lost is no news
        self._report_progress("checking")
        every = (slip for check in CHECKS for slip in check(self._draft))
        slips = list(islice(every, MOST))
        self._report_progress("validating")
        if self._shapes.own:
            self._evaluate_own_shapes(data)
        results = self._results(data)
        for found, whose in ((results, "shapes"), (slips, "checks beyond them")):
            if len(found) >= MOST:
                self._partial = f"Only the first {MOST:,} findings of the {whose} are told."
        self._report_progress("locating")
        focuses = {result.focus for result in results}
        focuses |= {r.value for r in results if r.value.startswith(("<", "_:"))}
        focuses |= {_spelled(slip.focus) for slip in slips}
        focuses |= set(self._codes(results))
        places = Places(self._sources, focuses)
        by_shapes = set()
        asked: dict[str, set[str]] = {}
        for result in sorted(results, key=partial(self._position, places)):
            finding = self._finding(result, places)
            if finding is not None:
                by_shapes.add((finding.focus, finding.component))
                if finding.component == _CLASS and self._draft.untyped(finding.focus):
                    kind = self._shapes.class_of(result.shape)
                    asked.setdefault(finding.focus, set()).add(kind)
                self._found.append(self._abbreviated(finding))
        for slip in slips:
            if slip.rule == UNDEFINED and (
                (slip.focus, _CLASS) in by_shapes or (slip.value.strip("<>"), _CLASS) in by_shapes
            ):
                continue  # a shape told it already
            finding = self._finding_of_check(slip, places)
            if slip.rule == UNTYPED and not slip.replaced:
                finding = self._classed(finding, asked.get(slip.focus, set()))
            self._found.append(self._abbreviated(finding))
        judged = any(self._focus.values()) or self._draft.entries or self._draft.mapping
        wrong = any(finding.rule != UNFAMILIAR for finding in self._found)
        if not (self._allow_empty or wrong or judged):
            self._found = [nothing_judged(self._sources, self._draft.statements)]
        self._all_told = not self._partial

    def _evaluate_own_shapes(self, data: str | Path | None) -> None:
        """Have an organisation's shapes know the classes of all files, and see what they judge."""
        classes = {e for e, kinds in self._draft.types.items() if not CLASSES.isdisjoint(kinds)}
        self._shapes = with_targets(self._shapes, classes)
        if data is not None:
            self._focus = focus_counts(self._shapes, data)
        elif self._again:
            self._focus = self._with_data(partial(focus_counts, self._shapes))
        self._found += idle_shapes(self._shapes, self._focus)

    def _results(self, data: str | Path | None) -> list[Result]:
        """What the shapes find, without what they find in the base alone."""
        if self._again and data is None:
            whole = partial(self._with_data, self._engine_results)
            judged = self._again.results(self._sources, whole, self._run_engine, MOST)
        elif data is not None:
            judged = self._engine_results(data)
        if self._base.dictionary and any(
            result.focus.strip("<>") in self._draft.base for result in judged
        ):
            alone = self._again.alone if self._again else None
            alone = frozenset(self._base_results()) if alone is None else alone
            if self._again:
                self._again.alone = alone
            return [result for result in judged if result not in alone]
        return judged

    def _base_results(self) -> list[Result]:
        """What the shapes find in the base alone."""
        said = list(self._base.statements)
        if self._base.inferring:
            said += self._following(self._base.dictionary)
        return self._run_engine((ox.serialize(said, format=ox.RdfFormat.N_TRIPLES) or b"").decode())

    def _position(self, places: Places, result: Result) -> tuple[int, int, Result]:
        """Where the entry begins that a result is about, so that patches count on in that order."""
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
        return self._within_limits(lambda: engine(data, self._shapes, MOST))

    def _within_limits(self, work: Callable[[], Done]) -> Done:
        if self._limits is None:
            return work()
        return run_in_child(work, self._limits.seconds, self._limits.memory)

    def _finding(self, result: Result, places: Places) -> Finding | None:
        """A result of an engine, where it stands; none where no file of the author's says it."""
        focus, value = result.focus, result.value
        path = self._shapes.path(result.shape)
        rule = self._shapes.rule(result.shape, result.constraint, result.severity, result.message)
        place, written = places.place(focus, path, self._shapes.about(result.shape), value)
        if not place.file:
            return None
        message, remedy = (
            divided(result.message)
            if result.message
            else default_message(self._shapes, result.shape, result.component, value)
        )
        entry = focus.strip("<>")
        if rule.name == "notation-unique" and entry in self._draft.base:
            return None  # the author's entry with the same code is told, and this one stays
        finding = Finding(
            rule,
            result.severity,
            message,
            remedy or "Read what the shape asks for.",
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
                remedy = f"{finding.remedy.rstrip('.')}; the nearest there is {near}."
                finding = replace(finding, remedy=remedy)
                if not linked:
                    return finding  # it may be the one, or a new one without its class
                return with_patch(finding, written, places, self._draft, meant, near)
        return with_patch(told(finding, places, self._draft), written, places, self._draft)

    def _codes(self, results: Iterable[Result]) -> Iterator[str]:
        """The codes that results are about, as literals in N-Triples."""
        about = [r for r in results if {r.shape, r.constraint} & CODED]
        yield from (result.value for result in about if result.value)
        entries = {result.focus for result in about}
        for quad in self._written() if entries else ():
            if str(quad.subject) in entries and quad.predicate.value == CODE:
                yield str(quad.object)

    def _abbreviated(self, finding: Finding) -> Finding:
        """The same with the prefixes of its file in its words."""
        spaces = self._spaces[finding.place.file]
        return replace(
            finding,
            message=abbreviated(finding.message, spaces),
            remedy=abbreviated(finding.remedy, spaces),
        )

    @cached_property
    def _spaces(self) -> dict[str, dict[str, str]]:
        return {source.name: spaces_of(source.prefixes) for source in self._sources}

    def _finding_of_check(self, slip: CheckResult, places: Places) -> Finding:
        focus = _spelled(slip.focus)
        value = slip.value
        written = places.statement(focus, slip.path, value) if slip.path else None
        if written is None:
            begins = places.entry(focus)
            place = begins.subject_place if begins else Place(self._sources[0].name)
        elif slip.replaced and slip.replaced == slip.path:
            place = written.predicate_place
        else:
            place = written.value_place
        finding = Finding(
            slip.rule,
            slip.rule.severity,
            sentence(slip.message),
            sentence(slip.remedy),
            place,
            slip.focus,
            self._label(slip.focus),
            slip.path,
            value,
        )
        found = with_patch(finding, written, places, self._draft, slip.replaced, slip.replacement)
        if slip.rule == NEAR_DICTIONARY and written is not None and found.edits:
            edits = edits_everywhere(written.source, slip.replaced, slip.replacement)
            return replace(found, edits=edits or found.edits)
        return found

    def _classed(self, finding: Finding, asked: set[str]) -> Finding:
        """A finding of an entry without class, with those that its links ask for."""
        if not asked or asked == {class_of_folder(finding.focus)}:
            return finding
        near = self._names.nearest(finding.focus)
        remedy = "Say what it is" + (f", as “a {next(iter(asked))}”" if len(asked) == 1 else "")
        remedy += f"; the nearest there is {near}." if near else "."
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


def _spelled(focus: str) -> str:
    return focus if focus.startswith("_:") else f"<{focus}>"


def _order(finding: Finding) -> tuple[object, ...]:
    place = finding.place
    return (
        place.file, place.line, place.column, SEVERITIES.index(finding.severity),
        finding.rule.code, finding.focus, finding.value, finding.message,
    )  # fmt: skip


def _folded(findings: Iterable[Finding]) -> Iterable[Finding]:
    """What one shape found by more than one of its constraints, told once if in the same words."""
    found: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        key = (
            finding.rule, finding.place, finding.focus, finding.value, finding.shape,
            finding.message,
        )  # fmt: skip
        first = found.setdefault(key, finding)
        if first is not finding:
            best, other = sorted((first, finding), key=lambda f: (not f.edits, f.component))
            also = tuple(sorted({*best.also, *other.also, other.component} - {""}))
            found[key] = replace(best, also=also)
    return found.values()

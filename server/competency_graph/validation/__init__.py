"""Validating: what a dictionary lacks, by SHACL and beyond it, and where.

Shapes judge what files assert. What follows by inference is not added unless that is asked for, so
that a finding speaks of what an author wrote or did not write.

    from competency_graph.validation import validate

    for finding in validate(["mine.ttl"]).findings:
        print(finding.place, finding.rule.code, finding.message)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from competency_graph.errors import UnknownNameError
from competency_graph.validation.base import Base, base_of, read_base
from competency_graph.validation.engines.shacl_engines import ENGINES
from competency_graph.validation.findings import Report
from competency_graph.validation.incremental.revalidation import Revalidation
from competency_graph.validation.shapes.loading import read_shapes
from competency_graph.validation.shapes.shapes_graph import Shapes
from competency_graph.validation.sources.author_files import Source, gather
from competency_graph.validation.text_validation import Published, read_published, sample_report
from competency_graph.validation.validator import Limits, Progress, judge

__all__ = [
    "Base",
    "Limits",
    "Published",
    "Revalidation",
    "Shapes",
    "Source",
    "base_of",
    "gather",
    "judge",
    "read_base",
    "read_published",
    "read_shapes",
    "rehearse",
    "sample_report",
    "validate",
]  # fmt: skip


def validate(
    names: Sequence[str | Path],
    base: str = "auto",
    shapes: Iterable[Path] = (),
    engine: str = "fast",
    form: str = "",
    inferring: bool = False,
    limits: Limits | None = None,
    progress: Progress = lambda doing, found: None,
) -> Report:
    """What is missing or wrong in files.

    Args:
        names: files, folders, patterns, or ``-`` for standard input.
        base: what they extend, one of `base.BASES`; the published dictionary is then read beside
            them.
        shapes: an organisation's own shapes, beside the published ones.
        engine: ``fast``, or ``pyshacl`` for the reference implementation.
        form: the name of the format of all files, instead of what their endings tell.
        inferring: whether the shapes judge what follows from the files as well.
        limits: what it may cost; none sets no bound.
        progress: is told how it goes.

    Raises:
        UnreadableInputError: a file cannot be read, or a shapes file is not RDF.
        UnknownNameError: there is no such engine or format.
        EvaluationError: the shapes are broken, or validation failed.
        LimitError: it costs more than ``limits``.
    """
    if engine not in ENGINES:
        raise UnknownNameError(f"there is no engine “{engine}”", f"Use one of {', '.join(ENGINES)}")
    sources = gather([str(name) for name in names], form)
    judged_by = read_shapes(shapes, seconds=limits.seconds if limits else 0)
    against = base_of(sources, base, inferring)
    return judge(sources, against, judged_by, engine, limits, progress)

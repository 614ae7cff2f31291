"""Validation of dictionaries, with SHACL and further checks, and with source positions.

Shapes validate what files assert. Inferred statements are included only on request, so findings are
about what an author wrote or did not write.

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
from competency_graph.validation.incremental.session import ValidationSession
from competency_graph.validation.shapes.loading import read_shapes
from competency_graph.validation.shapes.shapes_graph import Shapes
from competency_graph.validation.sources.author_files import Source, gather
from competency_graph.validation.text_validation import Published, read_published, sample_report
from competency_graph.validation.validator import Limits, Progress, validate_sources

__all__ = [
    "Base",
    "Limits",
    "Published",
    "Revalidation",
    "Shapes",
    "Source",
    "ValidationSession",
    "base_of",
    "gather",
    "read_base",
    "read_published",
    "read_shapes",
    "sample_report",
    "validate",
    "validate_sources",
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
    """Validate files.

    Args:
        names: files, folders, patterns, or ``-`` for standard input.
        base: the base that they extend, one of `base.BASES`; if it is the published dictionary,
            that is read as well.
        shapes: an organisation's own shapes, in addition to the published ones.
        engine: ``fast``, or ``pyshacl`` for the reference implementation.
        form: the name of the format of all files, overriding their endings.
        inferring: whether the shapes also validate inferred statements.
        limits: the limits of the validation; None sets none.
        progress: is called with the progress.

    Raises:
        UnreadableInputError: a file cannot be read, or a shapes file is not RDF.
        UnknownNameError: there is no such engine or format.
        EvaluationError: the shapes are broken, or validation failed.
        LimitError: it exceeds ``limits``.
    """
    if engine not in ENGINES:
        raise UnknownNameError(f"there is no engine “{engine}”", f"Use one of {', '.join(ENGINES)}")
    sources = gather([str(name) for name in names], form)
    all_shapes = read_shapes(shapes, seconds=limits.seconds if limits else 0)
    extended = base_of(sources, base, inferring)
    return validate_sources(sources, extended, all_shapes, engine, limits, progress)

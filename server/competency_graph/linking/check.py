"""Checking files of mappings: what is missing or wrong in them, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from competency_graph import resources
from competency_graph.errors import UnreadableInputError
from competency_graph.mappings import ENDING
from competency_graph.rdf.input_files import ENDINGS, files_named
from competency_graph.validation import Limits, Shapes, base_of, gather, judge, read_shapes
from competency_graph.validation.checks.check_result import BROKEN
from competency_graph.validation.findings import Finding, Report
from competency_graph.validation.sources.author_files import MAPPINGS
from competency_graph.validation.validator import Progress


def check(
    names: Sequence[str | Path] = (),
    base: str = "auto",
    shapes: Shapes | None = None,
    limits: Limits | None = None,
    progress: Progress = lambda doing, found: None,
) -> Report:
    """What is missing or wrong in files of mappings.

    They are judged by the same shapes as everything else: a row is the statement that it makes, and
    what it says of it.

    Args:
        names: files of mappings, or ``-`` for standard input; RDF files of the dictionary that the
            mappings lead from; folders with both. None means the published links.
        base: what they extend, one of `base.BASES`; the published dictionary and its links are
            then read beside them.
        shapes: what they are judged by; none means the published shapes.
        limits: what it may cost; none sets no bound.
        progress: is told how it goes.

    Raises:
        UnreadableInputError: a file cannot be read, or there are folders and no mappings.
        LimitError: it costs more than ``limits``.
    """
    rdf: list[str] = []
    tables: list[str] = []
    folders: list[str] = []
    for name in map(str, names or resources.link_files(resources.DATA)):
        if Path(name).is_dir():
            below = files_named(name)
            folders.append(name)
            tables += [file for file in below if file.lower().endswith(ENDING)]
            rdf += [file for file in below if not file.lower().endswith(ENDING)]
        elif name.lower().endswith(ENDINGS) and not name.lower().endswith(ENDING):
            rdf.append(name)
        else:
            tables.append(name)
    if folders and not tables:
        raise UnreadableInputError(
            "the folder holds no table of links", f"Put one there that ends in {ENDING}, name one "
            "beside it, or judge it with “competency validate”", folders[0],
        )  # fmt: skip
    sources = [*gather(rdf), *gather(tables, MAPPINGS)]
    against = base_of(sources, base)
    report = judge(sources, against, shapes or read_shapes(), limits=limits, progress=progress)
    every = (*report.findings, *report.held_back)  # what they follow from may not be of links
    about = tuple(f for f in every if f.place.file in tables or _of_links(f))
    return replace(report, findings=about, held_back=())


def _of_links(finding: Finding) -> bool:
    """Whether something is wrong with links, or with a file so that nothing else was judged."""
    return finding.rule in BROKEN or finding.rule.code.startswith(("CG004", "CG5"))

"""Checking mapping files row by row, and as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from competency_graph import resources
from competency_graph.errors import UnreadableInputError
from competency_graph.linking.concepts import Concept, target
from competency_graph.mappings import ENDING
from competency_graph.mappings.skos_graph import BROADER, Relation
from competency_graph.rdf.input_files import ENDINGS, files_named
from competency_graph.validation import (
    Limits,
    Shapes,
    base_of,
    gather,
    read_shapes,
    validate_sources,
)
from competency_graph.validation.checks.check_result import BROKEN
from competency_graph.validation.checks.match_statements import ConceptFacts
from competency_graph.validation.findings import Finding, Origin, Report
from competency_graph.validation.sources.author_files import MAPPINGS
from competency_graph.validation.validator import Progress

_ORIGIN: Final = Origin(
    "competency link check", "Check of links", "nothing is missing or wrong", "is correct"
)


def check(
    names: Sequence[str | Path] = (),
    base: str = "auto",
    shapes: Shapes | None = None,
    limits: Limits | None = None,
    progress: Progress = lambda doing, found: None,
    frameworks: Sequence[Path] = (),
) -> Report:
    """Check mapping files.

    They are validated by the same shapes as everything else: a row becomes the statement that it
    makes, plus its metadata.

    Args:
        names: mapping files, or ``-`` for standard input; RDF files of the dictionary that the
            mappings start from; folders with both. None means the published links.
        base: the base that they extend, one of `base.BASES`; if it is the published dictionary,
            that and its links are read as well.
        shapes: the shapes to validate with; None means the published shapes.
        limits: the limits of the validation; None sets none.
        progress: is called with the progress.
        frameworks: RDF files of the frameworks, whose hierarchies the mappings must agree with.

    Raises:
        UnreadableInputError: a file cannot be read, or there are folders but no mappings.
        LimitError: it exceeds ``limits``.
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
            "the folder contains no mapping file", f"Add one that ends in {ENDING}, name one "
            "as well, or use “competency validate”", folders[0],
        )  # fmt: skip
    sources = [*gather(rdf), *gather(tables, MAPPINGS)]
    against = base_of(sources, base)
    if frameworks:
        concepts = concept_facts(target(frameworks, "en", progress, deprecated=True))
        against = replace(against, concepts=concepts)
    report = validate_sources(
        sources, against, shapes or read_shapes(), limits=limits, progress=progress
    )
    every = (*report.findings, *report.held_back)  # the causes of those held back may be elsewhere
    about = tuple(f for f in every if f.place.file in tables or _is_about_links(f))
    return replace(report, findings=about, held_back=(), origin=_ORIGIN)


def concept_facts(concepts: Iterable[Concept]) -> ConceptFacts:
    """The hierarchies of concepts among each other, and their labels and kinds."""
    known = {each.iri: each for each in concepts}
    return ConceptFacts(
        tuple(
            Relation(iri, BROADER, above)
            for iri, each in known.items()
            for above in each.broader
            if above in known
        ),
        {iri: each.label for iri, each in known.items()},
        {iri: each.kind for iri, each in known.items()},
    )


def _is_about_links(finding: Finding) -> bool:
    """Whether a finding is about links, or about a file that could not be validated further."""
    return finding.rule in BROKEN or finding.rule.code.startswith(("CG004", "CG5"))

"""``competency link consequences``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from competency_graph import linking, mappings, resources
from competency_graph.cli.options import data_option
from competency_graph.cli.output import write_file
from competency_graph.cli.progress import ProgressLine
from competency_graph.linking import Concept
from competency_graph.linking.check import concept_facts
from competency_graph.linking.consequences import (
    FORMATS,
    MOST,
    Links,
    Survey,
    entailments,
    most_surprising,
    written,
)
from competency_graph.mappings import ENDING, frameworks
from competency_graph.mappings.skos_graph import HIERARCHICAL, Relation
from competency_graph.rdf.input_files import files_named
from competency_graph.rdf.parsing import parse


@click.command()
@click.argument("names", nargs=-1, metavar="[FILE|FOLDER|PATTERN]…")
@data_option
@click.option(
    "--with",
    "framework_files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="RDF of a framework that the links lead to, for its hierarchy and texts; may be repeated.",
)
@click.option(
    "--most",
    type=click.IntRange(1, 1000),
    default=MOST,
    show_default=True,
    help="How many consequences to list.",
)
@click.option(
    "-f", "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to this file."
)
@click.option("--language", default="en", show_default=True, help="The language of the texts.")
def consequences(
    names: tuple[str, ...], data: tuple[str, ...], framework_files: tuple[Path, ...], most: int,
    form: str, output: Path | None, language: str,
) -> None:  # fmt: skip
    """List the most surprising consequences of links all together.

    FILES are tables of links and RDF files of the dictionary. What follows from all links, the
    dictionary's hierarchy and those of the frameworks is computed by the rules of SKOS; what is
    listed first is what its texts, kinds and confidences support least. Without a FILE, the
    published links are used.
    """
    progress = ProgressLine()
    survey = _survey((*names, *data), framework_files, most, language, progress)
    progress.clear()
    if output is None:
        click.echo(written(survey, form), nl=False)
    else:
        write_file(output, written(survey, form).encode(), "list of consequences")


def _survey(
    names: tuple[str, ...], framework_files: tuple[Path, ...], most: int, language: str,
    progress: ProgressLine,
) -> Survey:  # fmt: skip
    links, hierarchy = Links(), list[Relation]()
    files = [Path(file) for name in names or (str(resources.DATA),) for file in files_named(name)]
    rdf = [file for file in files if not file.name.endswith(ENDING)]
    for file in files:
        if file.name.endswith(ENDING):
            links.add_set(mappings.read(file), file.name)
    for file in rdf:
        quads = list(parse(file))
        links.add_quads(quads, file.name)
        hierarchy += (
            Relation(str(quad.subject).strip("<>"), quad.predicate.value, quad.object.value)
            for quad in quads
            if quad.predicate.value in HIERARCHICAL and hasattr(quad.object, "value")
        )
    published = resources.turtle_files(resources.DATA)
    entries = linking.entries([*published, *rdf] if names else rdf, (), language, progress)
    concepts = (
        linking.target(framework_files, language, progress, deprecated=True)
        if framework_files
        else []
    )
    things = links.described | {each.iri: each for each in (*entries, *concepts)}
    hierarchy += concept_facts(concepts).relations
    found = list(entailments(links, hierarchy))
    progress("comparing", 0)
    chosen = most_surprising(found, links, things, language, most)
    return Survey(chosen, len(found), links, things, _unseen(links, concepts))


def _unseen(links: Links, concepts: list[Concept]) -> list[str]:
    """What could not be looked at, by framework."""
    known = {concept.iri for concept in concepts}
    missing: Counter[str] = Counter()
    for link in links.places:
        framework = frameworks.framework_of(link.object)
        if framework and link.object not in known:
            missing[framework.title] += 1
    return [
        f"the hierarchy and the texts of {title}, to which {number:,} links lead. Name its RDF "
        "with --with."
        for title, number in missing.items()
    ]

"""``competency link``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from competency_graph import linking, mappings, reports
from competency_graph.cli.link.agreement import agreement
from competency_graph.cli.link.chain import chain, crosswalk
from competency_graph.cli.link.consequences import consequences
from competency_graph.cli.link.entry_files import entries_named, files_of
from competency_graph.cli.link.migrate import migrate_command
from competency_graph.cli.link.review import review
from competency_graph.cli.options import data_option, framework_files_option
from competency_graph.cli.output import write_file
from competency_graph.cli.progress import ProgressLine
from competency_graph.cli.reporting import exit_code, report_options, write_report
from competency_graph.linking import Decisions
from competency_graph.linking import check as checking
from competency_graph.linking.concepts import without_label
from competency_graph.linking.suggest import MAX_CANDIDATES
from competency_graph.mappings import ENDING, text
from competency_graph.rdf.formats import format_named
from competency_graph.rdf.parsing import parse
from competency_graph.rdf.vocabulary import PUBLISHED
from competency_graph.validation import Limits, read_shapes


@click.group()
def command() -> None:
    """Find links from a dictionary to other frameworks, and review them."""


command.add_command(chain)
command.add_command(crosswalk)


@command.command()
@click.argument("names", nargs=-1, metavar="[FILE|FOLDER|PATTERN]…")
@data_option
@click.option(
    "--to",
    "targets",
    multiple=True,
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="RDF of ESCO or O*NET, made by “competency import”, or of a SKOS concept scheme; may be "
    "repeated.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.sssom.tsv",
    help="Write the candidates to this file.  [default: standard output]",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    help="The minimum confidence of a candidate.  [default: the best value in tests]",
)
@click.option(
    "--most",
    type=click.IntRange(1, 100),
    default=MAX_CANDIDATES,
    show_default=True,
    help="Maximum number of candidates for an entry in each file of --to.",
)
@click.option(
    "--again", is_flag=True, help="Also propose candidates that are linked or rejected already."
)
@click.option("--language", default="en", show_default=True, help="The language of the texts.")
@click.option("--id", "name", default="", metavar="IRI", help="The IRI of the mapping set.")
def suggest(
    names: tuple[str, ...], data: tuple[str, ...], targets: tuple[Path, ...], output: Path | None,
    threshold: float | None, most: int, again: bool, language: str, name: str,
) -> None:  # fmt: skip
    """Propose links for each entry that the files describe, best first, with reasons.

    Without a FILE, propose links for the published dictionary. Candidates that the files link or
    reject already are left out. The result is an SSSOM table, which “competency link review” takes
    you through. A confidence is the probability that a curator would make the link.
    """
    names, progress = (*names, *data), ProgressLine()
    try:
        entries = entries_named(names, language, progress)
        concepts = [linking.target([path], language, progress) for path in targets]
        warnings = [
            f"no label of {name} is in “{language}”; those in {tags} are compared"
            for name, which in (
                ("the entries", entries),
                *zip(map(str, targets), concepts, strict=True),
            )
            if (tags := without_label(which, language))
        ]
        known = _decided(names)
        linked = known.linked(entries)
        if names and any(PUBLISHED.encode() in path.read_bytes() for path in files_of(names)):
            linked += _decided(()).linked(entries_named((), language, progress))
        decided = Decisions(()) if again else known
        candidates = linking.suggest(
            entries, concepts, language, threshold, most, name, decided, progress, linked
        )
    finally:
        progress.clear()
    for warning in warnings:
        click.echo(f"competency: {warning}.", err=True)
    if output is None:
        click.echo(text(candidates), nl=False)
    else:
        write_file(output, text(candidates).encode(), "file of candidates")
    matched = len({mapping.subject_id for mapping in candidates.mappings})
    click.echo(
        f"{len(candidates.mappings):,} candidates for {matched:,} of {len(entries):,} entries"
        + (f" in {output}" if output else "")
        + ("; --threshold 0 shows more." if matched < len(entries) and threshold != 0 else "."),
        err=output is None,
    )
    if decided.met:
        click.echo(
            f"{len(decided.met):,} are linked or rejected already; --again proposes them too.",
            err=True,
        )


def _decided(names: Sequence[str]) -> Decisions:
    """The decisions on links that the files contain."""
    files = files_of(names)
    tables = [mappings.read(path) for path in files if path.name.endswith(ENDING)]
    rdf = [path for path in files if not path.name.endswith(ENDING)]
    return Decisions(tables, (quad for path in rdf for quad in parse(path)))


@command.command()
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|-]…")
@data_option
@framework_files_option
@report_options
def check(
    files: tuple[str, ...], data: tuple[str, ...], framework_files: tuple[Path, ...], form: str,
    output: Path | None, base: str,
) -> None:  # fmt: skip
    """Report what is missing or wrong in files of links, row by row and as a whole.

    FILES are SSSOM tables, and RDF files of the dictionary whose entries they link; in a FOLDER,
    both are read. Errors in links are reported, in tables and in RDF; “competency validate” reports
    other errors of the dictionary. Without a FILE, check the published links.

    Exit code: 0 if nothing is missing or wrong, 1 if something is, 2 if a file cannot be read.
    """
    format_named(form, reports.FORMATS)
    shapes, progress = read_shapes(), ProgressLine("findings")
    report = checking.check((*files, *data), base, shapes, Limits(), progress, framework_files)
    progress.clear()
    write_report(report, form, output, shapes)
    sys.exit(exit_code(report, "warning"))


command.add_command(agreement)
command.add_command(consequences)
command.add_command(migrate_command)
command.add_command(review)

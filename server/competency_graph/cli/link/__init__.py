"""``competency link``."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from competency_graph import linking, mappings, reports, resources
from competency_graph.cli.link.chain import chain, crosswalk
from competency_graph.cli.link.keys import key_mode, line_mode, read_key
from competency_graph.cli.options import data_option
from competency_graph.cli.output import write_file
from competency_graph.cli.progress import ProgressLine
from competency_graph.cli.reporting import exit_code, report_options, write_report
from competency_graph.errors import BadValueError
from competency_graph.linking import Concept, Decisions, Review
from competency_graph.linking import check as checking
from competency_graph.linking.concepts import without_label
from competency_graph.linking.review import default_output
from competency_graph.linking.suggest import MAX_CANDIDATES
from competency_graph.mappings import ENDING, Mapping, text
from competency_graph.rdf.formats import format_named
from competency_graph.rdf.input_files import STDIN, files_named
from competency_graph.rdf.parsing import parse
from competency_graph.validation import Limits, read_shapes

_DECISION_KEYS: Final = {
    "e": "exact", "c": "close", "b": "broad", "n": "narrow", "r": "related", "x": "reject",
}  # fmt: skip
"""The decision that each key makes."""
_SKIP_KEYS = ("s", " ", "\t")
_BACK_KEYS = ("u", "\x7f", "\b")
_MENU: Final = (
    "e exact    c close    b broad: it is broader    n narrow: it is narrower    r related\n"
    "x reject   s skip     u back                    t comment                   q quit   ? help\n"
    "1 to 9: set your confidence to .1 to .9, or 0 for 1, before you decide; else as proposed"
)
_HELP: Final = """\
e  exact    each can replace the other everywhere
c  close    each can replace the other in some uses
b  broad    the candidate is broader than the entry
n  narrow   the candidate is narrower than the entry
r  related  they are related, and none of the above applies
x  reject   none of these relations holds
s  skip     decide later: the candidate is shown again next time
u  back     return to the previous candidate, to check or change the decision
t  comment  give a reason, which is saved with the decision
5  sure     your confidence, saved with the decision: 1 to 9 are .1 to .9, 0 is 1; without a digit
            the proposed confidence is kept
q  quit     continue another time; every decision is saved already"""
_MAX_WIDTH: Final = 100


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
        entries = _entries(names, language, progress)
        concepts = [linking.target([path], language, progress) for path in targets]
        warnings = [
            f"no label of {name} is in “{language}”; those in {tags} are compared"
            for name, which in (
                ("the entries", entries),
                *zip(map(str, targets), concepts, strict=True),
            )
            if (tags := without_label(which, language))
        ]
        decided = Decisions(()) if again else _decided(names)
        candidates = linking.suggest(
            entries, concepts, language, threshold, most, name, decided, progress
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


@command.command()
@click.argument("file", metavar="FILE.sssom.tsv", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Save the decisions in this file.  [default: NAME.reviewed.sssom.tsv, in the same folder]",
)
@click.option("--author", default="", help="Your name, or orcid:0000-….")
@click.option(
    "--data",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file of the dictionary, to show details of its entries; may be repeated.  "
    "[default: the published one]",
)
@click.option(
    "--to",
    "targets",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="RDF of the framework, to show details of the candidates; may be repeated.",
)
@click.option("--language", default="en", show_default=True, help="The language of the texts.")
def review(
    file: Path, output: Path | None, author: str, data: tuple[Path, ...],
    targets: tuple[Path, ...], language: str,
) -> None:  # fmt: skip
    """Review candidates one by one, with a key for each decision.

    Each decision is saved at once, so you can stop at any time and continue later with the same
    command.
    """
    if not sys.stdin.isatty():
        raise BadValueError(
            "a review needs a terminal, and standard input is not one", "Run it in a terminal"
        )
    current_review = Review(file, output or default_output(file), author)
    progress = ProgressLine()
    known = _entries([str(path) for path in data], language, progress)
    if targets:
        known += linking.target(targets, language, progress)
    progress.clear()
    if not current_review.author:
        current_review.author = click.prompt("Your name, or orcid:…").strip()
    else:
        click.echo(
            f"Reviewing as {_printable(current_review.author)}; use --author to change this."
        )
    try:
        with key_mode():
            _ReviewSession(current_review, {thing.iri: thing for thing in known}).run()
    except (KeyboardInterrupt, EOFError, click.Abort):
        click.echo()
    total = len(current_review.candidates)
    decided = total - len(current_review.open)
    saved = (
        f" The decisions are in {current_review.output}." if current_review.output.exists() else ""
    )
    click.echo(f"{decided:,} of {total:,} candidates decided.{saved}")


def _entries(names: Sequence[str], language: str, progress: ProgressLine) -> list[Concept]:
    """The entries that files describe, in the context of the published ones; those by default."""
    published = resources.turtle_files(resources.DATA)
    if not names:
        return linking.entries(published, (), language, progress)
    files = [path for path in _files(names) if not path.name.endswith(ENDING)]
    return linking.entries(files, published, language, progress)


def _files(names: Sequence[str]) -> list[Path]:
    """The files with these names; by default, those of the published dictionary."""
    if STDIN in names:
        raise BadValueError("entries cannot be read from standard input", "Name a file or folder")
    return [Path(file) for name in names or (str(resources.DATA),) for file in files_named(name)]


def _decided(names: Sequence[str]) -> Decisions:
    """The decisions on links that the files contain."""
    files = _files(names)
    tables = [mappings.read(path) for path in files if path.name.endswith(ENDING)]
    rdf = [path for path in files if not path.name.endswith(ENDING)]
    return Decisions(tables, (quad for path in rdf for quad in parse(path)))


class _ReviewSession:
    """An interactive review of candidates."""

    def __init__(self, review: Review, concepts_by_iri: dict[str, Concept]) -> None:
        self._review, self._concepts_by_iri = review, concepts_by_iri
        self._use_colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._comment = self._confidence = ""

    def run(self) -> None:
        """Ask until all candidates are decided or the user quits."""
        candidates = self._review.candidates
        position = self._next_open(0)
        while position < len(candidates):
            candidate = candidates[position]
            self._print_candidate(position)
            step = self._read_step(candidate)
            if step == 0:
                return
            position = max(0, position - 1) if step < 0 else self._next_open(position + 1)
            self._comment = self._confidence = ""

    def _next_open(self, start: int) -> int:
        """The position of the next undecided candidate, from ``start``."""
        candidates = self._review.candidates
        while start < len(candidates) and self._review.decision(candidates[start]):
            start += 1
        return start

    def _read_step(self, candidate: Mapping) -> int:
        """Read keys until the next step: forward (1), back (-1) or quit (0); save decisions."""
        while True:
            pressed = read_key()
            if pressed in _DECISION_KEYS:
                self._decide(candidate, _DECISION_KEYS[pressed])
                return 1
            if pressed in _SKIP_KEYS:
                return 1
            if pressed in _BACK_KEYS:
                return -1
            if pressed in ("q", "\x04"):
                return 0
            if pressed == "t":
                self._comment = _prompt("Comment")
                self._update_decision(candidate)
            elif pressed.isdecimal() and pressed.isascii():
                self._confidence = "1" if pressed == "0" else f"0.{pressed}"
                click.echo(f"→ confidence {self._confidence}")
                self._update_decision(candidate)
            elif pressed == "?":
                click.echo(_HELP)

    def _update_decision(self, candidate: Mapping) -> None:
        """Update a saved decision with a new comment or confidence."""
        if decision := self._review.decision(candidate):
            self._save(candidate, decision)

    def _save(self, candidate: Mapping, decision: str) -> None:
        note = self._comment or self._review.note(candidate)
        same = self._review.decision(candidate) == decision
        confidence = self._confidence or (self._review.confidence(candidate) if same else "")
        self._review.decide(candidate, decision, note, confidence)

    def _decide(self, candidate: Mapping, decision: str) -> None:
        self._save(candidate, decision)
        click.echo(f"→ {decision}")
        if self._review.all_rejected(candidate) and not self._review.has_no_match(candidate):
            self._print_field(
                "",
                f"All candidates of “{candidate.subject_label}” are rejected. Is there "
                "nothing to link it to? y yes, any other key no",
            )
            if read_key() == "y":
                self._review.record_no_match(candidate, _prompt("What was tried"))
                click.echo("→ nothing found")

    def _print_candidate(self, position: int) -> None:
        review = self._review
        candidate = review.candidates[position]
        entry = self._concepts_by_iri.get(review.subject(candidate))
        concept = self._concepts_by_iri.get(review.object(candidate))
        click.echo(f"\n── {position + 1:,} of {len(review.candidates):,} " + "─" * 40)
        self._print_concept(
            "Entry", candidate.subject_label, candidate.subject_category, entry, "in"
        )
        self._print_concept(
            "Candidate", candidate.object_label, candidate.object_category, concept, "within"
        )
        proposed = candidate.predicate_id.removeprefix("skos:").removesuffix("Match")
        confidence = f", confidence {candidate.confidence}" if candidate.confidence else ""
        self._print_field("Proposed", f"{proposed}{confidence}")
        self._print_field("", candidate.comment)
        if decision := review.decision(candidate):
            note = review.note(candidate)
            self._print_field("Decided", decision + (f": {note}" if note else ""))
        click.echo(_MENU)

    def _print_concept(
        self, name: str, label: str, kind: str, concept: Concept | None, place: str
    ) -> None:
        self._print_field(name, label + (f" ({kind})" if kind else ""), len(label))
        if concept is None:
            return
        self._print_field("", concept.definition)
        if concept.others:
            self._print_field("", f"also: {', '.join(concept.others[:8])}")
        if concept.within:
            self._print_field("", f"{place}: {' < '.join(concept.within[:4])}")

    def _print_field(self, name: str, content: str, bold_length: int = 0) -> None:
        """Print a named field, with its first ``bold_length`` characters in bold."""
        if not content:
            return
        width = min(_MAX_WIDTH, max(40, shutil.get_terminal_size().columns))
        # Control characters in files must not affect the terminal.
        printable = _printable(content)
        indent = f"{name:<10} "
        lines = textwrap.fill(printable, width, initial_indent=indent, subsequent_indent=" " * 11)
        if bold_length and self._use_colour:
            end = len(indent) + bold_length
            lines = indent + click.style(lines[len(indent) : end], bold=True) + lines[end:]
        click.echo(lines)


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in text)


def _prompt(label: str) -> str:
    """Ask for a line of text, which may be empty."""
    with line_mode():
        return str(click.prompt(label, default="", show_default=False)).strip()


@command.command()
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|-]…")
@data_option
@report_options
def check(
    files: tuple[str, ...], data: tuple[str, ...], form: str, output: Path | None, base: str
) -> None:
    """Report what is missing or wrong in files of links, row by row.

    FILES are SSSOM tables, and RDF files of the dictionary whose entries they link; in a FOLDER,
    both are read. Errors in links are reported, in tables and in RDF; “competency validate” reports
    other errors of the dictionary. Without a FILE, check the published links.

    Exit code: 0 if nothing is missing or wrong, 1 if something is, 2 if a file cannot be read.
    """
    format_named(form, reports.FORMATS)
    shapes, progress = read_shapes(), ProgressLine("findings")
    report = checking.check((*files, *data), base, shapes, Limits(), progress)
    progress.clear()
    write_report(report, form, output, shapes)
    sys.exit(exit_code(report, "warning"))

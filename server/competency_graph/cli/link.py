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
from competency_graph.cli.keys import by_keys, by_lines, key
from competency_graph.cli.options import data_option
from competency_graph.cli.output import put
from competency_graph.cli.progress import ProgressLine
from competency_graph.cli.reporting import exit_code, report_options, show
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

_KEYS: Final = {
    "e": "exact", "c": "close", "b": "broad", "n": "narrow", "r": "related", "x": "reject",
}  # fmt: skip
"""The keys that decide, and what they decide."""
_SKIPPING = ("s", " ", "\t")
_DELETING = ("u", "\x7f", "\b")
_MENU: Final = (
    "e exact    c close    b broad: it is broader    n narrow: it is narrower    r related\n"
    "x reject   s skip     u back                    t comment                   q quit   ? help\n"
    "1 to 9: how sure you are, .1 to .9, and 0 for 1, before you decide; else as proposed"
)
_HELP: Final = """\
e  exact    each may stand for the other, wherever one of them stands
c  close    each may stand for the other in some uses
b  broad    the candidate is broader than the entry
n  narrow   the candidate is narrower than the entry
r  related  they have to do with one another, and none of the above
x  reject   what is proposed does not hold, and nothing else does
s  skip     decide later: it comes again the next time
u  back     to the one before, to look or to decide otherwise
t  comment  say why; it goes with the decision
5  sure     how sure you are goes with the decision: 1 to 9 are .1 to .9, 0 is 1; without a figure
            it stays as proposed
q  quit     go on another time; each decision is in the file already"""
_WIDEST: Final = 100


@click.group()
def command() -> None:
    """Find links from a dictionary to other frameworks, and decide on them."""


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
    help="RDF of ESCO, of O*NET (“competency import” makes both) or of a scheme of SKOS; may be "
    "repeated.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.sssom.tsv",
    help="Write the candidates there.  [default: standard output]",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    help="The least chance of a candidate, as it was measured.  [default: the one that did best]",
)
@click.option(
    "--most",
    type=click.IntRange(1, 100),
    default=MAX_CANDIDATES,
    show_default=True,
    help="Candidates of an entry in each file of --to.",
)
@click.option("--again", is_flag=True, help="Propose what is linked or denied already, too.")
@click.option("--language", default="en", show_default=True, help="The language of the texts.")
@click.option("--id", "name", default="", metavar="IRI", help="The IRI of the set of candidates.")
def suggest(
    names: tuple[str, ...], data: tuple[str, ...], targets: tuple[Path, ...], output: Path | None,
    threshold: float | None, most: int, again: bool, language: str, name: str,
) -> None:  # fmt: skip
    """Propose links for each entry that the files describe, best first, with reasons.

    Without a FILE, those of the published dictionary. What the files link or deny already is left
    out. The result is SSSOM; “competency link review”
    walks you through it. A confidence is the chance that a curator would make the link.
    """
    names, live = (*names, *data), ProgressLine()
    try:
        entries = _entries(names, language, live)
        things = [linking.target([path], language, live) for path in targets]
        warnings = [
            f"no label of {name} is in “{language}”; those in {tags} are compared"
            for name, which in (
                ("the entries", entries),
                *zip(map(str, targets), things, strict=True),
            )
            if (tags := without_label(which, language))
        ]
        decided = Decisions(()) if again else _decided(names)
        found = linking.suggest(entries, things, language, threshold, most, name, decided, live)
    finally:
        live.clear()
    for warning in warnings:
        click.echo(f"competency: {warning}.", err=True)
    if output is None:
        click.echo(text(found), nl=False)
    else:
        put(output, text(found).encode(), "file of candidates")
    with_some = len({mapping.subject_id for mapping in found.mappings})
    click.echo(
        f"{len(found.mappings):,} candidates for {with_some:,} of {len(entries):,} entries"
        + (f" in {output}" if output else "")
        + ("; --threshold 0 shows more." if with_some < len(entries) and threshold != 0 else "."),
        err=output is None,
    )
    if decided.met:
        click.echo(
            f"{len(decided.met):,} are linked or denied already; --again proposes them too.",
            err=True,
        )


@command.command()
@click.argument("file", metavar="FILE.sssom.tsv", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep the decisions there.  [default: beside the file, as NAME.reviewed.sssom.tsv]",
)
@click.option("--author", default="", help="Who decides: a name, or orcid:0000-….")
@click.option(
    "--data",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file of the dictionary, to show what its entries are; may be repeated.  [default: the "
    "published one]",
)
@click.option(
    "--to",
    "targets",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="RDF of the framework, to show what the candidates are; may be repeated.",
)
@click.option("--language", default="en", show_default=True, help="The language of the texts.")
def review(
    file: Path, output: Path | None, author: str, data: tuple[Path, ...],
    targets: tuple[Path, ...], language: str,
) -> None:  # fmt: skip
    """Decide on candidates one by one, with a key for each decision.

    Each decision is written at once, so you can stop at any time and go on later with the same
    command.
    """
    if not sys.stdin.isatty():
        raise BadValueError("there is nobody to ask: this is no terminal", "Run it in a terminal")
    found = Review(file, output or default_output(file), author)
    live = ProgressLine()
    known = _entries([str(path) for path in data], language, live)
    if targets:
        known += linking.target(targets, language, live)
    live.clear()
    if not found.author:
        found.author = click.prompt("Your name, or orcid:…").strip()
    else:
        click.echo(f"Deciding as {_plain(found.author)}; --author changes it.")
    try:
        with by_keys():
            _ReviewSession(found, {thing.iri: thing for thing in known}).go()
    except (KeyboardInterrupt, EOFError, click.Abort):
        click.echo()
    total = len(found.candidates)
    decided = total - len(found.open)
    kept = f" The decisions are in {found.output}." if found.output.exists() else ""
    click.echo(f"{decided:,} of {total:,} candidates decided.{kept}")


def _entries(names: Sequence[str], language: str, live: ProgressLine) -> list[Concept]:
    """The entries that files describe, beside the published ones; without any, those."""
    published = resources.turtle_files(resources.DATA)
    if not names:
        return linking.entries(published, (), language, live)
    files = [path for path in _files(names) if not path.name.endswith(ENDING)]
    return linking.entries(files, published, language, live)


def _files(names: Sequence[str]) -> list[Path]:
    """The files that are meant; those of the published dictionary where none is named."""
    if STDIN in names:
        raise BadValueError("entries are not read from standard input", "Name a file or folder")
    return [Path(file) for name in names or (str(resources.DATA),) for file in files_named(name)]


def _decided(names: Sequence[str]) -> Decisions:
    """What the files say of links already."""
    files = _files(names)
    tables = [mappings.read(path) for path in files if path.name.endswith(ENDING)]
    rdf = [path for path in files if not path.name.endswith(ENDING)]
    return Decisions(tables, (quad for path in rdf for quad in parse(path)))


class _ReviewSession:
    """One person's way through the candidates."""

    def __init__(self, found: Review, known: dict[str, Concept]) -> None:
        self._review, self._known = found, known
        self._colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._comment = self._sure = ""

    def go(self) -> None:
        """Ask until there is nothing open or the person quits."""
        candidates = self._review.candidates
        here = self._next(0)
        while here < len(candidates):
            candidate = candidates[here]
            self._show(here)
            step = self._asked(candidate)
            if step == 0:
                return
            here = max(0, here - 1) if step < 0 else self._next(here + 1)
            self._comment = self._sure = ""

    def _next(self, start: int) -> int:
        """The next candidate on which nothing is decided, from one on."""
        candidates = self._review.candidates
        while start < len(candidates) and self._review.decision(candidates[start]):
            start += 1
        return start

    def _asked(self, candidate: Mapping) -> int:
        """What the person wants: on (1), back (-1) or out (0); a decision is written."""
        while True:
            pressed = key()
            if pressed in _KEYS:
                self._decide(candidate, _KEYS[pressed])
                return 1
            if pressed in _SKIPPING:
                return 1
            if pressed in _DELETING:
                return -1
            if pressed in ("q", "\x04"):
                return 0
            if pressed == "t":
                self._comment = _line("Comment")
                self._again(candidate)
            elif pressed.isdecimal() and pressed.isascii():
                self._sure = "1" if pressed == "0" else f"0.{pressed}"
                click.echo(f"→ confidence {self._sure}")
                self._again(candidate)
            elif pressed == "?":
                click.echo(_HELP)

    def _again(self, candidate: Mapping) -> None:
        """Add to a decision that was made already."""
        if decision := self._review.decision(candidate):
            self._write(candidate, decision)

    def _write(self, candidate: Mapping, decision: str) -> None:
        note = self._comment or self._review.note(candidate)
        same = self._review.decision(candidate) == decision
        sure = self._sure or (self._review.confidence(candidate) if same else "")
        self._review.decide(candidate, decision, note, sure)

    def _decide(self, candidate: Mapping, decision: str) -> None:
        self._write(candidate, decision)
        click.echo(f"→ {decision}")
        if self._review.all_rejected(candidate) and not self._review.nothing_found(candidate):
            self._line("", f"All candidates of “{candidate.subject_label}” are rejected. Is there "
                       "nothing to link it to? y yes, any other key no")  # fmt: skip
            if key() == "y":
                self._review.find_nothing(candidate, _line("What was tried"))
                click.echo("→ nothing found")

    def _show(self, here: int) -> None:
        found = self._review
        candidate = found.candidates[here]
        entry = self._known.get(found.subject(candidate))
        thing = self._known.get(found.object(candidate))
        click.echo(f"\n── {here + 1:,} of {len(found.candidates):,} " + "─" * 40)
        self._tell("Entry", candidate.subject_label, candidate.subject_category, entry, "in")
        self._tell("Candidate", candidate.object_label, candidate.object_category, thing, "within")
        proposed = candidate.predicate_id.removeprefix("skos:").removesuffix("Match")
        sure = f", confidence {candidate.confidence}" if candidate.confidence else ""
        self._line("Proposed", f"{proposed}{sure}")
        self._line("", candidate.comment)
        if decision := found.decision(candidate):
            note = found.note(candidate)
            self._line("Decided", decision + (f": {note}" if note else ""))
        click.echo(_MENU)

    def _tell(self, name: str, label: str, kind: str, thing: Concept | None, place: str) -> None:
        self._line(name, label + (f" ({kind})" if kind else ""), len(label))
        if thing is None:
            return
        self._line("", thing.definition)
        if thing.others:
            self._line("", f"also: {', '.join(thing.others[:8])}")
        if thing.within:
            self._line("", f"{place}: {' < '.join(thing.within[:4])}")

    def _line(self, name: str, said: str, bold: int = 0) -> None:
        """Show something under a name, with its first characters bold."""
        if not said:
            return
        width = min(_WIDEST, max(40, shutil.get_terminal_size().columns))
        # What files say must not move the cursor or worse.
        plain = _plain(said)
        first = f"{name:<10} "
        lines = textwrap.fill(plain, width, initial_indent=first, subsequent_indent=" " * 11)
        if bold and self._colour:
            end = len(first) + bold
            lines = first + click.style(lines[len(first) : end], bold=True) + lines[end:]
        click.echo(lines)


def _plain(said: str) -> str:
    return "".join(each if each.isprintable() else " " for each in said)


def _line(asked: str) -> str:
    """What a person types, which may be nothing."""
    with by_lines():
        return str(click.prompt(asked, default="", show_default=False)).strip()


@command.command()
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|-]…")
@data_option
@report_options
def check(
    files: tuple[str, ...], data: tuple[str, ...], form: str, output: Path | None, base: str
) -> None:
    """Say what is missing or wrong in files of links, row by row.

    FILES are SSSOM tables, and RDF files of the dictionary that they lead from; of a FOLDER, both
    are read. What is wrong with links is reported, in tables and in RDF; other faults of the
    dictionary are left to “competency validate”. Without a FILE, check the published links.

    Exit code: 0 where nothing is missing or wrong, 1 where something is, 2 where a file cannot be
    read.
    """
    format_named(form, reports.FORMATS)
    shapes, live = read_shapes(), ProgressLine("findings")
    report = checking.check((*files, *data), base, shapes, Limits(), live)
    live.clear()
    show(report, form, output, shapes)
    sys.exit(exit_code(report, "warning"))

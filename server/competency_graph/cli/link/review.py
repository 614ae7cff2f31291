"""``competency link review``: in a terminal or in a browser."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from competency_graph import linking
from competency_graph.cli.link.entry_files import entries_named
from competency_graph.cli.link.keys import key_mode
from competency_graph.cli.link.terminal_review import TerminalReview, printable
from competency_graph.cli.progress import ProgressLine
from competency_graph.errors import BadValueError
from competency_graph.linking import Concept, Review
from competency_graph.linking.reviewing.review import default_output


@click.command()
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
    "--reviewer-id",
    default="",
    metavar="ID",
    help="Your identifier, in addition to your name: orcid:0000-…, or an http(s) IRI.",
)
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
@click.option("--browser", is_flag=True, help="Review in a browser, on this machine only.")
@click.option(
    "--port",
    default=0,
    type=click.IntRange(0, 65535),
    help="Port for --browser.  [default: a free one]",
)
def review(
    file: Path, output: Path | None, author: str, reviewer_id: str, data: tuple[Path, ...],
    targets: tuple[Path, ...], language: str, browser: bool, port: int,
) -> None:  # fmt: skip
    """Review candidates and links one by one, with a key for each decision.

    Candidates become your mappings. A link that has an author keeps it: if you agree, you sign it
    as its reviewer. Each decision is saved at once, so you can stop at any time and continue later
    with the same command.
    """
    if not browser and not sys.stdin.isatty():
        raise BadValueError(
            "a review needs a terminal, and standard input is not one",
            "Run it in a terminal, or use --browser",
        )
    review = Review(file, output or default_output(file), author, reviewer_id)
    review.check_writable()
    progress = ProgressLine()
    entries = entries_named([str(path) for path in data], language, progress)
    concepts = linking.target(targets, language, progress, tasks=True) if targets else []
    progress.clear()
    if not review.author:
        if not sys.stdin.isatty():
            raise BadValueError("it is not known who reviews", "Give your name with --author")
        review.name_reviewer(click.prompt("Your name, or orcid:…"))
    elif output is None and author and (others := review.others()):
        raise BadValueError(
            f"{review.output} has decisions of {printable(', '.join(others))}",
            "To review independently, name your own file with --output; to continue theirs, name "
            "this one",
        )
    else:
        click.echo(f"Reviewing as {printable(review.author)}; use --author to change this.")
    try:
        if browser:
            _in_browser(review, entries, concepts, port)
        else:
            with key_mode():
                TerminalReview(review, {each.iri: each for each in (*entries, *concepts)}).run()
    except (KeyboardInterrupt, EOFError, click.Abort):
        click.echo()
    total = len(review.candidates)
    decided = total - len(review.open)
    saved = f" The decisions are in {review.output}." if review.output.exists() else ""
    click.echo(f"{decided:,} of {total:,} candidates decided.{saved}")


def _in_browser(review: Review, entries: list[Concept], concepts: list[Concept], port: int) -> None:
    from competency_graph.web.reviewing.desk import Desk
    from competency_graph.web.reviewing.server import run

    def ready(address: str) -> None:
        click.echo("Open this address, which only you should know (Ctrl-C ends the review):")
        click.echo(address)
        if sys.stdin.isatty():
            click.launch(address)

    run(Desk(review, entries, concepts), port, ready)

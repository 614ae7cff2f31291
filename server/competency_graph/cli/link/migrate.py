"""``competency link migrate``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from competency_graph import linking, mappings
from competency_graph.cli.output import write_file
from competency_graph.cli.progress import ProgressLine
from competency_graph.errors import BadValueError
from competency_graph.linking.concepts import Concept
from competency_graph.linking.migration import FORMATS, Framework, migrate, written
from competency_graph.mappings import ENDING, text


@click.command("migrate")
@click.argument("file", metavar="LINKS.sssom.tsv", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "old",
    multiple=True,
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="RDF of the framework in the version that the links lead to; may be repeated.",
)
@click.option(
    "--to",
    "new",
    multiple=True,
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="RDF of the newer version; may be repeated.",
)
@click.option(
    "--changes",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A change file of the framework: RDF with dcterms:isReplacedBy, or a table such as "
    "O*NET's crosswalks; may be repeated.",
)
@click.option(
    "--columns",
    metavar="OLD,NEW",
    help="The columns of tables of changes for the old and the new concept.",
)
@click.option(
    "--version",
    "version",
    default="",
    metavar="TEXT",
    help="The newer version.  [default: as its RDF states]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE.sssom.tsv",
    help="Write the links that hold in the newer version to this file.",
)
@click.option(
    "--review",
    "review_file",
    type=click.Path(path_type=Path),
    metavar="FILE.sssom.tsv",
    help="Write the links to decide on to this file, for “competency link review”.  "
    "[default: OUTPUT.to-review.sssom.tsv]",
)
@click.option(
    "-f", "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
    help="The format of the report.",
)  # fmt: skip
@click.option("--language", default="en", show_default=True, help="The language of labels.")
def migrate_command(
    file: Path, old: tuple[Path, ...], new: tuple[Path, ...], changes: tuple[Path, ...],
    columns: str | None, version: str, output: Path, review_file: Path | None, form: str,
    language: str,
) -> None:  # fmt: skip
    """Carry links to a new version of the framework that they lead to.

    What replaces a concept is looked up in the change files, else in the newer version itself, else
    by label and code. Links that need a person's decision are written to a file of their own. The
    report says what became of each row.

    Exit code: 0 if nothing needs a decision, 1 if something does, 2 if a file cannot be read.
    """
    review_path = review_file or output.with_name(
        f"{output.name.removesuffix(ENDING).removesuffix('.tsv')}.to-review{ENDING}"
    )
    paths = [path.resolve() for path in (file, output, review_path)]
    if len(set(paths)) < len(paths):
        raise BadValueError(
            "the links, the result and the links to review must be three files",
            "Name other files with --output and --review",
            str(file),
        )
    names = _columns(columns)
    progress = ProgressLine()
    links = mappings.read(file)
    versions = [
        linking.target(each, language, progress, deprecated=True, tasks=True) for each in (old, new)
    ]
    framework = Framework(*versions)
    for path in changes:
        framework.changes.read(path, names)
    older = next(iter(links.texts("object_source_version")), "") or _version(versions[0])
    newer = version or _version(versions[1])
    progress.clear()
    if not newer:
        raise BadValueError(
            "the newer version is not known, as its RDF does not state it",
            "Name it with --version",
            str(new[0]),
        )
    done = migrate(links, framework, (older or "unknown", newer))
    if done.undecided:
        write_file(review_path, text(done.proposals()).encode(), "file of links to review")
    write_file(output, text(done.result()).encode(), "file of links")
    click.echo(written(done, form, str(file)), nl=False)
    if done.undecided:
        click.echo(
            f"{len(done.undecided):,} rows need a decision: competency link review {review_path}",
            err=True,
        )
    sys.exit(1 if done.undecided else 0)


def _columns(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    names = [name.strip() for name in text.split(",")]
    if len(names) != 2 or not all(names):
        raise BadValueError(
            f"“{text}” does not name two columns", "Write --columns 'Old code,New code'"
        )
    return names[0], names[1]


def _version(concepts: list[Concept]) -> str:
    return next((concept.version for concept in concepts if concept.version), "")

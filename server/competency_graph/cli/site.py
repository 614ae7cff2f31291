"""``competency site``."""

from __future__ import annotations

from pathlib import Path

import click

from competency_graph.cli.options import dictionary_option, with_option
from competency_graph.cli.progress import ProgressLine
from competency_graph.dictionary.model import Dictionary
from competency_graph.errors import UnavailableError
from competency_graph.rdf.atomic_write import replacing_folder


@click.command()
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@with_option
@dictionary_option
def command(folder: Path, dictionary: Dictionary) -> None:
    """Write the whole site as files, for any host of static pages.

    FOLDER is replaced as a whole when all files are written; it must not exist, be empty, or be a
    site that this command wrote. The files work under any path.
    """
    from competency_graph.sandbox.admission import Admission
    from competency_graph.sandbox.fork_server import Limits
    from competency_graph.web.backends import load_dictionary
    from competency_graph.web.static_site import write_site

    if folder.exists() and any(folder.iterdir()) and not (folder / ".nojekyll").is_file():
        raise UnavailableError(
            "this folder has other files, which would be lost", "Name an empty folder", str(folder)
        )
    progress = ProgressLine("files")
    loaded = load_dictionary(dictionary, Limits(), Admission())
    try:
        with replacing_folder(folder, "site") as written:
            summary = write_site(loaded.app(), written, progress)
    finally:
        loaded.close()
        progress.clear()
    click.echo(f"{summary.pages:,} pages and {summary.files - summary.pages:,} other files")
    for address in summary.missing:
        click.echo(f"competency: a page links to {address}, which does not exist", err=True)

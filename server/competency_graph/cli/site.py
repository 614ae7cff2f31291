"""``competency site``."""

from __future__ import annotations

from pathlib import Path

import click

from competency_graph.cli.options import dictionary_option, with_option
from competency_graph.cli.progress import ProgressLine
from competency_graph.dictionary.model import Dictionary


@click.command()
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option(
    "--address",
    metavar="URL",
    default="",
    help="The address that the site will have, for its sitemap, its description of the data, and "
    "the rules for w3id.org. The pages themselves work at any address.",
)
@click.option(
    "--language",
    type=click.Choice(["en", "de", "fr", "es"]),
    default="en",
    show_default=True,
    help="The language of the pages.",
)
@with_option
@dictionary_option
def command(folder: Path, address: str, language: str, dictionary: Dictionary) -> None:
    """Write the whole site as files, for any host of static pages.

    FOLDER is replaced as a whole once all files are written; it must be new, empty, or contain
    nothing but a site that this command wrote.
    """
    from competency_graph.web.backends import load_in_process
    from competency_graph.web.static_site import write_site

    progress = ProgressLine("files")
    try:
        summary = write_site(load_in_process(dictionary), folder, address, progress, language)
    finally:
        progress.clear()
    others = summary.files - summary.pages
    click.echo(
        f"{summary.pages:,} pages and {others:,} other files, {summary.size / 1e6:,.1f} MB; "
        f"the search loads {summary.search_size / 1e3:,.0f} KB"
    )
    for missing in summary.missing:
        click.echo(f"competency: a page links to {missing}, which does not exist", err=True)

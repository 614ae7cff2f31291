"""``competency new``."""

from __future__ import annotations

import click

from competency_graph.scaffold import create_extension


@click.command()
@click.argument("name")
@click.option(
    "--namespace",
    metavar="IRI",
    help="The beginning of the IRIs of your entries, ending in /.  "
    "[default: https://example.org/NAME/]",
)
@click.option("--title", help="The title of the extension.  [default: from NAME]")
@click.option(
    "--language", default="en", show_default=True, metavar="TAG", help="The language of the title."
)
def command(name: str, namespace: str | None, title: str | None, language: str) -> None:
    """Create the folder NAME with files that extend the published dictionary.

    The files are complete: an example area of expertise and role to adapt, a hook that validates
    before each commit, and a workflow for GitHub.
    """
    for path in create_extension(name, namespace, title, language):
        click.echo(path)
    click.echo(f"\nThese files are valid. Adapt them to your needs, then run:\n\n  cd {name}")
    click.echo("  competency validate .")

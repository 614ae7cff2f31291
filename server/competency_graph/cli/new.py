"""``competency new``."""

from __future__ import annotations

import click

from competency_graph.scaffold import make


@click.command()
@click.argument("name")
@click.option(
    "--namespace",
    metavar="IRI",
    help="What the IRIs of your entries begin with, ending in /.  "
    "[default: https://example.org/NAME/]",
)
@click.option("--title", help="The extension's title.  [default: from NAME]")
@click.option(
    "--language", default="en", show_default=True, metavar="TAG", help="The title's language."
)
def command(name: str, namespace: str | None, title: str | None, language: str) -> None:
    """Make the folder NAME with files that extend the published dictionary.

    They are complete: an area of expertise and a role to change to yours, a hook that validates
    before each commit, and a workflow for GitHub.
    """
    for path in make(name, namespace, title, language):
        click.echo(path)
    click.echo(f"\nThey are valid as they are. Change them to yours, then:\n\n  cd {name}")
    click.echo("  competency validate .")

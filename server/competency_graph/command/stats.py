"""``competency stats``."""

from __future__ import annotations

import click

from competency_graph.command.options import dictionary_option
from competency_graph.dictionary import Dictionary
from competency_graph.statistics import count


@click.command()
@dictionary_option
def command(dictionary: Dictionary) -> None:
    """Count what a dictionary holds."""
    figures = count(dictionary.asserted)
    width = len(f"{max(figure.number for figure in figures):,}")
    for figure in figures:
        click.echo(f"{figure.number:>{width},}  {figure.what}")

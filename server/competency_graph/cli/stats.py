"""``competency stats``."""

from __future__ import annotations

import click

from competency_graph.cli.options import dictionary_option
from competency_graph.dictionary.model import Dictionary
from competency_graph.dictionary.statistics import count


@click.command()
@dictionary_option
def command(dictionary: Dictionary) -> None:
    """Count what a dictionary holds; for one that extends another, its own and all in all."""
    whole = count(dictionary.asserted)
    columns = [[f"{figure.number:,}" for figure in whole]]
    if dictionary.base_files:
        columns = [["own", *(f"{each.number:,}" for each in count(dictionary.own))],
                   ["in all", *columns[0]]]  # fmt: skip
    widths = [max(map(len, column)) for column in columns]
    names = [""] * bool(dictionary.base_files) + [figure.what for figure in whole]
    for name, *numbers in zip(names, *columns, strict=True):
        cells = (number.rjust(width) for number, width in zip(numbers, widths, strict=True))
        click.echo("  ".join([*cells, name]).rstrip())

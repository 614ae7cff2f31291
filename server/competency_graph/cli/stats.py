"""``competency stats``."""

from __future__ import annotations

import click

from competency_graph.cli.options import dictionary_option
from competency_graph.dictionary.model import Dictionary
from competency_graph.dictionary.statistics import count


@click.command()
@dictionary_option
def command(dictionary: Dictionary) -> None:
    """Count the entries of a dictionary; for an extension, its own entries and the total."""
    total = count(dictionary.asserted)
    columns = [[f"{figure.number:,}" for figure in total]]
    if dictionary.base_files:
        columns = [["own", *(f"{each.number:,}" for each in count(dictionary.own))],
                   ["in all", *columns[0]]]  # fmt: skip
    widths = [max(map(len, column)) for column in columns]
    names = [""] * bool(dictionary.base_files) + [figure.what for figure in total]
    for name, *numbers in zip(names, *columns, strict=True):
        cells = (number.rjust(width) for number, width in zip(numbers, widths, strict=True))
        click.echo("  ".join([*cells, name]).rstrip())

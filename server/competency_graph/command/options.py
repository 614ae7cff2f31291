"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from competency_graph.dictionary import Dictionary


def _dictionary(
    context: click.Context, option: click.Parameter, value: tuple[Path, ...]
) -> Dictionary:
    inferring = not context.params.pop("no_inference", False)
    return Dictionary(value or None, inferring=inferring, also=context.params.pop("also", ()))


def dictionary_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--data FILE``: the files of the dictionary, instead of the published one."""
    inference = click.option(
        "--no-inference",
        is_flag=True,
        is_eager=True,
        help="Leave out what follows from the files; for data of 100,000 statements and more.",
    )
    data = click.option(
        "--data",
        "dictionary",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        callback=_dictionary,
        help="A file of the dictionary to use; may be repeated. Default: the published one.",
    )
    return inference(data(function))


def also_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--with FILE``: graphs beside the dictionary. It goes with `dictionary_option`."""
    return click.option(
        "--with",
        "also",
        multiple=True,
        is_eager=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A file of RDF to ask beside the dictionary, as “competency import” makes them; may "
        "be repeated.",
    )(function)

"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from competency_graph.dictionary.base import BASES
from competency_graph.dictionary.model import Dictionary


def _dictionary(
    context: click.Context, option: click.Parameter, value: tuple[Path, ...]
) -> Dictionary:
    given = {name: context.params.pop(name) for name in _GIVEN if name in context.params}
    inferring = not given.pop("no_inference", False)
    if given.get("as_is") and not value:
        raise click.UsageError("--as-is: name with --data the files that are taken as they are")
    return Dictionary(value or None, inferring=inferring, **given)


_GIVEN = ("no_inference", "extra_files", "base", "as_is")
"""The other options that a dictionary is made from."""


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
        metavar="FILE|FOLDER|PATTERN",
        callback=_dictionary,
        help="Files of the dictionary to use; may be repeated.  [default: the published one]",
    )
    return base_option(is_eager=True)(inference(data(function)))


def base_option(is_eager: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--base``: what the files extend."""
    return click.option(
        "--base",
        type=click.Choice(BASES),
        default="auto",
        show_default=True,
        is_eager=is_eager,
        help="What the files extend: sales, the published dictionary, which is then read with "
        "them; none, for a dictionary that stands alone; auto takes sales unless the files "
        "describe a dictionary of their own and do not name the published one.",
    )


def data_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--data FILE``: the files that a command takes as arguments as well."""
    return click.option(
        "--data",
        multiple=True,
        metavar="FILE|FOLDER|PATTERN",
        help="The same as FILE, as in other commands; may be repeated.",
    )(function)


def also_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--with FILE`` and ``--as-is``: graphs beside the dictionary, or in its place.

    They go with `dictionary_option`.
    """
    also = click.option(
        "--with",
        "extra_files",
        multiple=True,
        is_eager=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A file of RDF to ask beside the dictionary, as “competency import” makes them; may "
        "be repeated.",
    )
    as_is = click.option(
        "--as-is",
        is_flag=True,
        is_eager=True,
        help="Take the files of --data as they are, in the graphs that they name, without "
        "ontology, base and inference.",
    )
    return also(as_is(function))

"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from competency_graph.dictionary.base import BASES
from competency_graph.dictionary.model import Dictionary
from competency_graph.rdf.several_files import recover


def _load_dictionary(
    context: click.Context, option: click.Parameter, value: tuple[Path, ...]
) -> Dictionary:
    options = {
        name: context.params.pop(name) for name in _DICTIONARY_OPTIONS if name in context.params
    }
    inferring = not options.pop("no_inference", False)
    if options.get("as_is") and not value:
        raise click.UsageError("--as-is: name the files with --data")
    return Dictionary(value or None, inferring=inferring, **options)


_DICTIONARY_OPTIONS = ("no_inference", "extra_files", "base", "as_is")
"""The other options from which a dictionary is loaded."""


def dictionary_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--data FILE``, with ``--base`` and ``--no-inference``: the dictionary to load."""
    inference = click.option(
        "--no-inference",
        is_flag=True,
        is_eager=True,
        help="Skip inference; for data of 100,000 statements and more.",
    )
    data = click.option(
        "--data",
        "dictionary",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE|FOLDER|PATTERN",
        callback=_load_dictionary,
        help="Files of the dictionary; may be repeated.  [default: the published one]",
    )
    return base_option(is_eager=True)(inference(data(function)))


shapes_option = click.option(
    "--shapes",
    "own_shapes",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your own shapes, in addition to the published ones; may be repeated.",
)
"""``--shapes FILE``: shapes that a validation adds to the published ones."""


def own_dictionary(dictionary: Dictionary) -> Dictionary:
    """A dictionary whose own files a command changes, after undoing an interrupted change of them.

    Raises:
        click.UsageError: no files are named, so that it is the published dictionary.
    """
    if not dictionary.has_own_files:
        raise click.UsageError("name your own files with --data; the published ones do not change")
    if recover(dictionary.folder):
        click.echo("A change that was interrupted has been undone.", err=True)
        return dictionary.reloaded()
    return dictionary


def base_option(is_eager: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--base``: the dictionary that the files extend."""
    return click.option(
        "--base",
        type=click.Choice(BASES),
        default="auto",
        show_default=True,
        is_eager=is_eager,
        help="The dictionary that the files extend: sales, the published one, which is then loaded "
        "with them; none, for a dictionary that stands alone; auto, for sales unless the files "
        "describe their own dictionary and do not name the published one.",
    )


def data_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--data FILE``: files that the command also accepts as arguments."""
    return click.option(
        "--data",
        multiple=True,
        metavar="FILE|FOLDER|PATTERN",
        help="Same as FILE, for consistency with other commands; may be repeated.",
    )(function)


def framework_files_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--with FILE``: the frameworks that links lead to."""
    return click.option(
        "--with",
        "framework_files",
        multiple=True,
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="RDF of a framework that the links lead to, such as one made by “competency import”; "
        "may be repeated.",
    )(function)


def with_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--with FILE`` and ``--as-is``: graphs in addition to the dictionary, or instead of it.

    Use them together with `dictionary_option`.
    """
    also = click.option(
        "--with",
        "extra_files",
        multiple=True,
        is_eager=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="An RDF file to load in addition to the dictionary, such as one made by “competency "
        "import”; may be repeated.",
    )
    as_is = click.option(
        "--as-is",
        is_flag=True,
        is_eager=True,
        help="Load the files of --data unchanged, in the graphs that they name, without "
        "ontology, base and inference.",
    )
    return also(as_is(function))


def elsewhere_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--store FOLDER`` and ``--endpoint URL``: data to serve instead of files.

    Check their values with `check_elsewhere`.
    """
    store = click.option(
        "--store",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        help="Serve the store in this folder, made by “competency publish”, instead of files.",
    )
    endpoint = click.option(
        "--endpoint",
        metavar="URL",
        help="Serve the data of another SPARQL 1.1 server, instead of files.",
    )
    return store(endpoint(function))


def check_elsewhere(store: Path | None, endpoint: str | None) -> None:
    """Check the values of `elsewhere_options`.

    Raises:
        click.UsageError: both are given.
        BadValueError: the address is not one of a server.
    """
    if store and endpoint:
        raise click.UsageError("--store and --endpoint: use only one of them")
    if endpoint is not None:
        from competency_graph.engines import remote  # slow to import

        remote.address(endpoint)


def limit_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--time-limit`` and ``--memory-limit``: what each query may use."""
    time = click.option(
        "--time-limit",
        default=10.0,
        show_default=True,
        type=click.FloatRange(0.1, 3600),
        help="Maximum time for a query, in seconds.",
    )
    memory = click.option(
        "--memory-limit",
        default=1024,
        show_default=True,
        type=click.IntRange(16, 1_000_000),
        help="Maximum memory for a query, in MiB.",
    )
    return time(memory(function))

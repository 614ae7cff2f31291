"""``competency lsp``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from competency_graph.cli.options import (
    base_option,
    data_option,
    framework_files_option,
    shapes_option,
)
from competency_graph.cli.output import STDOUT
from competency_graph.errors import UnavailableError


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER]…")
@data_option
@shapes_option
@framework_files_option
@base_option()
@click.option(
    "--time-limit", default=600.0, show_default=True, type=click.FloatRange(0.1, 86_400),
    help="Maximum time for each validation, in seconds.",
)  # fmt: skip
def command(
    files: tuple[str, ...], data: tuple[str, ...], own_shapes: tuple[Path, ...],
    framework_files: tuple[Path, ...], base: str, time_limit: float,
) -> None:  # fmt: skip
    """Serve editors by the Language Server Protocol, on standard input and output.

    Without a FILE, the dictionary is all RDF files of the folder that the editor has open, and the
    open documents.
    """
    try:
        from competency_graph.authoring.validation_messages import Settings
        from competency_graph.lsp.server import DictionaryServer, Options
    except ModuleNotFoundError as error:
        if not str(error.name).startswith(("pygls", "lsprotocol")):
            raise
        raise UnavailableError(
            "the language server is not installed", "Run: pip install 'competency-graph[lsp]'"
        ) from None
    settings = Settings(base, own_shapes, time_limit)
    # What a library prints must not get between the answers.
    answers = os.fdopen(os.dup(STDOUT), "wb")
    os.dup2(sys.stderr.fileno(), STDOUT)
    server = DictionaryServer(Options((*files, *data), settings, framework_files))
    sys.exit(0 if server.run(answers) else 1)  # as LSP 3.17 requires, “Exit Notification”

"""The command ``competency``, with a module for each of its subcommands.

Exit codes: 0 for success, 1 for findings, 2 for wrong usage or unreadable input; 130 if Ctrl-C
interrupted the command, and 141 if the reader of its output ended first, as shells have it.
"""

from __future__ import annotations

import keyword
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn, cast

import click

from competency_graph.cli import output
from competency_graph.errors import CompetencyError

_COMMAND_HELP = {
    "deprecate": "Mark an entry as deprecated, and lead references to another.",
    "diff": "Show what changed between two versions of a dictionary.",
    "export": "Export a dictionary for another system.",
    "fmt": "Lay out Turtle files.",
    "import": "Import a document, a spreadsheet, or other frameworks.",
    "link": "Find links from a dictionary to other frameworks, and review them.",
    "lsp": "Serve editors: diagnostics, fixes, completion and more.",
    "mcp": "Serve a dictionary to an assistant, by the Model Context Protocol.",
    "new": "Create files that extend the published dictionary.",
    "publish": "Publish a dictionary to a store on disk or a SPARQL server.",
    "query": "Query a dictionary: a saved query, a file or standard input.",
    "release": "Release a version of a dictionary.",
    "search": "Find entries by words or a code.",
    "serve": "Serve a dictionary: SPARQL endpoint and web pages.",
    "site": "Write the site of a dictionary as files for a static host.",
    "stats": "Count the entries of a dictionary.",
    "validate": "Report what is missing or wrong in a dictionary.",
    "why": "Explain why a statement holds.",
}


class _LazyGroup(click.Group):
    """Imports a subcommand when it is called, so that each loads only the libraries it needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMAND_HELP)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMAND_HELP:
            return None
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        return cast("click.Command", import_module(f"competency_graph.cli.{name}").command)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise output.ReaderClosed from None
        except (KeyboardInterrupt, click.Abort):  # click would exit with 1
            click.echo("\ncompetency: interrupted", err=True)
            raise click.exceptions.Exit(128 + signal.SIGINT) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMAND_HELP.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="competency-graph", prog_name="competency")
def cli() -> None:
    """Serve, query, validate, link and export competency dictionaries as linked data."""


def main(command: Callable[..., Any] = cli) -> None:
    """Run the command line, and turn errors into one message and exit code 2.

    If the reader of standard output (such as ``head``) exits early, no message is printed, and the
    exit code is 141, as for programs that are ended by the signal SIGPIPE.
    """
    output.open_stdout()
    try:
        try:
            command()
        finally:
            sys.stdout.flush()
    except CompetencyError as error:
        _exit(2, str(error))
    except MemoryError:
        _exit(2, "there is not enough memory. Process less at a time.")
    except output.ReaderClosed:
        _exit(128 + signal.SIGPIPE)


def _exit(code: int, message: str = "") -> NoReturn:
    """Print a message, discard unwritten output and exit."""
    with suppress(OSError):
        if message:
            click.echo(f"competency: {message}", err=True)
    os.dup2(os.open(os.devnull, os.O_WRONLY), output.STDOUT)
    sys.exit(code)

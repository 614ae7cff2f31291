"""The command ``competency``: each of its commands in a file of its own.

Exit codes: 0 fine, 1 findings, 2 wrong use or broken input.
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

_COMMANDS = {
    "export": "Write a dictionary for another system.",
    "import": "Turn other frameworks' downloads into graphs to ask.",
    "link": "Find links from a dictionary to other frameworks, and decide on them.",
    "new": "Make files that extend the published dictionary.",
    "publish": "Put a dictionary where larger ones are served from.",
    "query": "Ask a dictionary: a saved query, a file or standard input.",
    "search": "Find entries by words or a code.",
    "serve": "Serve a dictionary: SPARQL endpoint and pages.",
    "stats": "Count what a dictionary holds.",
    "validate": "Say what is missing or wrong in a dictionary.",
}


class _Group(click.Group):
    """Imports a command when it is called, so that no command pays for another's libraries."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        return cast("click.Command", import_module(f"competency_graph.cli.{name}").command)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise output.ReaderLeft from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="competency-graph", prog_name="competency")
def cli() -> None:
    """Serve, ask, validate, link and export competency dictionaries as linked data."""


def main(run: Callable[..., Any] = cli) -> None:
    """Run the command line, and turn what it refuses into one message and exit code 2.

    Where the reader of standard output (as ``head``) leaves early, nothing is told, and the exit
    code is 141, as of programs that the signal SIGPIPE ends.
    """
    output.open_stdout()
    try:
        try:
            run()
        finally:
            sys.stdout.flush()
    except CompetencyError as error:
        _end(2, str(error))
    except MemoryError:
        _end(2, "this needs more memory than there is. Give it less at a time.")
    except output.ReaderLeft:
        _end(128 + signal.SIGPIPE)


def _end(code: int, message: str = "") -> NoReturn:
    """End with a message, which may be for nobody, and leave what could not be written."""
    with suppress(OSError):
        if message:
            click.echo(f"competency: {message}", err=True)
    os.dup2(os.open(os.devnull, os.O_WRONLY), output.STDOUT)
    sys.exit(code)

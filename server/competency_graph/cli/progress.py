"""One line on a terminal that says how work goes; nothing in a pipe."""

from __future__ import annotations

import sys

import click


class ProgressLine:
    """Is told what is being done and how far it is.

    Args:
        what: what is counted, in the plural; "" where a number says all.
    """

    def __init__(self, what: str = "") -> None:
        self._what = what
        self._terminal = sys.stderr.isatty()

    def __call__(self, doing: str, number: int) -> None:
        """Show it in place of what was shown before."""
        if self._what:
            self._show(f"{doing} … {number:,} {self._what} so far")
        else:
            self._show(f"{doing} … {number:,}" if number else f"{doing} …")

    def clear(self) -> None:
        """Show nothing any more."""
        self._show("")

    def _show(self, line: str) -> None:
        if self._terminal:
            click.echo(f"\r\x1b[K{line}", nl=False, err=True)

"""A progress line on a terminal."""

from __future__ import annotations

import sys
from typing import Final

import click

GC_THRESHOLD: Final = 100_000
"""Allocations between garbage collections: parsing creates many objects, but no cycles."""


class ProgressLine:
    """Shows the current activity and a count on standard error, if that is a terminal.

    Args:
        counted_noun: what is counted, in the plural; "" to show only the number.
    """

    def __init__(self, counted_noun: str = "") -> None:
        self._counted_noun = counted_noun
        self._terminal = sys.stderr.isatty()

    def __call__(self, activity: str, number: int) -> None:
        """Replace the line by an activity and its count."""
        if self._counted_noun:
            self._show(f"{activity} … {number:,} {self._counted_noun} so far")
        else:
            self._show(f"{activity} … {number:,}" if number else f"{activity} …")

    def clear(self) -> None:
        """Clear the line."""
        self._show("")

    def _show(self, line: str) -> None:
        if self._terminal:
            click.echo(f"\r\x1b[K{line}", nl=False, err=True)

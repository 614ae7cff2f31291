"""Reading single keys from a terminal; unlike `click.getchar`, this keeps what is typed ahead."""

from __future__ import annotations

import os
import select
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

_ESCAPE = b"\x1b"


@contextmanager
def key_mode() -> Iterator[None]:
    """Make the terminal pass on each key at once without displaying it."""
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal, termios.TCSADRAIN)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


@contextmanager
def line_mode() -> Iterator[None]:
    """Within `key_mode`, let the user type and edit a line."""
    terminal = sys.stdin.fileno()
    current = termios.tcgetattr(terminal)
    changed = termios.tcgetattr(terminal)
    changed[3] |= termios.ICANON | termios.ECHO
    termios.tcsetattr(terminal, termios.TCSADRAIN, changed)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, current)


def read_key() -> str:
    """Read a key, in lower case; "" for arrows and other keys that are not one ASCII character.

    Raises:
        EOFError: the terminal is closed.
    """
    terminal = sys.stdin.fileno()
    try:
        read = os.read(terminal, 1)
        if read == _ESCAPE:
            _discard_sequence(terminal)
        elif read >= b"\xc0":
            os.read(terminal, 1 + (read >= b"\xe0") + (read >= b"\xf0"))
    except OSError:
        read = b""
    if not read:
        raise EOFError
    return read.decode().lower() if read < b"\x80" and read != _ESCAPE else ""


def _discard_sequence(terminal: int) -> None:
    """Discard what follows an escape: the sequence of a key such as an arrow (ECMA-48, 5.4)."""
    if _has_input(terminal) and os.read(terminal, 1) in (b"[", b"O"):
        while _has_input(terminal) and not b"@" <= os.read(terminal, 1) <= b"~":
            pass


def _has_input(terminal: int) -> bool:
    return bool(select.select([terminal], [], [], 0)[0])

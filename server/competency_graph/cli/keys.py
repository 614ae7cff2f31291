"""Single keys from a terminal. What is typed ahead is kept, which `click.getchar` throws away."""

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
def by_keys() -> Iterator[None]:
    """Let the terminal give each key at once and show none, as long as this lasts."""
    line = sys.stdin.fileno()
    before = termios.tcgetattr(line)
    tty.setcbreak(line, termios.TCSADRAIN)
    try:
        yield
    finally:
        termios.tcsetattr(line, termios.TCSADRAIN, before)


@contextmanager
def by_lines() -> Iterator[None]:
    """Within `by_keys`, let a person type a line."""
    line = sys.stdin.fileno()
    now = termios.tcgetattr(line)
    changed = termios.tcgetattr(line)
    changed[3] |= termios.ICANON | termios.ECHO
    termios.tcsetattr(line, termios.TCSADRAIN, changed)
    try:
        yield
    finally:
        termios.tcsetattr(line, termios.TCSADRAIN, now)


def key() -> str:
    """The next key, in lower case; "" for an arrow or whatever else is more than a character.

    Raises:
        EOFError: the terminal is gone.
    """
    line = sys.stdin.fileno()
    try:
        read = os.read(line, 1)
        if read == _ESCAPE:
            _drop_sequence(line)
        elif read >= b"\xc0":
            os.read(line, 1 + (read >= b"\xe0") + (read >= b"\xf0"))
    except OSError:
        read = b""
    if not read:
        raise EOFError
    return read.decode().lower() if read < b"\x80" and read != _ESCAPE else ""


def _drop_sequence(line: int) -> None:
    """Take what follows an escape: the sequence of a key such as an arrow (ECMA-48, 5.4)."""
    if _waiting(line) and os.read(line, 1) in (b"[", b"O"):
        while _waiting(line) and not b"@" <= os.read(line, 1) <= b"~":
            pass


def _waiting(line: int) -> bool:
    return bool(select.select([line], [], [], 0)[0])

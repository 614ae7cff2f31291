"""What the tests share: the published dictionary, the command, and a real server."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from competency_graph import Dictionary
from forking import ForkingCommand

ROOT = Path(__file__).parents[1]
COMMAND = Path(sys.executable).with_name("competency")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def sales() -> Dictionary:
    """The published dictionary."""
    return Dictionary()


@pytest.fixture(scope="session")
def forking_command() -> Iterator[ForkingCommand]:
    """The command, loaded once for all tests."""
    with contextlib.closing(ForkingCommand()) as command:
        yield command


@pytest.fixture
def competency(tmp_path: Path, forking_command: ForkingCommand) -> Run:
    """Run the command in an empty folder: `competency("stats", stdin="…")`."""

    def run(
        *arguments: str | Path, stdin: str | bytes = "", cwd: Path = tmp_path
    ) -> subprocess.CompletedProcess[str]:
        done = forking_command.run(
            [str(argument) for argument in arguments],
            stdin.encode() if isinstance(stdin, str) else stdin,
            folder=cwd,
            environment=os.environ | {"COLUMNS": "100"},
            seconds=120,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return run


def interruptible() -> None:
    """Let a child process be ended by Ctrl-C or a terminal that closes, as ``preexec_fn``.

    Where the tests themselves ignore these signals (``nohup make test &``), it would inherit that.
    """
    for signum in (signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, signal.SIG_DFL)


def first_match(pattern: str, stream: IO[str]) -> str:
    """The first match of ``pattern`` in what a process prints; fails when its output ends."""
    seen = []
    for line in stream:
        seen.append(line)
        if match := re.search(pattern, line):
            return match[1]
    raise AssertionError(f"{pattern} is not in what it printed: {''.join(seen)}")


@contextlib.contextmanager
def serving(
    folder: Path, *options: str | Path, prepare: Callable[[], None] | None = None
) -> Iterator[str]:
    """The address of a real server with these options; it must say nothing, and end well."""
    process = subprocess.Popen(
        [COMMAND, "serve", "--port", "0", "--log", "off", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        preexec_fn=prepare,
    )
    try:
        assert process.stdout is not None
        yield first_match(r"(http://[\d.]+:\d+)", process.stdout)
    finally:
        process.terminate()
        _, said = process.communicate(timeout=30)
        assert (process.returncode, said) == (0, "")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server, started as a user starts it."""
    folder = tmp_path_factory.mktemp("served")
    process = subprocess.Popen(
        [COMMAND, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True, cwd=folder
    )
    try:
        assert process.stdout is not None
        yield first_match(r"(http://[\d.]+:\d+)", process.stdout)
    finally:
        process.terminate()
        assert process.wait(timeout=20) == 0
        assert list(folder.iterdir()) == []

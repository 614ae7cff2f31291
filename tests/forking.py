"""The command `competency` in a process of its own, without loading Python and its modules each time.

A process imports the command once and forks for each call, so a call has its own standard streams,
folder, environment and exit code, as one from a shell has.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import gc
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import termios
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import click

SLOW = [
    "competency_graph.linking.matching",
    "competency_graph.mcp.http",
    "competency_graph.mcp.stdio",
    "competency_graph.web.app",
    "competency_graph.web.server.arbiter",
    "owlrl",
]
"""Modules that commands import only when they are needed, and that take long."""


class Running:
    """A call of the command that was started."""

    def __init__(self, arguments: list[str], outcome: socket.socket) -> None:
        self._arguments, self._outcome = arguments, outcome
        self._outcome.settimeout(60)
        self.pid = int(self._outcome.recv(20))

    def wait(self, seconds: float) -> int:
        """The exit code; less than 0 where a signal ended it.

        Raises:
            subprocess.TimeoutExpired: it takes longer than `seconds`; it is killed.
        """
        self._outcome.settimeout(seconds)
        try:
            return int(self._outcome.recv(20))
        except TimeoutError:
            self.signal(signal.SIGKILL)
            raise subprocess.TimeoutExpired(self._arguments, seconds) from None
        finally:
            self._outcome.close()

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)


class ForkingCommand:
    """Starts the command by forks of one process; to be closed."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, Path(__file__), str(theirs.fileno())], pass_fds=[theirs.fileno()]
            )

    def start(
        self,
        arguments: list[str],
        streams: tuple[int, int, int],
        folder: Path,
        environment: Mapping[str, str],
        memory: int = resource.RLIM_INFINITY,
        terminal: bool = False,
    ) -> Running:
        """Start it with these as its standard input, output and error output.

        Its address space may grow to `memory`, in bytes. With `terminal`, its standard input is
        the terminal that controls it.
        """
        call = {
            "arguments": arguments,
            "folder": str(folder),
            "environment": dict(environment),
            "memory": memory,
            "terminal": terminal,
        }
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with tempfile.TemporaryFile() as file, theirs:
            file.write(json.dumps(call).encode())
            file.seek(0)
            socket.send_fds(self._ours, [b"!"], [theirs.fileno(), file.fileno(), *streams])
        return Running(arguments, ours)

    def run(
        self,
        arguments: list[str],
        stdin: bytes,
        folder: Path,
        environment: Mapping[str, str],
        seconds: float,
        memory: int = resource.RLIM_INFINITY,
    ) -> subprocess.CompletedProcess[bytes]:
        """What the command prints and its exit code.

        Raises:
            subprocess.TimeoutExpired: it takes longer than `seconds`.
        """
        with contextlib.ExitStack() as stack:
            files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
            files[0].write(stdin)
            files[0].seek(0)
            given, out, err = (file.fileno() for file in files)
            running = self.start(arguments, (given, out, err), folder, environment, memory)
            code = running.wait(seconds)
            return subprocess.CompletedProcess(arguments, code, *map(_content, files[1:]))

    def close(self) -> None:
        self._ours.close()
        self._process.wait(timeout=10)


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _next_call(calls: socket.socket) -> dict[str, Any] | None:
    """In a new process: the call that it is for, its streams in place. In this one: None, at the end."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(calls, 1, 5)
        if not message:
            return None
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            calls.close()
            outcome, call, *streams = descriptors
            if child := os.fork():
                os.write(outcome, str(child).encode())
                for descriptor in streams:
                    os.close(descriptor)  # so that their reader sees the end when the child ends
                _, status = os.waitpid(child, 0)
                with contextlib.suppress(OSError):
                    os.write(outcome, str(os.waitstatus_to_exitcode(status)).encode())
                os._exit(0)
            os.close(outcome)
            for number, descriptor in enumerate(streams):
                os.dup2(descriptor, number)
                os.close(descriptor)
            sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
            with os.fdopen(call, "rb") as file:
                return json.load(file)  # type: ignore[no-any-return]
        for descriptor in descriptors:
            os.close(descriptor)


def _load() -> None:
    """Import what the commands use, and what a server prepares."""
    from competency_graph.cli import cli
    from competency_graph.sandbox.preparation import prepare_all

    with click.Context(cli) as context:
        for name in cli.list_commands(context):
            cli.get_command(context, name)
    for module in SLOW:
        with contextlib.suppress(ModuleNotFoundError):  # an extra may not be installed
            import_module(module)
    prepare_all()
    gc.freeze()


def _main() -> None:
    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # processes that ended are not kept
    with socket.socket(fileno=int(sys.argv[1])) as calls:
        call = _next_call(calls)
    if call is None:
        return
    from competency_graph.cli import main

    if call["terminal"]:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    # also where the tests themselves ignore these signals, as in `nohup make test &`
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (call["memory"], call["memory"]))
    os.chdir(call["folder"])
    os.environ.clear()
    os.environ.update(call["environment"])
    sys.argv = ["competency", *call["arguments"]]
    code: Any = 0
    try:
        main()
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    atexit._run_exitfuncs()
    os._exit(code)


if __name__ == "__main__":
    _main()

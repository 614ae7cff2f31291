"""The command `competency` in a process of its own, without loading Python and its modules each time.

A process imports the command once and forks for each call, so a call has its own standard streams,
folder, environment and exit code, as one from a shell has.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import IO, Any

MODULES = [
    *(
        f"competency_graph.cli.{name}"
        for name in (
            "export", "import_", "link", "new", "publish", "query", "search", "serve", "stats", "validate",
        )
    ),
    "competency_graph.linking.matching",
    "owlrl",
]  # fmt: skip


class ForkingCommand:
    """Starts the command by forks of one process; to be closed."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, Path(__file__), str(theirs.fileno())], pass_fds=[theirs.fileno()]
            )

    def run(
        self,
        arguments: list[str],
        stdin: bytes,
        folder: Path,
        environment: Mapping[str, str],
        seconds: float,
    ) -> subprocess.CompletedProcess[bytes]:
        """What the command prints and its exit code.

        Raises:
            subprocess.TimeoutExpired: it takes longer than `seconds`.
        """
        call = {"arguments": arguments, "folder": str(folder), "environment": dict(environment)}
        with contextlib.ExitStack() as stack:
            files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(4)]
            for file, content in zip(files, (json.dumps(call).encode(), stdin), strict=False):
                file.write(content)
                file.seek(0)
            socket.send_fds(self._ours, [b"!"], [file.fileno() for file in files])
            self._ours.settimeout(10)
            child = int(self._ours.recv(20))
            self._ours.settimeout(seconds)
            try:
                code = int(self._ours.recv(20))
            except TimeoutError:
                os.kill(child, signal.SIGKILL)
                self._ours.settimeout(10)
                self._ours.recv(20)
                raise subprocess.TimeoutExpired(arguments, seconds) from None
            printed = [_content(file) for file in files[2:]]
        return subprocess.CompletedProcess(arguments, code, *printed)

    def close(self) -> None:
        self._ours.close()
        self._process.wait(timeout=10)


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _next_call(calls: socket.socket) -> dict[str, Any] | None:
    """In a child process: the next call, with its standard streams in place. In the parent: None."""
    while True:
        message, files, _, _ = socket.recv_fds(calls, 1, 4)
        if not message:
            return None
        if not (child := os.fork()):
            calls.close()
            for number, file in enumerate(files[1:]):
                os.dup2(file, number)
            sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
            with os.fdopen(files[0], "rb") as call:
                return json.load(call)  # type: ignore[no-any-return]
        calls.send(str(child).encode())
        for file in files:
            os.close(file)
        _, status = os.waitpid(child, 0)
        calls.send(str(os.waitstatus_to_exitcode(status)).encode())


def _main() -> None:
    for module in MODULES:
        import_module(module)
    from competency_graph.cli import main

    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as calls:
        call = _next_call(calls)
    if call is not None:
        os.chdir(call["folder"])
        os.environ.clear()
        os.environ.update(call["environment"])
        sys.argv = ["competency", *call["arguments"]]
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = ended.code
        sys.stdout.flush()
        atexit._run_exitfuncs()
        os._exit(code)


if __name__ == "__main__":
    _main()

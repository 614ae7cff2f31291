"""Kills a process that replaces a file or a folder at each of its steps, and prints what is there then.

It is a script, as the process of the tests is large: it takes long to fork.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from competency_graph.rdf.atomic_write import replacing, replacing_folder


def is_killed(step: int, work: Callable[[], None]) -> bool:
    """Whether a process that does ``work`` is killed when it reaches a certain step.

    A step is a line of this file or of `atomic_write`.
    """
    files = {__file__, replacing.__code__.co_filename, replacing.__wrapped__.__code__.co_filename}  # type: ignore[attr-defined]

    def trace(frame: Any, event: str, argument: object) -> Any:
        nonlocal step
        if frame.f_code.co_filename not in files:
            return None
        if event == "line":
            step -= 1
            if step < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    child = os.fork()
    if not child:
        try:
            sys.settrace(trace)
            work()
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


def write_large_file(path: Path) -> None:
    with replacing(path) as file:
        for _ in range(3):
            file.write(b"new" * 100_000)


def write_folder(path: Path) -> None:
    with replacing_folder(path) as made:
        for name in ("one", "two"):
            (made / name).write_bytes(b"new")


def write_old(out: Path, kind: str) -> None:
    if kind == "folder":
        out.mkdir()
        (out / "one").write_bytes(b"old")
    else:
        out.write_bytes(b"old")


def main(kind: str, folder: Path) -> None:
    work = write_folder if kind == "folder" else write_large_file
    place, found, killed = folder / "place", [], True
    while killed:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        out = place / "out"
        write_old(out, kind)
        killed = is_killed(len(found), partial(work, out))
        files = out.iterdir() if out.is_dir() else place.glob("out")
        whole = {file.name: file.read_bytes() for file in files}
        found.append(
            {
                "whole": {name: (each[:3].decode(), len(each)) for name, each in whole.items()},
                "left": [path.name for path in place.iterdir() if path != out],
            }
        )
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

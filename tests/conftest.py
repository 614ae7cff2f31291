"""What the tests share: the published dictionary, the command, and a real server."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest

from competency_graph import Dictionary

pytest.register_assert_rewrite("site_browser")

from forking import ForkingCommand  # noqa: E402
from site_browser import Open, opened_at  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
COMMAND = Path(sys.executable).with_name("competency")
Run = Callable[..., subprocess.CompletedProcess[str]]

QUICK = ("dictionary", "mappings", "rdf", "reports", "sparql")
"""Folders of tests that take little time each; they run last, so that no process waits long for
the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.parent.name in QUICK)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Exempt what is loaded for the tests from garbage collections.

    These are a million objects, which each process that a test forks would copy to look at them.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def sales() -> Dictionary:
    """The published dictionary."""
    return Dictionary()


@pytest.fixture(scope="session")
def prepared() -> None:
    """What each fork server would otherwise prepare for itself, once for those of this process."""
    from competency_graph.sandbox.preparation import prepare_all

    prepare_all()


@cache
def forking_command() -> ForkingCommand:
    """The command, loaded once for all tests of this process."""
    command = ForkingCommand()
    atexit.register(command.close)
    return command


@pytest.fixture
def competency(tmp_path: Path) -> Run:
    """Run the command in an empty folder: `competency("stats", stdin="…")`."""

    def run(
        *arguments: str | Path, stdin: str | bytes = "", cwd: Path = tmp_path
    ) -> subprocess.CompletedProcess[str]:
        done = forking_command().run(
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
def serving(folder: Path, *options: str | Path) -> Iterator[str]:
    """The address of a real server with these options; it must print no error, and end well."""
    with tempfile.TemporaryFile("w+") as errors, Path(os.devnull).open() as nothing:
        reading, writing = os.pipe()
        try:
            process = forking_command().start(
                ["serve", "--port", "0", "--log", "off", *map(str, options)],
                (nothing.fileno(), writing, errors.fileno()),
                folder,
                os.environ,
            )
        finally:
            os.close(writing)
        with os.fdopen(reading) as stdout:
            try:
                yield first_match(r"(http://[\d.]+:\d+)", stdout)
            finally:
                process.signal(signal.SIGTERM)
                code = process.wait(30)
                errors.seek(0)
                assert (code, errors.read()) == (0, "")


@contextlib.contextmanager
def serving_from_the_shell(
    folder: Path, *options: str | Path, prepare: Callable[[], None] | None = None
) -> Iterator[str]:
    """As `serving`, by the installed command itself."""
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
    """The address of a real server of the published dictionary, by the installed command.

    Unlike one of `serving`, it has loaded only what it prepares itself, so that a worker, which can
    open no file, fails where that is not enough.
    """
    folder = tmp_path_factory.mktemp("served")
    with serving_from_the_shell(folder) as address:
        yield address
    assert list(folder.iterdir()) == []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once for all tests of this process."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed (Debian: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, server: str) -> Open:
    """Opens a page of the server: ``with opened("/", width="phone", scheme="dark") as page``.

    The options are those of `site_browser.opened_at`.
    """
    return partial(opened_at, browser, server)

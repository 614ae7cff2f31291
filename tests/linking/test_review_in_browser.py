"""Two people review links in a browser, by keyboard, and what they differ on is settled and served."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from framework import SKILL, TARGET, dictionary, entry
from playwright.sync_api import Browser, Page, expect

from competency_graph.mappings import read
from conftest import Run, first_match, forking_command, serving
from forking import Running
from site_browser import BY_LAYOUT, accessibility_faults, opened_at, overflow, show

VERSION = '<https://w3id.org/competency-graph/graph/esco> owl:versionInfo "v1.1.1" .\n'
ORCID = "orcid:0000-0002-1825-0097"
ENTRY = "https://example.org/acme/entry/"


@pytest.fixture
def folder(tmp_path: Path, competency: Run) -> Path:
    """A dictionary of one's own, a framework, and three candidates for two entries."""
    (tmp_path / "acme.ttl").write_text(
        dictionary(
            entry(
                "haggling", "Ability", "Negotiate contracts", '; skos:definition "Bargains."@en '
            ),
            entry("turning", "Ability", "Operate lathes"),
        )
    )
    (tmp_path / "esco.ttl").write_text(TARGET + VERSION)
    suggest = (
        "link",
        "suggest",
        "acme.ttl",
        "--to",
        "esco.ttl",
        "--threshold",
        "0.1",
        "--most",
        "1",
    )
    done = competency(*suggest, "-o", "acme.sssom.tsv")
    assert done.returncode == 0, done.stderr
    return tmp_path


class Served:
    """A review that was started for a browser."""

    def __init__(self, address: str, process: Running) -> None:
        self.address, self.process = address, process
        self.root, path = re.fullmatch(r"(http://127\.0\.0\.1:\d+)(/review/.+)", address).groups()  # type: ignore[union-attr]
        self.path = str(path)
        self._code: int | None = None

    def end(self, number: int) -> int:
        """End it by a signal, unless it has ended; the exit code."""
        if self._code is None:
            self.process.signal(number)
            self._code = self.process.wait(30)
        return self._code


@contextmanager
def reviewing(
    folder: Path, file: str, name: str, *options: str, end: int = signal.SIGINT
) -> Iterator[Served]:
    """A review by a person, into a file of their name; afterwards it is ended by a signal."""
    reading, writing = os.pipe()
    with (folder / f"{name}.log").open("w+") as errors, Path(os.devnull).open() as nothing:
        process = forking_command().start(
            ["link", "review", file, "--data", "acme.ttl", "--to", "esco.ttl", "--browser",
             "--author", name, "-o", f"{name}.sssom.tsv", *options],
            (nothing.fileno(), writing, errors.fileno()),
            folder,
            os.environ,
        )  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as stdout:
            served = Served(first_match(r"(http://\S+)", stdout), process)
            try:
                yield served
            finally:
                code = served.end(end)
            assert (folder / f"{name}.log").read_text() == ""
            if end == signal.SIGINT:
                assert code == 0
                assert f"The decisions are in {name}.sssom.tsv." in stdout.read()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def decisions(path: Path) -> list[tuple[str, str, str]]:
    """The decisions in a file: the concept, the predicate, whether denied."""
    return [(m.object_id[-2:], m.predicate_id.removeprefix("skos:"),
             m.others.get("predicate_modifier", "")) for m in read(path).mappings]  # fmt: skip


def test_two_people_review_settle_and_serve(
    folder: Path, browser: Browser, competency: Run
) -> None:
    with (
        reviewing(folder, "acme.sssom.tsv", "Ann", "--reviewer-id", ORCID) as served,
        opened_at(browser, served.root, served.path) as page,
    ):
        heading(page, "negotiate contract")
        expect(page.locator("main")).to_contain_text("Bargains.")
        expect(page.locator("main")).to_contain_text("Reach terms that two parties sign.")
        page.keyboard.press("Enter")
        heading(page, "operate lathe")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        expect(page.locator("#status")).to_have_text("Saved.")
        assert decisions(folder / "Ann.sssom.tsv") == [("01", "closeMatch", "")]
        page.keyboard.press("u")
        heading(page, "negotiate contract")
        assert decisions(folder / "Ann.sssom.tsv") == []
        page.keyboard.press("t")
        page.keyboard.type("Every b is not a key here.")
        page.keyboard.press("Enter")
        page.keyboard.press("e")
        heading(page, "operate lathe")
        page.keyboard.press("s")
        heading(page, "1 left, which you skipped")
        page.keyboard.press("a")
        heading(page, "operate lathe")
        page.keyboard.press("c")
        heading(page, "All links are decided")
    assert decisions(folder / "Ann.sssom.tsv") == [
        ("01", "exactMatch", ""), ("02", "closeMatch", ""),
    ]  # fmt: skip
    assert read(folder / "Ann.sssom.tsv").mappings[0].comment == "Every b is not a key here."

    with (
        reviewing(folder, "acme.sssom.tsv", "Ben") as served,
        opened_at(browser, served.root, served.path, width="phone") as page,
    ):
        heading(page, "negotiate contract")
        expect(page.locator("main")).not_to_contain_text("exact, as")
        expect(page.locator("main")).not_to_contain_text("Every b is not", use_inner_text=True)
        page.keyboard.press("b")
        heading(page, "operate lathe")
        page.keyboard.press("c")
        heading(page, "All links are decided")

    both = ("link", "agreement", "Ann.sssom.tsv", "Ben.sssom.tsv")
    compared = competency(*both, "--disagreements", "open.sssom.tsv")
    assert compared.returncode == 1
    assert "1 alike (50.0%)" in compared.stdout

    with (
        reviewing(folder, "open.sssom.tsv", "Cleo") as served,
        opened_at(browser, served.root, served.path) as page,
    ):
        expect(page.locator("main")).to_contain_text(
            "Ann: exact (Every b is not a key here.); Ben: broad"
        )
        page.keyboard.press("c")
        heading(page, "All links are decided")

    merged = competency(*both, "--settled", "Cleo.sssom.tsv", "-o", "final.sssom.tsv")
    assert merged.returncode == 0, merged.stderr
    final = {m.object_id[-2:]: m for m in read(folder / "final.sssom.tsv").mappings}
    assert final["02"].others["author_label"] == "Ann|Ben"
    assert final["02"].others["author_id"] == ORCID
    assert final["01"].others["author_label"] == "Cleo"

    checked = competency("link", "check", "final.sssom.tsv", "acme.ttl")
    assert (checked.returncode, checked.stdout.count("\n")) == (0, 1), checked.stdout
    with serving(folder, "--data", "acme.ttl", "--data", "final.sssom.tsv") as server:
        query = f"ASK {{ <{ENTRY}haggling> <http://www.w3.org/2004/02/skos/core#closeMatch> <{SKILL}01> }}"
        asked = f"{server}/sparql?{urllib.parse.urlencode({'query': query, 'format': 'json'})}"
        with urllib.request.urlopen(asked) as answer:
            assert b"true" in answer.read()


def test_another_concept_is_found_and_chosen_by_keyboard(folder: Path, browser: Browser) -> None:
    with (
        reviewing(folder, "acme.sssom.tsv", "Ann") as served,
        opened_at(browser, served.root, served.path) as page,
    ):
        heading(page, "negotiate contract")
        page.keyboard.press("/")
        page.keyboard.type("fore", delay=10)
        expect(page.get_by_role("button", name="forecast")).to_be_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        heading(page, "forecast")
        page.keyboard.press("n")
        heading(page, "operate lathe")
        page.keyboard.press("?")
        expect(page.locator(".help")).to_have_attribute("open", "")
        page.get_by_label("single keys decide").uncheck()
        page.keyboard.press("x")
        heading(page, "operate lathe")
    assert decisions(folder / "Ann.sssom.tsv") == [("08", "narrowMatch", "")]


def test_without_script_the_same_forms_work(folder: Path, browser: Browser) -> None:
    with (
        reviewing(folder, "acme.sssom.tsv", "Ann") as served,
        opened_at(browser, served.root, served.path, script=False) as page,
    ):
        page.get_by_label("Comment").fill("Hm.")
        page.get_by_role("button", name="broad").click()
        heading(page, "operate lathe")
        page.get_by_role("button", name="undo").click()
        heading(page, "negotiate contract")
        page.get_by_role("button", name="reject").click()
        heading(page, "Is there nothing")
        page.get_by_label("What was tried").fill("Bargaining.")
        page.get_by_role("button", name="yes").click()
        heading(page, "operate lathe")
        page.get_by_role("searchbox").fill("book")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("button", name="bookkeeping").first.click()
        heading(page, "bookkeeping")
    assert [row[1:] for row in decisions(folder / "Ann.sssom.tsv")] == [
        ("closeMatch", "Not"), ("exactMatch", ""),
    ]  # fmt: skip


def test_what_was_decided_stays_when_the_review_is_killed(folder: Path, browser: Browser) -> None:
    with reviewing(folder, "acme.sssom.tsv", "Ann", end=signal.SIGKILL) as served:
        context = browser.new_context()
        page = context.new_page()
        page.goto(served.address)
        page.keyboard.press("e")
        heading(page, "operate lathe")
        assert served.end(signal.SIGKILL) < 0
        page.keyboard.press("c")
        expect(page.get_by_role("alert")).to_contain_text("What was decided before is saved.")
        context.close()
    assert decisions(folder / "Ann.sssom.tsv") == [("01", "exactMatch", "")]
    assert not list(folder.glob(".competency-*"))


INTERRUPTED = """
import os, signal, socket, threading, time
from types import SimpleNamespace
from competency_graph.web.reviewing import server
from werkzeug.serving import WSGIRequestHandler as Handler

def interrupted(handler, setup=Handler.setup):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.05)  # until the interrupt is heeded
    setup(handler)

def ready(address):
    port = int(address.split(":")[2].split("/")[0])
    client.connect(("127.0.0.1", port))

Handler.setup = interrupted
with socket.socket() as client:
    server.run(SimpleNamespace(review=None), 0, ready)
for thread in threading.enumerate():
    if thread is not threading.current_thread():
        thread.join()
"""


def test_an_interrupt_while_a_browser_connects_ends_it_without_a_word() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=30
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_key_pressed_twice_decides_on_one_link(folder: Path, browser: Browser) -> None:
    with (
        reviewing(folder, "acme.sssom.tsv", "Ann") as served,
        opened_at(browser, served.root, served.path) as page,
    ):
        heading(page, "negotiate contract")
        page.evaluate(
            """for (const repeat of [false, false, true])
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "c", repeat, bubbles: true }))"""
        )
        heading(page, "operate lathe")
        expect(page.locator("main")).to_contain_text("1 of 2 decided")
    assert decisions(folder / "Ann.sssom.tsv") == [("01", "closeMatch", "")]


def test_it_is_accessible_at_all_widths(folder: Path, browser: Browser) -> None:
    with (
        reviewing(folder, "acme.sssom.tsv", "Ann") as served,
        opened_at(browser, served.root, f"{served.path}?state=all") as page,
    ):
        assert accessibility_faults(page) == []
        for width in ("desktop", "phone"):
            for scheme in ("light", "dark"):
                show(page, width, scheme)
                assert accessibility_faults(page, BY_LAYOUT) == []
                assert overflow(page) == 0
        page.keyboard.press("e")
        heading(page, "operate lathe")


def test_the_keys_stay_in_view_below_a_long_definition(folder: Path, browser: Browser) -> None:
    long = " ".join(["Bargains at length."] * 300)
    path = folder / "acme.ttl"
    path.write_text(path.read_text().replace("Bargains.", long))
    with (
        reviewing(
            folder, "acme.sssom.tsv", "Ann", "--data", "acme.ttl", end=signal.SIGTERM
        ) as served,
        opened_at(browser, served.root, served.path) as page,
    ):
        for width in ("desktop", "phone"):
            show(page, width, "light")
            assert "at length" in page.inner_text(".pair")
            for name in ("agree", "reject"):
                expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)


def test_it_listens_on_this_machine_only(folder: Path, competency: Run) -> None:
    done = competency("link", "review", "acme.sssom.tsv", "--browser", "--host", "0.0.0.0")
    assert done.returncode == 2
    assert "No such option" in done.stderr
    with reviewing(folder, "acme.sssom.tsv", "Ann", end=signal.SIGTERM) as served:
        port = int(served.root.rpartition(":")[2])
        socket.create_connection(("127.0.0.1", port), 5).close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), 5)
    anonymous = competency("link", "review", "acme.sssom.tsv", "--browser", "--data", "acme.ttl")
    assert anonymous.returncode == 2
    assert "Give your name with --author" in anonymous.stderr


def test_a_port_in_use_is_reported(folder: Path, competency: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = competency(
            "link", "review", "acme.sssom.tsv", "--data", "acme.ttl", "--browser", "--author", "Ann",
            "--port", port,
        )  # fmt: skip
    assert done.returncode == 2
    assert f"port {port} is not available" in done.stderr


def test_that_decisions_cannot_be_saved_is_told_before_the_first(
    folder: Path, competency: Run
) -> None:
    options = ("--browser", "--author", "Ann", "-o", "missing/ann.sssom.tsv")
    done = competency("link", "review", "acme.sssom.tsv", *options)
    assert done.returncode == 2
    assert "missing/ann.sssom.tsv: the folder to write this in does not exist" in done.stderr


def test_the_decisions_of_another_person_are_not_continued_by_mistake(
    folder: Path, competency: Run
) -> None:
    rows = (folder / "acme.sssom.tsv").read_text().splitlines(keepends=True)
    head = "".join(row for row in rows if row.startswith("#"))
    columns, first = "".join(rows[len(head.splitlines()) :]).splitlines()[:2]
    (folder / "acme.reviewed.sssom.tsv").write_text(
        f"{head}{columns}\tauthor_label\n{first}\tAnn\n"
    )
    done = competency("link", "review", "acme.sssom.tsv", "--browser", "--author", "Ben")
    assert done.returncode == 2
    assert "has decisions of Ann. To review independently, name your own file" in done.stderr

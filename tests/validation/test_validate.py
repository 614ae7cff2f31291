"""``competency validate``: exit codes, formats, shapes, engines, watching and interrupting."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
from authoring import DEFINITION, EXTENSION, HEAD, changed, told, write

from competency_graph.validation import validate
from competency_graph.validation.engines.child_process import run_in_child
from conftest import COMMAND, ROOT, Run, interruptible

FAULTY = changed((DEFINITION, ""))
SMALLEST = ROOT / "tests" / "dictionaries" / "pass" / "smallest.ttl"
WARNED = f"# competency: allow-file CG209\n{EXTENSION}"
HINTED = (
    HEAD
    + """
PREFIX sales: <https://w3id.org/competency-graph/sales/>
mine:greening a cg:AreaOfExpertise ; skos:prefLabel "Greening"@en ; skos:notation "ACME-A01" ;
  skos:definition "Makes selling green."@en ; skos:inScheme <https://w3id.org/competency-graph/sales> ;
  cg:areaOf <https://w3id.org/competency-graph/sales> ;
  cg:coveredByRole <https://w3id.org/competency-graph/sales/role/analyst> ;
  cg:requiresKnowledge <https://w3id.org/competency-graph/sales/knowledge/sales-culture> ;
  cg:requiresAbility <https://w3id.org/competency-graph/sales/ability/assess-performance-objectively> ;
  cg:producesOutput <https://w3id.org/competency-graph/sales/output/capture-plan> ;
  cg:hasKeyAction mine:plants-trees .
mine:plants-trees a cg:KeyAction ; skos:prefLabel "Plants trees"@en ; skos:notation "ACME-A01.A1" ;
  skos:definition "Plants a tree for each sale."@en ; skos:inScheme <https://w3id.org/competency-graph/sales> .
"""
)

# ---------------------------------------------------------------------------
# Exit codes and reports
# ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "grave", "codes"),
    [
        (EXTENSION, "nothing is missing or wrong.", (0, 0, 0)),
        (HINTED, "1 finding: 1 info, in 1 file.", (0, 0, 1)),
        (WARNED, "1 finding: 1 warning, in 1 file.", (0, 1, 1)),
        (FAULTY, "1 finding: 1 violation, in 1 file.", (1, 1, 1)),
        (EXTENSION + "oops .", "1 finding: 1 violation, in 1 file.", (2, 2, 2)),
        ("mine:x a 1 .", "1 finding: 1 violation, in 1 file.", (2, 2, 2)),
    ],
    ids=["clean", "info", "warning", "violation", "syntax", "prefix"],
)
def test_the_exit_code_tells_how_grave_it_is(
    tmp_path: Path, competency: Run, text: str, grave: str, codes: tuple[int, int, int]
) -> None:
    write(tmp_path, "mine.ttl", text)
    for level, code in zip(("violation", "warning", "info"), codes, strict=True):
        done = competency("validate", "mine.ttl", "--level", level)
        assert (done.returncode, done.stderr) == (code, "")
        assert grave in done.stdout.splitlines()[-1]


def test_without_a_file_it_is_the_published_dictionary(competency: Run) -> None:
    done = competency("validate")
    assert done.returncode == 0
    assert done.stdout.endswith("; nothing is missing or wrong.\n")


def test_a_finding_is_shown_with_its_line(tmp_path: Path, competency: Run) -> None:
    write(tmp_path, "mine.ttl", FAULTY)
    assert competency("validate", "mine.ttl").stdout == (
        "mine.ttl:7:1: violation CG209 The role has no definition.\n"
        "  |\n"
        "7 | mine:ecologist a cg:Role ;\n"
        "  | ^^^^^^^^^^^^^^\n"
        "  = help: Add a skos:definition that says what people in it are responsible for.\n"
        "\n"
        "1 finding: 1 violation, in 1 file. 3 entries and 10 statements checked in 1 file.\n"
    )


RESULT = "http://www.w3.org/ns/shacl#ValidationResult"


def graph(form: ox.RdfFormat) -> Callable[[str], object]:
    return lambda text: (
        ox.NamedNode(RESULT) in {quad.object for quad in ox.parse(text, format=form)}
    )


FORMATS: dict[str, Callable[[str], object]] = {
    "text": lambda text: re.search(r"^mine\.ttl:7:1: violation CG209", text),
    "json": lambda text: json.loads(text)["findings"][0]["rule"],
    "turtle": graph(ox.RdfFormat.TURTLE),
    "jsonld": graph(ox.RdfFormat.JSON_LD),
    "ntriples": graph(ox.RdfFormat.N_TRIPLES),
    "sarif": lambda text: json.loads(text)["runs"][0]["results"][0]["ruleId"] == "CG209",
    "junit": lambda text: ET.fromstring(text.encode()).find(".//failure") is not None,
    "github": lambda text: text.startswith("::error file=mine.ttl,line=7,"),
    "html": lambda text: text.lower().startswith("<!doctype html>") and "CG209" in text,
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_printed_or_written_to_a_file(
    tmp_path: Path, competency: Run, name: str
) -> None:
    write(tmp_path, "mine.ttl", FAULTY)
    printed = competency("validate", "mine.ttl", "-f", name)
    assert FORMATS[name](printed.stdout)
    assert printed.returncode == 1
    done = competency("validate", "mine.ttl", "-f", name, "-o", "report")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    content = (tmp_path / "report").read_text()
    assert FORMATS[name](content)
    assert len(content.split()) == len(printed.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-f", "nosuch"], "Use one of text, json, turtle, jsonld, ntriples, sarif, junit"),
        (["-o", "."], "competency: .: the report cannot be written"),
        (["-o", "mine.ttl/report"], "mine.ttl/report: the report cannot be written"),
        (["--level", "grave"], "'grave' is not one of"),
        (["--engine", "slow"], "'slow' is not one of"),
        (["--input-format", "csv"], "Use one of turtle"),
        (["--shapes", "nosuch.ttl"], "nosuch.ttl: there is no such file"),
        (
            ["--watch", "-"],
            "competency: standard input cannot be watched. Name a file or folder instead of -, or leave out --watch.\n",
        ),
    ],
)
def test_what_cannot_be_done_is_one_message(
    tmp_path: Path, competency: Run, arguments: list[str], message: str
) -> None:
    write(tmp_path, "mine.ttl", FAULTY)
    done = competency("validate", "mine.ttl", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.ttl"]


def test_a_dictionary_of_its_own_stands_alone(tmp_path: Path, competency: Run) -> None:
    done = competency("validate", "--data", SMALLEST)  # as other commands name it
    assert done.returncode == 0
    assert done.stdout.endswith("; nothing is missing or wrong.\n")
    write(tmp_path, "mine.ttl")
    alone = competency("validate", "mine.ttl", "--base", "none")
    assert alone.returncode == 1
    # The area of the base, to which line 5 links the role, is none of this dictionary.
    assert alone.stdout.startswith("mine.ttl:5:1: violation CG012 ")


def test_codes_of_a_dictionary_of_its_own_are_its_own(competency: Run) -> None:
    """A code that the published dictionary has too is a fault beside that alone."""
    beside = competency("validate", SMALLEST, "--base", "sales")
    assert (beside.returncode, "CG401" in beside.stdout) == (1, True)


# ---------------------------------------------------------------------------
# Shapes of one's own, and engines
# ---------------------------------------------------------------------------

SHAPES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX acme: <https://acme.example/shapes#>
"""
OWN = f"""{SHAPES}
acme:role a sh:NodeShape ; sh:targetClass cg:Role ;
    sh:property acme:role-history , [ sh:path skos:scopeNote ; sh:minCount 1 ; sh:severity sh:Info ] .
acme:role-history a sh:PropertyShape ; dcterms:identifier "ACME7" ; sh:path skos:historyNote ;
    sh:minCount 1 ; sh:severity sh:Warning ; sh:message "The role has no history. Write one."@en .
acme:code a sh:NodeShape ; sh:targetSubjectsOf skos:notation ;
    sh:property [ sh:path skos:notation ; sh:maxLength 7 ; sh:message "The code is long. Shorten it." ] .
"""
"""Every entry of the base breaks the first two, and long codes of the base the third."""


def test_an_organisations_own_shapes_judge_beside_the_published(tmp_path: Path) -> None:
    write(tmp_path, "own.ttl", OWN)
    report = validate([write(tmp_path, "mine.ttl", FAULTY)], shapes=[tmp_path / "own.ttl"])
    assert [
        (f.place.line, f.place.column, f.severity, f.rule.code, f.message, f.remedy)
        for f in report.findings
    ] == [
        (7, 1, "violation", "CG209", "The role has no definition.",
         "Add a skos:definition that says what people in it are responsible for."),
        (7, 1, "warning", "ACME7", "The role has no history.", "Write one."),
        (7, 1, "info", "shape", "The entry lacks skos:scopeNote.", "Add it."),
        (15, 19, "violation", "shape", "The code is long.", "Shorten it."),
    ]  # fmt: skip
    assert report.rules["ACME7"].severity == "warning"


def test_a_rule_of_ones_own_can_be_allowed(tmp_path: Path) -> None:
    write(tmp_path, "own.ttl", OWN)
    text = f"# competency: allow-file ACME7, shape\n{EXTENSION}"
    report = validate([write(tmp_path, "mine.ttl", text)], shapes=[tmp_path / "own.ttl"])
    assert [line for line in told(report) if "CG092" not in line] == []


def test_what_the_base_breaks_is_not_the_authors_fault(tmp_path: Path) -> None:
    write(tmp_path, "own.ttl", OWN)
    area = "<https://w3id.org/competency-graph/sales/role/analyst>"
    text = f"{HEAD}\n{area} skos:altLabel 'Examiner'@en .\n"
    report = validate([write(tmp_path, "mine.ttl", text)], shapes=[tmp_path / "own.ttl"])
    assert report.findings == ()
    broken = f"{HEAD}\n{area} skos:notation 'ACME-TOO-LONG' .\n"
    report = validate([write(tmp_path, "mine.ttl", broken)], shapes=[tmp_path / "own.ttl"])
    assert "The code is long." in [finding.message for finding in report.findings]


def test_the_reference_engine_gives_the_same_report(tmp_path: Path, competency: Run) -> None:
    write(tmp_path, "own.ttl", OWN)
    text = changed((DEFINITION, ""), ('"Green lead"@en', '"Green lead"'), ('"ACME-R1"', '"R1"'))
    write(tmp_path, "mine.ttl", text.replace("mine:green-lead .", "mine:green-leed ."))
    arguments = ("mine.ttl", "--base", "none", "--shapes", "own.ttl", "-f", "json")
    fast = competency("validate", *arguments)
    reference = competency("validate", *arguments, "--engine", "pyshacl")
    assert fast.stdout == reference.stdout
    assert fast.returncode == reference.returncode == 1
    assert len(json.loads(fast.stdout)["findings"]) >= 6


def sparql(query: str) -> str:
    return f'{SHAPES}acme:a a sh:NodeShape ; sh:targetClass cg:Role ; sh:sparql [ a sh:SPARQLConstraint ; sh:message "No." ; sh:select """{query}""" ] .\n'


PROPERTY = "acme:a a sh:NodeShape ; sh:targetClass cg:Role ; sh:property "
BROKEN = {
    "a fault of syntax": ("acme:a a ; .", "own.ttl:7:10: this is not Turtle"),
    "a shape made of itself": (f"{PROPERTY} [ sh:path cg:exampleTitle ; sh:node acme:a ] .", "own.ttl: the shape acme:"),
    "two shapes made of each other": (
        "acme:a a sh:NodeShape ; sh:targetClass cg:Role ; sh:node acme:b . acme:b sh:or ( acme:c [ sh:not acme:a ] ) .",
        "own.ttl: the shape acme:",
    ),
    "a number that is none": (f'{PROPERTY} [ sh:path skos:prefLabel ; sh:minCount "one" ] .', "sh:minCount"),
    "a pattern that is none": (f'{PROPERTY} [ sh:path skos:prefLabel ; sh:pattern "(" ] .', "sh:pattern"),
    "a query with a fault": (sparql("SELECT $this { oops"), "has an invalid query: the query cannot be parsed from “oops” on"),
    "a query that calls another service": (
        sparql("SELECT $this WHERE { SERVICE <http://127.0.0.1:9/> { $this ?p ?o } }"), "SERVICE",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_shapes_that_are_broken_are_told(tmp_path: Path, competency: Run, name: str) -> None:
    text, message = BROKEN[name]
    write(tmp_path, "mine.ttl")
    write(tmp_path, "own.ttl", text if text.startswith(SHAPES) else SHAPES + text)
    done = competency("validate", "mine.ttl", "--shapes", "own.ttl")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("competency: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


KNOWING = """
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX acme: <https://example.org/acme/shapes#>
acme:knowing a sh:NodeShape ; sh:targetClass cg:Role ; sh:property acme:required .
acme:required sh:path cg:requires ; sh:minCount 1 ; sh:message "The role requires nothing. Say what."@en .
"""


IDLE = """
mine:idler a cg:Role ;
    skos:prefLabel "Idler"@en ;
    skos:notation "ACME-R2" ;
    skos:definition "Waits."@en ;
    skos:inScheme <https://w3id.org/competency-graph/sales> ;
    cg:exampleTitle mine:green-lead .
"""


def test_shapes_judge_what_follows_where_that_is_asked_for(tmp_path: Path, competency: Run) -> None:
    """No file says what a role requires; it follows from its areas. The base's roles are not told."""
    write(tmp_path, "own.ttl", KNOWING)
    write(tmp_path, "mine.ttl", EXTENSION + IDLE)

    def found(*options: str) -> set[tuple[str, str]]:
        done = competency("validate", "mine.ttl", "--shapes", "own.ttl", *options, "-f", "json")
        findings = json.loads(done.stdout)["findings"]
        return {(each["focus"].rpartition("/")[2], each["rule"]["code"]) for each in findings}

    idle = {("idler", "CG211"), ("idler", "required")}
    assert found() == {("ecologist", "required"), *idle}
    assert found("--infer") == idle


def test_shapes_may_share_shapes_without_being_made_of_themselves(tmp_path: Path) -> None:
    write(
        tmp_path,
        "own.ttl",
        f"{SHAPES}{PROPERTY} acme:b, acme:c .\nacme:b sh:path skos:note ; sh:node acme:d .\nacme:c sh:path skos:example ; sh:node acme:d .\nacme:d a sh:NodeShape ; sh:nodeKind sh:Literal .",
    )
    assert validate([write(tmp_path, "mine.ttl")], shapes=[tmp_path / "own.ttl"]).findings == ()


def test_a_query_that_never_ends_is_ended(tmp_path: Path, competency: Run) -> None:
    write(tmp_path, "mine.ttl")
    every = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(4))
    query = f"SELECT $this (COUNT(*) AS ?value) WHERE {{ {every} }} GROUP BY $this"
    write(tmp_path, "own.ttl", sparql(query))
    done = competency("validate", "mine.ttl", "--shapes", "own.ttl", "--time-limit", "1")
    assert (done.returncode, done.stdout) == (2, "")
    assert "longer than the limit of 1 seconds" in done.stderr
    assert "--time-limit" in done.stderr


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
def test_nothing_is_fetched(tmp_path: Path, competency: Run, engine: str) -> None:
    """Imports are taken as said, of data and of shapes, and so is a remote shapes graph."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        imports = f"\n<http://e/x> <http://www.w3.org/2002/07/owl#imports> <http://127.0.0.1:{port}/x.ttl> ; <http://www.w3.org/ns/shacl#shapesGraph> <http://127.0.0.1:{port}/s.ttl> .\n"
        write(tmp_path, "mine.ttl", EXTENSION + imports)
        write(tmp_path, "own.ttl", OWN + imports)
        arguments = ("mine.ttl", "--base", "none", "--shapes", "own.ttl", "--engine", engine)
        assert competency("validate", *arguments).returncode == 1
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()


# ---------------------------------------------------------------------------
# A terminal, Ctrl-C, and watching
# ---------------------------------------------------------------------------


@contextmanager
def started(
    folder: Path, *arguments: str, prepare: Callable[[], None] = interruptible, **streams: int
) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [COMMAND, "validate", *arguments], cwd=folder, text=True, stdout=subprocess.PIPE,
        preexec_fn=prepare, **streams
    )  # type: ignore[call-overload]  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def seen(terminal: int, wanted: str) -> str:
    """What a terminal shows until it shows ``wanted``; fails when a minute brings nothing new."""
    text = ""
    while wanted not in text:
        ready, _, _ = select.select([terminal], [], [], 60)
        assert ready, f"{wanted} is not in {text!r}"
        text += os.read(terminal, 4096).decode(errors="replace")
    return text


def test_progress_is_shown_on_a_terminal_alone(tmp_path: Path, competency: Run) -> None:
    write(tmp_path, "mine.ttl", FAULTY)
    terminal, screen = pty.openpty()
    with started(tmp_path, "mine.ttl", stderr=screen) as process:
        shown = seen(terminal, "locating … ")
        assert process.stdout is not None
        assert process.stdout.read() == competency("validate", "mine.ttl").stdout
    for doing in ("reading", "checking", "validating"):
        assert f"{doing} … 0 findings so far" in shown
    if not shown.endswith("\r\x1b[K"):  # it may have been read already
        seen(terminal, "\r\x1b[K")
    os.close(screen)
    os.close(terminal)
    assert competency("validate", "mine.ttl").stderr == ""


def test_interrupted_it_tells_what_it_has(tmp_path: Path) -> None:
    """The reference engine takes minutes for this many entries."""
    entries = "".join(
        f'mine:k{n} a cg:Knowledge ; skos:prefLabel "Thing {n}"@en ; skos:notation "ACME-K{n:05}" .\n'
        for n in range(5_000)
    )
    write(tmp_path, "mine.ttl", HEAD + entries)
    terminal, screen = pty.openpty()
    with started(
        tmp_path, "mine.ttl", "--engine", "pyshacl", "-f", "json", stderr=screen
    ) as process:
        seen(terminal, "validating … ")
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        report = json.loads(process.stdout.read())
        assert process.wait(timeout=60) == 1
    os.close(screen)
    os.close(terminal)
    assert "interrupted" in report["partial"]
    assert report["statements"] == 15_000


def test_an_interrupt_while_the_engine_starts_is_not_lost(
    request: pytest.FixtureRequest,
) -> None:
    """It arrives in a hook of the fork, where Python drops what is raised."""
    interrupts = [signal.SIGINT]
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, handler))
    os.register_at_fork(
        after_in_parent=lambda: signal.raise_signal(interrupts.pop()) if interrupts else None
    )
    with pytest.raises(KeyboardInterrupt):
        run_in_child(lambda: "done", 60, 0)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def saved_until(path: Path, texts: tuple[str, ...], stop: threading.Event) -> None:
    """Save a file again and again, as one cannot see when the watching has begun."""
    turn = 0
    while not stop.wait(0.5):
        path.write_text(texts[turn % len(texts)])
        turn += 1


@pytest.mark.parametrize("name", ["mine.ttl", ".", "*.ttl", "**/*.ttl"])
def test_watching_it_validates_again_on_save_and_ends_on_ctrl_c(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, "mine.ttl", FAULTY)
    stop = threading.Event()
    with started(tmp_path, name, "--watch", "-f", "github", stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("::error file=mine.ttl,line=7,")
        assert process.stderr.readline() == "Watching for changes; Ctrl-C stops it.\n"
        saver = threading.Thread(target=saved_until, args=(path, (f"# New.\n{FAULTY}",), stop))
        saver.start()
        try:
            line = process.stdout.readline()
            while "file=mine.ttl,line=8," not in line:
                assert line
                line = process.stdout.readline()
        finally:
            stop.set()
            saver.join()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 1
        assert "Traceback" not in process.stderr.read()


def test_what_is_saved_while_the_first_report_is_told_is_validated(tmp_path: Path) -> None:
    """It is longer than a pipe holds, so nothing is watched after it before all of it is read."""
    labels = "".join(f'mine:k{n} skos:altLabel "x"@xx .\n' for n in range(2_000))
    path = write(tmp_path, "mine.ttl", HEAD + labels)
    with started(tmp_path, "mine.ttl", "--watch", "-f", "github", stderr=subprocess.PIPE) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline().startswith("::error file=mine.ttl,line=4,")
        path.write_text(f"# New.\n{FAULTY}")
        assert "line=8," in seen(process.stdout.fileno(), "title=CG209")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 1


def test_watching_is_not_woken_by_its_own_report(tmp_path: Path) -> None:
    path = write(tmp_path, "mine.ttl", FAULTY)
    report = tmp_path / "report.ttl"
    with started(
        tmp_path, "mine.ttl", "--watch", "-f", "turtle", "-o", "report.ttl", stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()
        first = report.stat().st_ino
        while report.stat().st_ino == first:
            path.write_text(f"# New.\n{FAULTY}")
            select.select([], [], [], 0.5)
        seen_numbers = {report.stat().st_ino}
        for _ in range(6):  # a report that woke it would be written again and again
            select.select([], [], [], 0.5)
            seen_numbers.add(report.stat().st_ino)
        assert len(seen_numbers) <= 2
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 1


def uninterruptible() -> None:
    """As a shell starts what runs in its background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def test_a_watch_that_ctrl_c_does_not_reach_ends_on_sigterm_with_its_report_whole(
    tmp_path: Path,
) -> None:
    """The report is longer than a pipe holds, so the signals come while it is told."""
    write(
        tmp_path,
        "mine.ttl",
        HEAD + "".join(f'mine:k{n} skos:altLabel "x"@xx .\n' for n in range(2_000)),
    )
    with started(tmp_path, "mine.ttl", "--watch", "-f", "json", prepare=uninterruptible) as process:
        assert process.stdout is not None
        begun = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        report = json.loads(begun + process.stdout.read())
        assert process.wait(timeout=60) == 1
    assert sum(finding["rule"]["code"] == "CG021" for finding in report["findings"]) == 2_000
    assert report["partial"] == ""


def test_the_exit_code_of_a_watch_is_that_of_its_last_report(tmp_path: Path) -> None:
    path = write(tmp_path, "mine.ttl", FAULTY)
    stop = threading.Event()
    with started(tmp_path, "mine.ttl", "--watch", stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert "1 violation" in seen(process.stdout.fileno(), "in 1 file.")
        saver = threading.Thread(target=saved_until, args=(path, (EXTENSION,), stop))
        saver.start()
        try:
            seen(process.stdout.fileno(), "nothing is missing or wrong.")
        finally:
            stop.set()
            saver.join()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0

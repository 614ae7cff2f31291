"""Files and shapes made to hurt: an answer comes in bounded time and memory, and is clear."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import COMMAND, forking_command

GIB = 2**30
CG = "https://w3id.org/competency-graph/ontology#"
E = "http://e.org/k/"
TURTLE = (
    f"PREFIX cg: <{CG}>\nPREFIX e: <{E}>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
)
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/"'
BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
DEEP, MANY = 40_000, 30_000


def validated(
    *arguments: str | Path, cwd: Path, memory: int = 2 * GIB, seconds: int = 100
) -> subprocess.CompletedProcess[str]:
    """Run the command with bounds, and hold that it neither crashes nor babbles."""
    done = forking_command().run(
        ["validate", *map(str, arguments)],
        b"",
        cwd,
        os.environ | {"COLUMNS": "100"},
        seconds,
        memory,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode in (0, 1, 2), err[-2_000:]
    assert "Traceback" not in out + err
    assert len(err) < 5_000
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def wrapped(inner: str) -> str:
    return f'<rdf:RDF {RDF}><rdf:Description rdf:about="http://e.org/s">{inner}</rdf:Description></rdf:RDF>'


Text = Callable[[], str | bytes]
BROKEN: dict[str, tuple[str, Text, str]] = {
    "entities that grow": ("a.rdf", lambda: f'<!DOCTYPE x [<!ENTITY l0 "ha">{BOMB}]>{wrapped("<e:p>&l29;</e:p>")}', "entity"),
    "a long entity": ("a.rdf", lambda: f'<!DOCTYPE x [<!ENTITY l "{"ha" * 50_000}">]>{wrapped("<e:p>&l;</e:p>")}', "entity"),
    "UTF-16": ("a.ttl", lambda: TURTLE.encode("utf-16"), "Save it as UTF-8"),
    "Latin-1": ("a.ttl", lambda: f'{TURTLE}e:a skos:prefLabel "Bäcker"@de .'.encode("latin-1"), "Save it as UTF-8"),
    "NUL bytes": ("a.ttl", lambda: b"\0" * 1_000, "a.ttl:1"),
    "random bytes": ("a.ttl", lambda: bytes(range(256)) * 100, "Save it as UTF-8"),
    "a program": ("a.ttl", lambda: COMMAND.parent.joinpath("python").resolve().read_bytes()[:100_000], "Save it as UTF-8"),
    "lists that never close": ("a.ttl", lambda: f"{TURTLE}e:a e:p {'(' * DEEP}", "a.ttl"),
    "blank nodes that never close": ("a.ttl", lambda: f"{TURTLE}e:a e:p {'[ e:p ' * DEEP}", "a.ttl"),
    "arrays that never close": ("a.jsonld", lambda: '{"http://e.org/p": ' + "[" * DEEP, "a.jsonld"),
    "a text that never closes": ("a.ttl", lambda: f'{TURTLE}e:a e:p """{"x" * 1_000_000}', "a.ttl"),
    "a text of 20 MB": ("a.ttl", lambda: f'{TURTLE}e:a e:p "{"x" * 20_000_000}" .', "Shorten it"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_broken_input_is_told_and_exits_2(tmp_path: Path, case: str) -> None:
    name, make, says = BROKEN[case]
    text = make()
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    done = validated(name, cwd=tmp_path)
    assert done.returncode == 2
    assert says in done.stdout + done.stderr
    assert name in done.stdout + done.stderr


LARGE: dict[str, tuple[str, Text]] = {
    "lists in lists": ("a.ttl", lambda: f"{TURTLE}e:a e:p {'(' * DEEP}{')' * DEEP} ."),
    "blank nodes in blank nodes": ("a.ttl", lambda: f"{TURTLE}e:a e:p {'[ e:p ' * DEEP}1{']' * DEEP} ."),
    "arrays in arrays": ("a.jsonld", lambda: '{"@id": "http://e.org/s", "http://e.org/p": ' + "[" * DEEP + "]" * DEEP + "}"),
    "elements in elements": ("a.rdf", lambda: wrapped("<e:p><rdf:Description>" * DEEP + "</rdf:Description></e:p>" * DEEP)),
    "100,000 prefixes": ("a.ttl", lambda: TURTLE + "".join(f"@prefix p{n}: <http://e.org/{n}/> .\n" for n in range(100_000))),
    "a text of 10 MB": ("a.ttl", lambda: f'{TURTLE}e:a e:p "{"x" * 10_000_000}" .'),
    "a line of 100,000 statements": ("a.ttl", lambda: TURTLE + "e:a e:p " + ",".join(map(str, range(100_000))) + " ."),
}  # fmt: skip


@pytest.mark.parametrize("case", LARGE)
def test_what_is_large_or_deep_is_judged_or_refused(tmp_path: Path, case: str) -> None:
    name, make = LARGE[case]
    (tmp_path / name).write_text(str(make()))
    done = validated(name, "--allow-empty", cwd=tmp_path)
    if done.returncode == 0:
        assert "checked in 1 file" in done.stdout
    else:
        assert done.returncode == 2
        assert name in done.stdout + done.stderr


def test_a_line_of_200_mb_is_told(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    if free < 2 * GIB:
        pytest.skip(f"{free // 2**20} MB are free, and 2 GB are needed")
    with (tmp_path / "a.ttl").open("w") as file:
        file.write(f'{TURTLE}e:a e:p "')
        for _ in range(200):
            file.write("x" * 1_000_000)
        file.write('" .\n')
    done = validated("a.ttl", cwd=tmp_path)
    assert done.returncode == 2
    assert "longer than 16 MB.\n  = help: Shorten it." in done.stdout
    assert len(done.stdout) < 100_000


def test_of_many_faults_of_syntax_100_are_reported(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(TURTLE + "e:a e:b ;;; oops .\n" * MANY)
    done = validated("-f", "github", "a.ttl", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout.count("CG001") == 100


def labels(number: int, text: Callable[[int], str]) -> str:
    return TURTLE + "".join(
        f'e:a{n} a cg:Knowledge ; skos:prefLabel "{text(n)}"@en .\n' for n in range(number)
    )


MADE_ALIKE = {
    "the same words": lambda n: f"Growing {'corn' if n % 2 else 'Corn'} number {n // 2}",
    "words of one letter's difference": lambda n: "Growing wheat" + "abcdefghijklmnopqrstuvwxyz"[n % 26] * (n // 26 % 40) + f"{n:x}".translate(str.maketrans("0123456789", "ghijklmnop")) + "ing",
}  # fmt: skip


@pytest.mark.parametrize("case", MADE_ALIKE)
def test_many_labels_made_alike_are_compared(tmp_path: Path, case: str) -> None:
    (tmp_path / "a.ttl").write_text(labels(8_000, MADE_ALIKE[case]))
    done = validated("a.ttl", "--base", "none", "-f", "json", cwd=tmp_path, seconds=20)
    assert done.returncode == 1
    if case == "the same words":
        assert done.stdout.count('"CG031"') > 2_000


def test_many_misspelt_names_are_reported_in_part(tmp_path: Path) -> None:
    lines = (f"e:a{n} a skos:Concept ; skos:related e:b{n} .\n" for n in range(MANY))
    (tmp_path / "a.ttl").write_text(TURTLE + "".join(lines))
    done = validated("a.ttl", "--base", "none", cwd=tmp_path, memory=6 * GIB)
    assert done.returncode == 1
    assert "Only the first 10,000 findings" in done.stdout + done.stderr


@pytest.mark.parametrize("closed", [False, True])
def test_a_long_line_or_circle_of_entries_is_followed(tmp_path: Path, closed: bool) -> None:
    text = "".join(f"e:a{n} a skos:Concept ; skos:broader e:a{n + 1} .\n" for n in range(MANY))
    last = "skos:broader e:a0" if closed else "a skos:Concept"
    (tmp_path / "a.ttl").write_text(f"{TURTLE}{text}e:a{MANY} a skos:Concept ; {last} .\n")
    done = validated("a.ttl", "--base", "none", cwd=tmp_path)
    assert ("CG041" in done.stdout) == closed
    assert done.stdout.count("leads back to where it began") == closed
    assert len(done.stdout) < 10_000


SH = "PREFIX sh: <http://www.w3.org/ns/shacl#>\n" + TURTLE
DATA = (
    f'{TURTLE}e:a a e:Thing ; e:next e:b ; e:says "{"a" * 5_000}!" . e:b a e:Thing ; e:next e:a .\n'
)
PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . FILTER(CONCAT(STR(?c), STR(?f), STR(?i), STR(?l)) = 'x')"
SHAPES = {
    "shapes that recurse": ("e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:node e:T . e:T a sh:NodeShape ; sh:property [ sh:path e:next ; sh:node e:S ] .", (0, 1, 2)),
    "a shape that is not itself": ("e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:not e:S .", (0, 1, 2)),
    "a query that never ends": (f'e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:sparql [ sh:message "No."@en ; sh:select "SELECT $this WHERE {{ {PRODUCT} }}" ] .', (2,)),
    "a query that is none": ('e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:sparql [ sh:message "No."@en ; sh:select "DROP ALL" ] .', (2,)),
    "a script": ('e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:js [ sh:jsFunctionName "f" ; sh:jsLibrary [ sh:jsLibraryURL "file:///etc/passwd" ] ] .', (0, 2)),
    "a rule": ("e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate e:bad ; sh:object 1 ] . e:T a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:path e:bad ; sh:maxCount 0 ] .", (0, 2)),
    "a regular expression that explodes": ('e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:path e:says ; sh:pattern "^(a|aa|a*)*$" ] .', (1, 2)),
    "a regular expression that is huge": ('e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:path e:says ; sh:pattern "((a{1000}){1000}){1000}" ] .', (1, 2)),
    "a regular expression that is none": ('e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:path e:says ; sh:pattern "(((" ] .', (1, 2)),
    "a list without end": ("e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:and e:l . e:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> e:S ; <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> e:l .", (0, 1, 2)),
}  # fmt: skip


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
@pytest.mark.parametrize("case", SHAPES)
def test_shapes_made_to_hurt_do_not(tmp_path: Path, case: str, engine: str) -> None:
    text, codes = SHAPES[case]
    (tmp_path / "own.ttl").write_text(SH + text)
    (tmp_path / "a.ttl").write_text(DATA)
    done = validated(
        "a.ttl", "--base", "none", "--shapes", "own.ttl", "--engine", engine,
        "--time-limit", "1", cwd=tmp_path, seconds=40,
    )  # fmt: skip
    assert done.returncode in codes, done.stdout + done.stderr
    if done.returncode == 2:
        assert done.stderr.startswith(("competency: validation ", "competency: own.ttl: "))
        assert done.stderr.count(". ") >= 1  # what to do
    assert "root:" not in done.stdout + done.stderr
    assert "e.org/bad" not in done.stdout


def test_a_time_limit_is_kept_and_named(tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text(SH + SHAPES["a query that never ends"][0])
    (tmp_path / "a.ttl").write_text(DATA)
    done = validated("a.ttl", "--shapes", "own.ttl", "--time-limit", "1", cwd=tmp_path, seconds=30)
    assert done.returncode == 2
    assert done.stderr == (
        "competency: validation took longer than the limit of 1 seconds. "
        "Allow more with --time-limit, or validate fewer files at a time.\n"
    )


def test_the_ontology_cannot_be_turned_round(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(
        f"{TURTLE}cg:Output <http://www.w3.org/2000/01/rdf-schema#subClassOf> cg:Knowledge .\n"
    )
    done = validated("a.ttl", cwd=tmp_path)
    assert done.returncode == 1
    assert "CG014" in done.stdout


def test_a_loop_of_folders_is_walked_once(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "self.ttl").symlink_to(tmp_path / "in" / "self.ttl")
    (tmp_path / "in" / "a.ttl").write_text(f'{TURTLE}e:a skos:prefLabel "A"@en .\n')
    done = validated("in", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.count("CG012") == 1


@pytest.mark.parametrize("option", [[], ["--shapes"]])
@pytest.mark.parametrize("name", ["pipe.ttl", "/dev/zero", "/dev/tty"])
def test_a_pipe_or_device_is_refused(tmp_path: Path, name: str, option: list[str]) -> None:
    os.mkfifo(tmp_path / "pipe.ttl")
    (tmp_path / "a.ttl").write_text(TURTLE)
    done = validated(*(["a.ttl", *option] if option else []), name, cwd=tmp_path, seconds=20)
    assert done.returncode == 2
    assert done.stderr == (
        f"competency: {name}: this is a pipe or a device, not a file. Save its output in a file.\n"
    )

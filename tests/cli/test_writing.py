"""Writing files, by each command that writes, on disks with and without space."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import pytest
from click.testing import CliRunner

from competency_graph.cli import cli
from competency_graph.errors import UnavailableError
from competency_graph.linking import Review
from competency_graph.rdf.atomic_write import replace, replacing_folder
from conftest import COMMAND, ROOT

SMALLEST = ROOT / "tests" / "dictionaries" / "pass" / "smallest.ttl"
ESCO = ROOT / "tests" / "importing" / "esco"
FAULTY = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
<https://acme.example/k> a cg:Knowledge ; skos:prefLabel "Haggling" .
"""
"""Has a finding that ``--fix`` fixes."""
FRAMEWORK = """\
<http://e/s> a <http://www.w3.org/2004/02/skos/core#ConceptScheme> .
<http://e/c> a <http://www.w3.org/2004/02/skos/core#Concept> ;
  <http://www.w3.org/2004/02/skos/core#inScheme> <http://e/s> ;
  <http://www.w3.org/2004/02/skos/core#prefLabel> "haggling"@en .
"""
LINKS = """\
# mapping_set_id: https://acme.example/links
# license: https://creativecommons.org/licenses/by/4.0/
# curie_map:
#   acme: https://acme.example/
#   e: http://e/
subject_id\tpredicate_id\tobject_id\tmapping_justification
acme:k\tskos:closeMatch\te:c\tsemapv:LexicalMatching
"""


def run(*arguments: str | Path) -> None:
    """Run a command in this process, and raise its errors."""
    done = CliRunner().invoke(cli, list(map(str, arguments)))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code in (0, 1), done.output


Write = Callable[[Path], None]
FILES: dict[str, Write] = {
    "export -o": lambda out: run("export", "csv", "--data", "smallest.ttl", "-o", out),
    "validate -o": lambda out: run("validate", "faulty.ttl", "--base", "none", "-o", out),
    "import -o": lambda out: run("import", "esco", ESCO, "-o", out),
    "link suggest -o": lambda out: run(
        "link", "suggest", "faulty.ttl", "--to", "framework.ttl", "-o", out
    ),
}
"""Commands that write to any path."""
DECISIONS: dict[str, Write] = {"link review -o": lambda out: review(out)}
MENDED: dict[str, Write] = {
    "validate --fix": lambda out: run("validate", "--fix", out),
    "fmt": lambda out: run("fmt", out),
}
"""Commands that change an existing file."""
FOLDERS: dict[str, Write] = {
    "publish --store": lambda out: run("publish", "--data", "smallest.ttl", "--store", out),
    "new": lambda out: run("new", out.name),
}
WRITERS = FILES | DECISIONS | MENDED | FOLDERS
ENDING = {
    "import -o": ".nq",
    "validate --fix": ".ttl",
    "fmt": ".ttl",
    "link review -o": ".sssom.tsv",
}


def review(out: Path) -> None:
    found = Review(Path("links.sssom.tsv"), out, "Ann")
    found.decide(found.candidates[0], "exact")


def place(name: str, folder: Path) -> Path:
    """The path that a command writes to."""
    return folder / f"out{ENDING.get(name, '')}"


def before(name: str, out: Path) -> None:
    """Create what the command replaces."""
    if name in FOLDERS:
        out.mkdir()
        if name == "publish --store":
            (out / "CURRENT").write_text("old")
    else:
        out.write_text(
            {"link review -o": LINKS, "validate --fix": FAULTY, "fmt": FAULTY}.get(name, "old")
        )


def seen(folder: Path) -> dict[str, tuple[bytes, int]]:
    """All files and folders, with content and mode."""
    return {
        str(path.relative_to(folder)): (
            path.read_bytes() if path.is_file() else b"",
            path.stat().st_mode,
        )
        for path in folder.rglob("*")
    }


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Create the input files of the commands in the current folder."""
    shutil.copy(SMALLEST, tmp_path)
    (tmp_path / "faulty.ttl").write_text(FAULTY)
    (tmp_path / "framework.ttl").write_text(FRAMEWORK)
    (tmp_path / "links.sssom.tsv").write_text(LINKS)
    monkeypatch.chdir(tmp_path)


# ---------------------------------------------------------------------------
# Special files
# ---------------------------------------------------------------------------


def device(path: Path, minor: int) -> Path:
    """Create a device: 3 accepts everything, 7 is full."""
    try:
        os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
        path.open("wb").close()
    except OSError as error:
        pytest.skip(f"no device can be made here ({error.strerror})")
    return path


@pytest.mark.parametrize("name", FILES)
def test_a_device_is_written_to_and_stays(name: str, tmp_path: Path) -> None:
    null = device(place(name, tmp_path), 3)
    FILES[name](null)
    assert null.is_char_device()
    full = device(tmp_path / f"full{ENDING.get(name, '')}", 7)
    with pytest.raises(UnavailableError, match="cannot be written \\(No space left on device\\)"):
        FILES[name](full)
    assert full.is_char_device()
    assert not any(path.name.startswith(".") for path in tmp_path.iterdir())


@pytest.mark.parametrize("name", FILES)
def test_a_pipe_is_written_to_and_stays(name: str, tmp_path: Path) -> None:
    out, told = place(name, tmp_path), []
    os.mkfifo(out)
    reader = threading.Thread(target=lambda: told.append(out.read_bytes()))
    reader.start()
    FILES[name](out)
    reader.join(timeout=60)
    assert out.is_fifo()
    out.unlink()
    FILES[name](out)
    assert [content.splitlines()[2:9] for content in told] == [out.read_bytes().splitlines()[2:9]]


@pytest.mark.parametrize("how", ["> out", ">> out", "| cat > out"])
def test_standard_output_by_its_path_is_written_to(how: str, tmp_path: Path) -> None:
    """Of any type; when appending, the existing content stays."""
    (tmp_path / "out").write_text("old\n")
    code = (
        "from pathlib import Path; from competency_graph.rdf.atomic_write import replace;"
        "print('first', flush=True);"
        "[replace(Path(f), b'next\\n') for f in ('/dev/stdout', '/dev/fd/1', '/proc/self/fd/1')]"
    )
    subprocess.run(
        ["bash", "-c", f'"$1" -c "$2" {how}', "-", sys.executable, code], cwd=tmp_path, check=True
    )
    old = "old\n" if ">>" in how else ""
    assert (tmp_path / "out").read_text() == f"{old}first\nnext\nnext\nnext\n"
    assert not any(path.name.startswith(".") for path in tmp_path.iterdir())


# ---------------------------------------------------------------------------
# Links, owners, modes, folders
# ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES | DECISIONS | MENDED)
def test_a_link_is_followed_and_its_file_keeps_owner_and_mode(name: str, tmp_path: Path) -> None:
    out, real = place(name, tmp_path), place(name, tmp_path / "real")
    real.parent.mkdir()
    before(name, real)
    old = real.read_text()
    real.chmod(0o640)
    owner = (12_345, 23_456) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    os.chown(real, *owner)
    (tmp_path / "between").symlink_to("real")
    out.symlink_to(f"between/{real.name}")
    WRITERS[name](out)
    assert out.is_symlink()
    assert real.read_text() != old
    found = real.stat()
    assert (stat.S_IMODE(found.st_mode), (found.st_uid, found.st_gid)) == (0o640, owner)
    assert [path.name for path in real.parent.iterdir()] == [real.name]


def test_a_link_to_a_store_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(0o750)
    (tmp_path / "out").symlink_to("real")
    for _ in range(2):
        FOLDERS["publish --store"](tmp_path / "out")
        assert (tmp_path / "out").is_symlink()
        assert (tmp_path / "real" / "CURRENT").is_file()
        assert stat.S_IMODE((tmp_path / "real").stat().st_mode) == 0o750
    assert not any(path.name.startswith(".") for path in tmp_path.iterdir())


@pytest.mark.parametrize("name", FILES | DECISIONS)
def test_the_target_of_a_dangling_link_is_created(name: str, tmp_path: Path) -> None:
    out, real = place(name, tmp_path), place(name, tmp_path / "real")
    real.parent.mkdir()
    out.symlink_to(real)
    WRITERS[name](out)
    assert out.is_symlink()
    assert real.stat().st_size > 0


@pytest.mark.parametrize(
    "name", FILES | DECISIONS | {"publish --store": FOLDERS["publish --store"]}
)
def test_a_missing_folder_is_named_and_not_created(name: str, tmp_path: Path) -> None:
    was = seen(tmp_path)
    out = place(name, tmp_path / "no" / "where")
    with pytest.raises(
        UnavailableError, match="the folder to write this in does not exist"
    ) as refused:
        WRITERS[name](out)
    assert refused.value.where == str(out)
    assert f"mkdir -p {out.parent}" in refused.value.remedy
    assert seen(tmp_path) == was


def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path: Path) -> None:
    was = os.umask(0o027)
    try:
        replace(tmp_path / "file", b"new")
        with replacing_folder(tmp_path / "folder"):
            pass
    finally:
        os.umask(was)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o750


def test_circular_links_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(UnavailableError, match=os.strerror(errno.ELOOP)):
        replace(tmp_path / "a", b"new")


# ---------------------------------------------------------------------------
# Full disks and killed processes
# ---------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a small disk."""
    path = tmp_path / "disk"
    path.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k,mode=755", "tmpfs", path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"no disk can be mounted here ({done.stderr.strip()})")
    yield path
    subprocess.run(["umount", "--lazy", path], check=True)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("state", ["No space left on device", "Read-only file system"])
def test_a_full_disk_is_an_error_and_changes_nothing(
    name: str, state: str, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = place(name, disk)
    before(name, out)
    if state.startswith("No"):
        with (disk / "filler").open("wb", buffering=0) as filler, pytest.raises(OSError):
            while filler.write(bytes(4096)):
                pass
    else:
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    was = seen(disk)
    if name == "new":
        monkeypatch.chdir(disk)
    with pytest.raises(UnavailableError, match=state) as refused:
        WRITERS[name](out)
    assert Path(refused.value.where).name == out.name
    assert seen(disk) == was


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_killed_at_any_step_it_leaves_the_complete_old_or_new_file(
    kind: str, tmp_path: Path
) -> None:
    script = Path(__file__).with_name("killed_writing.py")
    done = subprocess.run(
        [sys.executable, script, kind, tmp_path], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)

    whole, left = [each["whole"] for each in found], [each["left"] for each in found]
    new, old = {"out": ["new", 900_000]}, {"out": ["old", 3]}
    if kind == "folder":
        new, old = {"one": ["new", 3], "two": ["new", 3]}, {"one": ["old", 3]}
    for name in chain.from_iterable(left):
        assert name.startswith(".competency-")
        assert name.endswith(".tmp")
    assert len(found) > 20
    assert whole[0] == old
    assert whole[-1] == new
    assert left[-1] == []
    assert all(each in (old, new) for each in whole)
    assert whole == sorted(whole, key=lambda each: each == new)  # once new, it stays new


COMMANDS = {
    "export -o": ("export", "csv", "-o", "out"),
    "validate -o": ("validate", "faulty.ttl", "-o", "out"),
    "validate --fix": ("validate", "--fix", "out.ttl"),
    "import -o": ("import", "esco", str(ESCO), "-o", "out.nq"),
    "link suggest -o": ("link", "suggest", "faulty.ttl", "--to", "framework.ttl", "-o", "out"),
    "publish --store": ("publish", "--data", "smallest.ttl", "--store", "out"),
    "new": ("new", "out"),
}
KILLED = """\
import os, sys
def hook(event, given):
    if event == "os.rename" or (event == "ctypes.dlsym" and given[1] == "renameat2"):
        os.kill(os.getpid(), 9)
sys.addaudithook(hook)
from competency_graph.cli import main
main()
"""
"""The command, killed after writing the new file, before it replaces the old one."""


@pytest.mark.parametrize("name", COMMANDS)
def test_a_killed_command_leaves_the_old_file(name: str, tmp_path: Path) -> None:
    before(name, place(name, tmp_path))
    was = seen(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *COMMANDS[name]],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    now = seen(tmp_path)
    (left,) = {path.partition("/")[0] for path in now.keys() - was.keys()}
    assert left.startswith(".competency-")
    assert left.endswith(".tmp")
    assert {path: what for path, what in now.items() if not path.startswith(left)} == was


# ---------------------------------------------------------------------------
# Standard output
# ---------------------------------------------------------------------------

PRINTING = [
    "stats",
    "query",
    "export csv",
    "validate faulty.ttl",
    "import esco ESCO -o -",
    "--help",
]


def shell(line: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", line.replace("ESCO", str(ESCO)), "-", COMMAND],
        capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("line", PRINTING)
def test_standard_output_that_is_full_is_one_message(line: str, tmp_path: Path) -> None:
    done = shell(f'"$1" {line} > /dev/full', tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        "competency: standard output cannot be written (No space left on device). "
        "Redirect it to a file or a program that accepts it.\n",
    )


def test_standard_output_that_is_closed_is_one_message(tmp_path: Path) -> None:
    done = shell('"$1" stats >&-', tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(
        "competency: standard output cannot be written (Bad file descriptor)"
    )


def test_the_exit_code_is_set_even_if_no_message_can_be_written(tmp_path: Path) -> None:
    assert shell('"$1" stats --data nosuch.ttl 2> /dev/full', tmp_path).returncode == 2


@pytest.mark.parametrize(
    "line",
    [
        "export csv",
        "query links -p framework=esco -p match=relatedMatch",
        "export csv -o /dev/stdout",
    ],
)
def test_a_reader_that_exits_is_not_an_error(line: str, tmp_path: Path) -> None:
    """The exit code is that of a process ended by SIGPIPE. Only part of the output is read."""
    done = shell(f'"$1" {line} | head -c 9 | wc -c; exit ${{PIPESTATUS[0]}}', tmp_path)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (141, "9", "")

"""What is no official download ends in one clear sentence, exit code 2, and no file."""

from __future__ import annotations

import os
import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from downloads import ESCO, ONET, folder_of, tables, zip_of

from conftest import COMMAND, Run

HTML = b"\n<!DOCTYPE html>\n<html><title>Sign in</title></html>\n"


def refused(competency: Run, tmp_path: Path, framework: str, *paths: Path | str) -> str:
    """The one line that an import of these ends in."""
    old = tmp_path / "out.nq"
    old.write_text("# what was there before\n")
    done = competency("import", framework, *paths, "-o", old)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("competency: ")
    assert len(done.stderr.splitlines()) == 1
    assert old.read_text() == "# what was there before\n"
    assert [path for path in tmp_path.iterdir() if path.name.startswith("out.nq")] == [old]
    return done.stderr


def bytes_in(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("skills_en.csv", bytes_in(b"skillType", b"kind"), "skills_en.csv:1: this table lacks the column “skillType”"),
        ("skills_en.csv", lambda _: b"", "skills_en.csv:1: this table lacks the column “conceptUri”"),
        ("skills_en.csv", lambda _: HTML, "skills_en.csv: this is a web page, so the download failed. Download it again."),
        ("skills_en.csv", lambda content: content[:-200], "this is not CSV (unexpected end of data)"),
        ("broaderRelationsOccPillar.csv", lambda content: content[:-90], "this row has 2 cells, but the table has 4 columns"),
        ("broaderRelationsOccPillar.csv", lambda content: content[:-3], "broaderRelationsOccPillar.csv:10: the last line has no line ending"),
        ("ISCOGroups_en.csv", bytes_in(b"Managers,", b"Managers,,"), "ISCOGroups_en.csv:3: this row has 9 cells"),
        ("skills_en.csv", bytes_in(b"talk with", b"t\xe9l\xe9phone"), "the file is not UTF-8 text near this line"),
        ("skills_en.csv", lambda content: content.decode().encode("utf-16"), "skills_en.csv:1: the file is not UTF-8 text near this line"),
        ("skills_en.csv", bytes_in(b"talk with", b"t" * 1_000_001), "this is not CSV (field larger than field limit (1000000))"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("zipped", [False, True])
def test_a_table_of_esco_that_is_damaged(
    name: str, change: Callable[[bytes], bytes], told: str, zipped: bool,
    competency: Run, tmp_path: Path,
) -> None:  # fmt: skip
    files = tables(ESCO)
    files[name] = change(files[name])
    make = zip_of if zipped else folder_of

    said = refused(
        competency, tmp_path, "esco", make(tmp_path / ("esco.zip" if zipped else "esco"), files)
    )

    assert told in said
    assert ("esco.zip: " in said) == zipped


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("Skills.txt", bytes_in(b"Scale ID", b"Scale"), "Skills.txt:1: this table lacks the column “Scale ID”"),
        ("Skills.txt", lambda _: HTML, "Skills.txt: this is a web page"),
        ("Skills.txt", lambda content: content[:-30], "Skills.txt:5: this row has 4 cells, but the table has 12 columns"),
        ("Skills.txt", bytes_in(b"Analyst", b"Analyst\xff"), "Skills.txt:1: the file is not UTF-8 text near this line"),
    ],
)  # fmt: skip
def test_a_table_of_onet_that_is_damaged(
    name: str, change: Callable[[bytes], bytes], told: str, competency: Run, tmp_path: Path
) -> None:
    files = tables(ONET)
    files[name] = change(files[name])

    assert told in refused(competency, tmp_path, "onet", folder_of(tmp_path / "onet", files))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "this is not an Excel workbook, or it is incomplete"),
        (b"PK\x03\x04" + bytes(100), "this is not an Excel workbook, or it is incomplete"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "this is not an Excel workbook, or it is incomplete"),
        (HTML, "this is a web page"),
    ],
)  # fmt: skip
def test_a_workbook_that_is_none(
    content: bytes, told: str, competency: Run, tmp_path: Path
) -> None:
    files = tables(ONET) | {"Abilities.xlsx": content}

    assert told in refused(competency, tmp_path, "onet", folder_of(tmp_path / "onet", files))


def test_a_workbook_that_grows_out_of_proportion(competency: Run, tmp_path: Path) -> None:
    bomb = zip_of(tmp_path / "bomb", {"xl/worksheets/sheet1.xml": bytes(50 * 1024**2)}).read_bytes()
    folder = folder_of(tmp_path / "onet", tables(ONET) | {"Abilities.xlsx": bomb})

    said = refused(competency, tmp_path, "onet", folder)

    assert "“xl/worksheets/sheet1.xml” in this archive unpacks to 52,428,800 bytes" in said


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("_xx", "xx is not a registered language subtag"),
        ("_english", "english is not a registered language subtag"),
        ("", "its name does not contain one, as skills_de.csv does"),
    ],
)
def test_a_table_in_no_known_language(
    language: str, told: str, competency: Run, tmp_path: Path
) -> None:
    files = tables(ESCO)
    files[f"skills{language}.csv"] = files.pop("skills_en.csv")

    said = refused(competency, tmp_path, "esco", folder_of(tmp_path / "esco", files))

    assert f"skills{language}.csv: the language of this file's texts is not known: {told}" in said


def test_a_language_that_is_none(competency: Run, tmp_path: Path) -> None:
    assert "“xx” is not a language" in refused(
        competency, tmp_path, "esco", ESCO, "--language", "xx"
    )


def test_a_path_that_does_not_exist(competency: Run, tmp_path: Path) -> None:
    assert "nowhere.zip: there is no such file. Check the path." in refused(
        competency, tmp_path, "esco", "nowhere.zip"
    )


def test_a_pipe(competency: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert "this is a pipe or a device" in refused(competency, tmp_path, "onet", "pipe")


@pytest.mark.parametrize("framework", ["esco", "onet"])
@pytest.mark.parametrize("files", [{}, {"notes.csv": "a,b\n", "notes.txt": "a\tb\n"}])
def test_a_folder_with_nothing_to_import(
    framework: str, files: dict[str, str], competency: Run, tmp_path: Path
) -> None:
    said = refused(competency, tmp_path, framework, folder_of(tmp_path / "folder", files))

    assert "there is no file that " in said
    assert "Name " in said


@pytest.mark.parametrize("framework", ["esco", "onet"])
def test_the_other_frameworks_download(framework: str, competency: Run, tmp_path: Path) -> None:
    other = ONET if framework == "esco" else ESCO

    assert "there is no file that " in refused(competency, tmp_path, framework, other)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "this is not a zip archive, or it is incomplete"),
        (b"not a zip", "this is not a zip archive, or it is incomplete"),
        (HTML, "this is a web page, so the download failed"),
    ],
)
def test_an_archive_that_is_none(
    content: bytes, told: str, competency: Run, tmp_path: Path
) -> None:
    (tmp_path / "esco.zip").write_bytes(content)

    assert told in refused(competency, tmp_path, "esco", "esco.zip")


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.99])
def test_an_archive_that_is_cut_off(kept: float, competency: Run, tmp_path: Path) -> None:
    whole = zip_of(tmp_path / "esco.zip", tables(ESCO)).read_bytes()
    (tmp_path / "esco.zip").write_bytes(whole[: int(len(whole) * kept)])

    assert "this is not a zip archive, or it is incomplete" in refused(
        competency, tmp_path, "esco", "esco.zip"
    )


def test_an_archive_whose_content_is_damaged(competency: Run, tmp_path: Path) -> None:
    path = zip_of(tmp_path / "esco.zip", tables(ESCO))
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("skills_en.csv").header_offset
    content[start + 200 : start + 220] = bytes(20)
    path.write_bytes(content)

    assert "esco.zip: skills_en.csv: the file cannot be read (" in refused(
        competency, tmp_path, "esco", path
    )


def test_an_archive_with_a_password(competency: Run, tmp_path: Path) -> None:
    path = zip_of(tmp_path / "esco.zip", {"skills_en.csv": tables(ESCO)["skills_en.csv"]})
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(signature) + offset
        content[place : place + 2] = struct.pack("<H", 1)  # encrypted, says its first bit
    path.write_bytes(content)

    assert "this is protected with a password. Unpack it" in refused(
        competency, tmp_path, "esco", path
    )


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ([100 * 1024**2], "“0.csv” in this archive unpacks to 104,857,600 bytes"),
        ([1] * 1_001, "there are more than 1,000 files in this archive"),
    ],
)
def test_a_zip_bomb(sizes: list[int], told: str, competency: Run, tmp_path: Path) -> None:
    path = zip_of(tmp_path / "esco.zip", {f"{n}.csv": bytes(size) for n, size in enumerate(sizes)})

    assert told in refused(competency, tmp_path, "esco", path)


def test_an_archive_that_lies_about_its_sizes(competency: Run, tmp_path: Path) -> None:
    """What it says it holds is what is read, and that is not what it holds."""
    path = zip_of(tmp_path / "esco.zip", {"skills_en.csv": bytes(50 * 1024**2)})
    content = path.read_bytes()
    size = struct.pack("<I", 50 * 1024**2)
    assert content.count(size) == 2
    path.write_bytes(content.replace(size, struct.pack("<I", 1_000)))

    said = refused(competency, tmp_path, "esco", path)

    assert "esco.zip: skills_en.csv" in said


def test_names_that_lead_out_of_an_archive_are_only_names(competency: Run, tmp_path: Path) -> None:
    files = {f"../../{name}": content for name, content in tables(ESCO).items()}

    done = competency("import", "esco", zip_of(tmp_path / "esco.zip", files))

    assert done.returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["esco.nq", "esco.zip"]


def test_what_other_systems_put_beside_the_files_is_passed_over(
    competency: Run, tmp_path: Path
) -> None:
    beside = {"__MACOSX/._skills_en.csv": b"\x00\x05", ".skills_en.csv": b"\x00"}

    done = competency("import", "esco", zip_of(tmp_path / "esco.zip", tables(ESCO) | beside))

    assert (done.returncode, done.stderr) == (0, "")


def test_an_ending_that_is_of_no_format(competency: Run, tmp_path: Path) -> None:
    done = competency("import", "esco", ESCO, "-o", "esco.csv")

    assert done.returncode == 2
    assert (
        "esco.csv: the ending “.csv” is not that of a known RDF format. Name the file with one of .ttl"
        in done.stderr
    )


def test_a_place_that_is_a_folder(competency: Run, tmp_path: Path) -> None:
    (tmp_path / "esco.nq").mkdir()

    done = competency("import", "esco", ESCO)

    assert done.returncode == 2
    assert "esco.nq: the graph cannot be written" in done.stderr


def test_the_last_import_in_the_same_folder_is_no_input(competency: Run, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "esco", tables(ESCO))
    for _ in range(2):
        competency("import", "esco", ".", cwd=folder)
    first = (folder / "esco.nq").read_bytes()

    done = competency("import", "esco", ".", cwd=folder)

    assert done.returncode == 0
    assert (folder / "esco.nq").read_bytes() == first
    assert "skills\n" in done.stdout


def test_a_reader_that_leaves_is_no_fault() -> None:
    line = f"{COMMAND} import onet {ONET} -o - | head -1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=False, timeout=60)

    assert done.stdout.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


def test_nothing_is_written_but_the_graph(competency: Run, tmp_path: Path) -> None:
    before = [(path, path.stat().st_mtime_ns) for path in ONET.iterdir()]

    competency("import", "onet", ONET)

    assert [path.name for path in tmp_path.iterdir()] == ["onet.nq"]
    assert [(path, path.stat().st_mtime_ns) for path in ONET.iterdir()] == before

"""``competency fmt``: what it writes, what it only lists, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from competency_graph.cli import cli
from competency_graph.errors import UnreadableInputError
from competency_graph.scaffold import create_extension

MESSY = "PREFIX my: <https://my.example/>\nmy:b my:p 2, 1 . # one value\n"
TIDY = "PREFIX my: <https://my.example/>\n\nmy:b\n    my:p 1 ; # one value\n    my:p 2 ;\n    .\n"
BROKEN = "PREFIX my: <https://my.example/>\nmy:b my:p .\n"


def run(*arguments: str | Path, text: str | None = None) -> Result:
    done = CliRunner().invoke(cli, ["fmt", *map(str, arguments)], input=text)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "below").mkdir()
    (tmp_path / "messy.ttl").write_text(MESSY)
    (tmp_path / "below" / "tidy.ttl").write_text(TIDY)
    (tmp_path / "lines.nt").write_text("<a:b>  <a:p>   <a:c> .\n")
    return tmp_path


def test_the_turtle_files_of_a_folder_are_formatted_and_named(folder: Path) -> None:
    done = run(folder)
    assert (done.exit_code, done.stdout) == (0, f"{folder}/messy.ttl: formatted\n")
    assert (folder / "messy.ttl").read_text() == TIDY
    assert (folder / "lines.nt").read_text() == "<a:b>  <a:p>   <a:c> .\n"
    again = run("--check", folder)
    assert (again.exit_code, again.stdout) == (0, "")


@pytest.mark.parametrize(
    ("option", "told"),
    [("--check", ["/messy.ttl: would be formatted"]), ("--diff", ["-my:b my:p 2, 1 . #", "+    my:p 1 ; #"])],
)  # fmt: skip
def test_a_check_says_what_would_change_and_changes_nothing(
    folder: Path, option: str, told: list[str]
) -> None:
    done = run(option, folder)
    assert done.exit_code == 1
    assert all(text in done.stdout for text in told)
    assert "tidy.ttl" not in done.stdout
    assert (folder / "messy.ttl").read_text() == MESSY


def test_a_file_with_an_error_is_named_by_line_and_left_alone_and_the_others_are_formatted(
    folder: Path,
) -> None:
    (folder / "broken.ttl").write_text(BROKEN)
    done = run(folder)
    assert done.exit_code == 2
    assert f"{folder}/broken.ttl:2:" in done.stderr
    assert "Fix the file there" in done.stderr
    assert (folder / "broken.ttl").read_text() == BROKEN
    assert (folder / "messy.ttl").read_text() == TIDY


def test_another_format_is_refused_when_it_is_named(folder: Path) -> None:
    done = run(folder / "lines.nt")
    assert done.exit_code == 2
    assert "ntriples" in done.stderr
    assert "Turtle" in done.stderr


@pytest.mark.parametrize("name", ["--stdin", "-"])
def test_an_editor_formats_through_standard_input(name: str) -> None:
    done = run(name, text=MESSY)
    assert (done.exit_code, done.stdout) == (0, TIDY)
    check = run(name, "--check", text=MESSY)
    assert (check.exit_code, check.stdout) == (1, "")


def test_an_editor_gets_no_text_but_the_error_with_its_line() -> None:
    with pytest.raises(UnreadableInputError, match="not Turtle") as caught:
        run("--stdin", text=BROKEN)
    assert caught.value.line == 2


@pytest.mark.parametrize("arguments", [[], ["-", "a.ttl"], ["--stdin", "a.ttl"]])
def test_wrong_use_is_refused(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize("namespace", ["https://acme.example/", "https://zoo.example/"])
def test_a_new_extension_is_formatted(tmp_path: Path, namespace: str) -> None:
    create_extension("acme", namespace, parent=tmp_path)
    done = run("--check", tmp_path / "acme")
    assert (done.exit_code, done.stdout) == (0, "")


def test_a_file_that_is_laid_out_stays_so_when_it_is_fixed(tmp_path: Path) -> None:
    create_extension("acme", parent=tmp_path)
    area = tmp_path / "acme" / "areas" / "selling-sustainably.ttl"
    whole = area.read_text()
    lacking = whole.replace(
        "    skos:inScheme <https://w3id.org/competency-graph/sales> ;\n", "", 1
    )
    area.write_text(lacking)
    done = CliRunner().invoke(cli, ["validate", "--fix", str(tmp_path / "acme")])
    assert done.exit_code == 0, done.output
    assert area.read_text() == whole

"""``competency new``: its files are valid, and work as they say."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml
from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, SKOS

from competency_graph.errors import BadValueError, UnavailableError
from competency_graph.rdf.rdflib_graphs import read_graph
from competency_graph.rdf.vocabulary import CG
from competency_graph.scaffold import TEMPLATE, create_extension
from competency_graph.validation import validate
from conftest import ROOT, Run

FILES = {
    ".github/workflows/validate.yml",
    ".pre-commit-config.yaml",
    "README.md",
    "areas/selling-sustainably.ttl",
    "extension.ttl",
    "roles.ttl",
}
BIN = Path(sys.executable).parent


def turtle(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.ttl"))


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_new_extension_has_no_findings(competency: Run, tmp_path: Path) -> None:
    done = competency("new", "acme")
    assert done.returncode == 0, done.stderr
    assert {f"acme/{name}" for name in FILES} <= set(done.stdout.splitlines())
    assert done.stdout.endswith("  cd acme\n  competency validate .\n")
    assert [path.name for path in tmp_path.iterdir()] == ["acme"]
    assert files_in(tmp_path / "acme") == FILES
    checked = competency("validate", ".", cwd=tmp_path / "acme")
    assert checked.returncode == 0
    assert checked.stdout.endswith("; nothing is missing or wrong.\n")


def test_the_templates_are_valid() -> None:
    assert files_in(TEMPLATE) == FILES
    assert validate([TEMPLATE]).findings == ()


def test_its_example_is_complete(tmp_path: Path) -> None:
    create_extension("acme", parent=tmp_path)
    graph = read_graph(turtle(tmp_path / "acme"))
    extension = URIRef("https://example.org/acme")
    published = URIRef("https://w3id.org/competency-graph/sales")
    assert (extension, OWL.imports, published) in graph
    assert graph.value(extension, DCTERMS.title) == Literal("Competencies of acme", lang="en")
    for cls in (
        CG.AreaOfExpertise,
        CG.KeyAction,
        CG.Knowledge,
        CG.Ability,
        CG.Output,
        CG.Role,
        CG.JobTitle,
    ):
        assert any(
            str(s).startswith("https://example.org/acme/") for s in graph.subjects(object=cls)
        )
    assert {str(code).partition("-")[0] for code in graph.objects(predicate=SKOS.notation)} == {
        "ACME"
    }
    text = "".join((tmp_path / "acme" / name).read_text() for name in FILES)
    assert not {word for word in ("NAME", "TITLE", "CODE") if word in text}


def test_the_files_have_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").mkdir()
    create_extension("acme", parent=tmp_path)
    usual = stat.S_IMODE((tmp_path / "usual").stat().st_mode)
    assert stat.S_IMODE((tmp_path / "acme").stat().st_mode) == usual


HOSTILE = [
    'He said "no"',
    "two\nlines\r\nand\ttabs",
    "a \"\"\" b ''' c \\ d \\u0041 \\",
    '"@en ; owl:deprecated true . <http://e/x> <http://e/y> "z',
    "NAME TITLE CODE <https://example.org/NAME/> \\1 \\g<0> $name {0} %s",
    "Größe 漢字 😀 \u2028 \x01",
    "# no comment",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_is_preserved_exactly(competency: Run, tmp_path: Path, title: str) -> None:
    done = competency("new", "acme", "--title", title, "--language", "de-AT")
    assert done.returncode == 0, done.stderr
    statements = list(
        ox.parse((tmp_path / "acme" / "extension.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)
    )
    assert len(statements) == 6
    titles = [q.object for q in statements if q.predicate.value == str(DCTERMS.title)]
    assert titles == [ox.Literal(title, language="de-at")]
    assert "deprecated" not in (tmp_path / "acme" / "areas/selling-sustainably.ttl").read_text()


@pytest.mark.parametrize(
    ("name", "namespace", "code"),
    [
        ("Acme-Sales", "https://sales.acme.example/", "ACME"),
        ("2024-plan", "http://acme.example:8080/a/b%20c/", "PLAN"),
        ("42", "https://äcme.example/größe/", "MY"),
        ("NAME", "https://example.org/NAME/CODE/", "NAME"),
    ],
)
def test_names_and_namespaces(tmp_path: Path, name: str, namespace: str, code: str) -> None:
    create_extension(name, namespace, parent=tmp_path)
    assert validate([tmp_path / name]).findings == ()
    graph = read_graph(turtle(tmp_path / name))
    area = URIRef(namespace + "selling-sustainably")
    assert graph.value(area, SKOS.notation) == Literal(f"{code}-A01")
    assert (URIRef(namespace.rstrip("/")), OWL.imports, None) in graph
    assert namespace in (tmp_path / name / "README.md").read_text()


WRONG = {
    "no name": ([""], "not a valid name for an extension"),
    "a path": (["a/b"], "as “a-b”"),
    "the folder above": ([".."], "as “acme”"),
    "blanks": (["Größe XL"], "as “groe-xl”"),
    "a hyphen at the end": (["acme-"], "as “acme”"),
    "a line break": (["acme\n"], "as “acme”"),
    "a dot": (["acme.ttl"], "as “acme-ttl”"),
    "a name in another encoding": (["caf\udce9"], "as “caf”"),
    "a long name": (["a" * 300], "File name too long"),
    "a relative namespace": (["acme", "--namespace", "acme/"], "not an absolute http or https IRI"),
    "another scheme": (["acme", "--namespace", "urn:x:acme/"], "not an absolute http or https IRI"),
    "no host": (["acme", "--namespace", "http:///acme/"], "not an absolute http or https IRI"),
    "a broken host": (["acme", "--namespace", "http://[::/"], "not an absolute http or https IRI"),
    "an injection": (["acme", "--namespace", "http://e/> . <x:y> <x:z> 1 . #/"], "not an absolute"),
    "no end": (["acme", "--namespace", "http://e/acme"], "as in http://e/acme/"),
    "a fragment": (["acme", "--namespace", "http://e/acme#"], "as in http://e/acme/"),
    "a query": (["acme", "--namespace", "http://e/acme?x=/"], "as in http://e/acme/"),
    "the published namespace": (
        ["acme", "--namespace", "https://w3id.org/competency-graph/sales/"],
        "belongs to the published dictionary",
    ),
    "a blank title": (["acme", "--title", " \n"], "the title is empty"),
    "an empty title": (["acme", "--title", ""], "the title is empty"),
    "an empty namespace": (["acme", "--namespace", ""], "is not an absolute http or https IRI"),
    "no language": (["acme", "--language", "de_DE"], "not a valid language tag"),
    "a title in another encoding": (["acme", "--title", "caf\udce9"], "is not UTF-8"),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_invalid_value_is_an_error_and_creates_nothing(
    competency: Run, tmp_path: Path, case: str
) -> None:
    arguments, message = WRONG[case]
    done = competency("new", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_not_changed(competency: Run, tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "mine.txt").write_text("mine")
    done = competency("new", "acme")
    assert done.returncode == 2
    assert "acme: this exists already" in done.stderr
    assert [p.name for p in tmp_path.rglob("*")] == ["acme", "mine.txt"]


def test_an_existing_file_or_link_is_not_changed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("elsewhere")
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("file", "link", "dangling"):
        with pytest.raises(UnavailableError, match="exists already"):
            create_extension(name, parent=tmp_path)
    assert {p.name for p in tmp_path.rglob("*")} == {"file", "elsewhere", "link", "dangling"}


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    create_extension("acme", parent=tmp_path)
    assert files_in(tmp_path / "acme") == FILES


def test_a_failure_creates_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_text

    def full(self: Path, *arguments: object, **options: object) -> int:
        if self.name == "roles.ttl":
            raise OSError(28, "No space left on device")
        return write(self, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(UnavailableError, match="No space left on device"):
        create_extension("acme", parent=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="the folder to write this in does not exist"):
        create_extension("acme", parent=tmp_path / "nowhere")
    with pytest.raises(BadValueError, match="not a valid name"):
        create_extension("../acme", parent=tmp_path)


def test_the_workflow_is_valid_for_github() -> None:
    workflow = TEMPLATE / ".github/workflows/validate.yml"
    done = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    (job,) = yaml.safe_load(workflow.read_text())["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == [
        "pip install competency-graph",
        "competency validate --format github .",
    ]


def test_the_workflow_is_valid_with_its_comments_enabled(tmp_path: Path) -> None:
    text = (TEMPLATE / ".github/workflows/validate.yml").read_text()
    text = text.replace("# security-events", "security-events").replace("      # - ", "      - ")
    text = text.replace("      #   ", "        ")
    (tmp_path / "whole.yml").write_text(text)
    subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", tmp_path / "whole.yml"],
        capture_output=True, check=True,
    )  # fmt: skip
    whole = yaml.safe_load(text)
    assert whole["permissions"] == {"contents": "read", "security-events": "write"}
    assert len(whole["jobs"]["validate"]["steps"]) == 6


# ---------------------------------------------------------------------------
# pre-commit
# ---------------------------------------------------------------------------


def pre_commit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pre-commit as an author does, without network and with an empty home folder."""
    environment = os.environ | {
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
        "https_proxy": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
    }
    return subprocess.run(
        [BIN / "pre-commit", *arguments],
        capture_output=True, text=True, cwd=folder, env=environment, check=False, timeout=120,
    )  # fmt: skip


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=An author", "-c", "user.email=author@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_the_hook_accepts_valid_files_and_stops_others(tmp_path: Path) -> None:
    create_extension("acme", parent=tmp_path)
    folder = tmp_path / "acme"
    git(folder, "init")
    git(folder, "add", ".")
    assert pre_commit(folder, "validate-config").returncode == 0
    passed = pre_commit(folder, "run", "--all-files")
    assert (passed.returncode, passed.stderr) == (0, "")
    assert "Passed" in passed.stdout
    git(folder, "commit", "--message", "Made")

    # A file is checked together with those that it links to, though only it changed.
    roles = folder / "roles.ttl"
    roles.write_text(roles.read_text() + "\n# Changed.\n")
    git(folder, "add", ".")
    assert pre_commit(folder, "run").returncode == 0

    roles.write_text(
        roles.read_text().replace("    cg:exampleTitle my:", "    cg:exampleTitle my:no-")
    )
    git(folder, "add", ".")
    stopped = pre_commit(folder, "run")
    assert stopped.returncode == 1
    assert "no-sustainable-solutions-lead" in stopped.stdout


def test_the_hook_is_installed_as_its_file_says(tmp_path: Path) -> None:
    create_extension("acme", parent=tmp_path)
    git(tmp_path / "acme", "init")
    done = pre_commit(tmp_path / "acme", "install")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "acme" / ".git/hooks/pre-commit").is_file()


def test_this_repository_works_with_pre_commit(tmp_path: Path) -> None:
    manifest = ROOT / ".pre-commit-hooks.yaml"
    assert pre_commit(ROOT, "validate-manifest", str(manifest)).returncode == 0
    (hook,) = yaml.safe_load(manifest.read_text())
    assert (hook["id"], hook["language"], hook["files"]) == (
        "competency-validate",
        "python",
        r"\.ttl$",
    )
    (own,) = yaml.safe_load((TEMPLATE / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert " ".join([hook["entry"], *hook["args"]]) == own["entry"] == "competency validate ."
    assert hook["pass_filenames"] is own["pass_filenames"] is False

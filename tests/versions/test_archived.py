"""Released versions in an archive, named by their version IRIs."""

from __future__ import annotations

from pathlib import Path

import pytest

from competency_graph.errors import UnreadableInputError
from competency_graph.versions import compare, read_version
from competency_graph.versions.released.snapshots import snapshot
from conftest import ROOT
from versions.bakery import BAKER, HEAD, archive, told

IRI = "https://example.org/bakery/{}"


@pytest.fixture
def bakery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dictionary with two released versions, and a folder that only has the name of one."""
    monkeypatch.chdir(tmp_path)
    archive(tmp_path / "data" / "versions", BAKER, BAKER.replace("Baker", "Artisan"))
    other = tmp_path / "archive" / "1.0.0"
    other.mkdir(parents=True)
    for name, content in snapshot({"mill.ttl": (HEAD + BAKER).encode()}).items():
        (other / name).write_bytes(content)
    return tmp_path


def test_two_released_versions(bakery: Path) -> None:
    names = IRI.format("1.0.0"), IRI.format("1.1.0")
    old, new = (read_version(*each) for each in (names, names[::-1]))
    assert list(old.files) == ["data/versions/1.0.0/bakery.ttl"]
    assert 'renamed baker | prefLabel -"Baker"@en +"Artisan"@en' in told(compare(old, new))
    assert (old.name, new.name) == names


def test_a_version_by_its_number(bakery: Path) -> None:
    assert list(read_version("1.1.0", "data").files) == ["data/versions/1.1.0/bakery.ttl"]
    with pytest.raises(UnreadableInputError, match=r"there is no file “1\.0\.0”"):
        read_version("1.0.0")  # two archives have it


def test_the_archive_is_in_the_folder_of_the_other_version(bakery: Path) -> None:
    assert read_version(IRI.format("1.1.0"), "data").files
    with pytest.raises(UnreadableInputError, match="archive: there is no archive with the version"):
        read_version(IRI.format("1.0.0"), "archive")


@pytest.mark.parametrize("name", [IRI.format("1.0.0"), "data/versions/1.0.0"])
def test_a_file_that_was_changed_after_the_release_is_refused(bakery: Path, name: str) -> None:
    assert read_version(name, "data").files
    path = bakery / "data/versions/1.0.0/bakery.ttl"
    path.write_text(path.read_text().replace("Baker", "Bakers"))
    with pytest.raises(UnreadableInputError, match="file of a released version was changed"):
        read_version(name, "data")


def test_the_published_dictionary_by_its_iri() -> None:
    found = read_version("https://w3id.org/competency-graph/sales")
    assert str(ROOT / "data/sales/roles.ttl") in found.files


def test_a_version_that_was_not_released(bakery: Path) -> None:
    with pytest.raises(UnreadableInputError, match=r"the version <https://example.org/bakery/9.0>"):
        read_version(IRI.format("9.0"))

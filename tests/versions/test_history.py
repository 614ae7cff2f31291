"""The history from an archive: what each version changed, computed once, and bounded."""

from __future__ import annotations

from pathlib import Path

import pytest
from bakery import BAKER, FLOUR, HEAD, OVEN, archive

from competency_graph.dictionary import cache
from competency_graph.versions.released import history
from competency_graph.versions.released.archive import Archive
from competency_graph.versions.released.history import read_history
from competency_graph.versions.released.snapshots import snapshot
from competency_graph.web.versions.atom import Entry, Feed


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "user_cache_path", lambda name: tmp_path / "cache" / name)


RENAMED = BAKER.replace("Baker", "Artisan")
DEPRECATED = RENAMED + "bakery:baker owl:deprecated true .\n"
WALK = (BAKER, BAKER + OVEN, RENAMED + OVEN, DEPRECATED + OVEN, OVEN)


def test_each_version_has_its_changes_the_last_one_first(tmp_path: Path) -> None:
    found = read_history(archive(tmp_path / "versions", *WALK))
    assert [(step.number, step.date, step.counts) for step in found.steps] == [
        ("1.4.0", "2026-05-01", {"gone": 1}),
        ("1.3.0", "2026-04-01", {"deprecated": 1}),
        ("1.2.0", "2026-03-01", {"renamed": 1}),
        ("1.1.0", "2026-02-01", {"added": 1}),
        ("1.0.0", "2026-01-01", {"added": 1}),
    ]
    assert [step.first for step in found.steps] == [False, False, False, False, True]
    assert found.steps[0].iri == "https://example.org/bakery/1.4.0"


def test_an_entry_has_its_changes_in_order(tmp_path: Path) -> None:
    of_entry = read_history(archive(tmp_path / "versions", *WALK)).by_entry
    baker = of_entry["https://example.org/bakery/baker"]
    assert [(step.number, change.kind) for step, change in baker] == [
        ("1.0.0", "added"), ("1.2.0", "renamed"), ("1.3.0", "deprecated"), ("1.4.0", "gone")
    ]  # fmt: skip
    assert baker[1][1].lines == (("label", ("Baker",), ("Artisan",), "en", ""),)


def test_it_is_computed_once_and_only_for_new_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "versions"
    first = read_history(archive(folder, *WALK[:3]))
    compared = []
    monkeypatch.setattr(
        history, "_computed", lambda *which: compared.append(str(which[2])) or b'{"changes": [], "number": "1.3.0", "iri": "", "dictionary": "", "date": "", "first": false}'
    )  # fmt: skip
    assert read_history(Archive(folder)) == first
    assert compared == []
    path = folder / "1.3.0"
    path.mkdir()
    for name, content in snapshot({"bakery.ttl": (HEAD + DEPRECATED).encode()}).items():
        (path / name).write_bytes(content)
    assert read_history(Archive(folder)).steps[1:] == first.steps
    assert compared == ["1.3.0"]


def test_only_the_last_versions_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MAX_VERSIONS", 2)
    found = read_history(archive(tmp_path / "versions", *WALK))
    assert [(step.number, step.first) for step in found.steps] == [
        ("1.4.0", False),
        ("1.3.0", False),
    ]


def test_a_version_that_was_changed_is_reported_and_the_others_are_shown(tmp_path: Path) -> None:
    kept = archive(tmp_path / "versions", *WALK)
    (tmp_path / "versions/1.1.0/bakery.ttl").write_text(HEAD + FLOUR)
    faults = {step.number: step.fault for step in read_history(kept).steps}
    assert {number for number, fault in faults.items() if fault} == {"1.1.0", "1.2.0"}
    assert "was changed" in faults["1.1.0"]


def test_an_archive_without_versions_has_no_history(tmp_path: Path) -> None:
    assert read_history(Archive(tmp_path / "none")).steps == ()


@pytest.mark.parametrize(
    ("date", "wanted"),
    [("2026-11-29", "2026-11-29T00:00:00Z"), ("2026-11-29T10:00:00+01:00", "2026-11-29T10:00:00+01:00"),
     ("2026-11-29T10:00", "2026-11-29T00:00:00Z"), ("autumn", "1970-01-01T00:00:00Z"), ("", "1970-01-01T00:00:00Z")],
)  # fmt: skip
def test_a_date_becomes_the_time_that_a_feed_needs(date: str, wanted: str) -> None:
    feed = Feed("urn:x", "X", "", "http://x/", "http://x/feed", ("A",), "en")
    text = feed.xml([Entry("urn:y", "Y\x00", date, "http://x/y", "<p>")]).decode()
    assert text.count(f"<updated>{wanted}</updated>") == 2
    assert "\x00" not in text
    assert "&lt;p&gt;" in text

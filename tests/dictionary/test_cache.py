"""The cache keeps the results used most recently, up to a total size."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from competency_graph.dictionary import cache


def _never() -> bytes:
    raise AssertionError("computed again")


def test_the_results_not_used_for_longest_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(cache, "MAX_BYTES", 3500)  # room for three results of 1,000 bytes
    for number, name in enumerate(("first", "second", "third")):
        cache.cached(name, lambda: b"x" * 1000)
        os.utime(tmp_path / "competency-graph" / name, (number, number))
    assert cache.cached("first", _never) == b"x" * 1000  # now the one used last
    cache.cached("fourth", lambda: b"y" * 1000)
    kept = {path.name for path in (tmp_path / "competency-graph").iterdir()}
    assert kept == {"first", "third", "fourth"}


def test_a_result_larger_than_the_limit_is_kept_until_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(cache, "MAX_BYTES", 500)
    cache.cached("large", lambda: b"x" * 1000)
    assert cache.cached("large", _never) == b"x" * 1000
    cache.cached("small", lambda: b"y")
    assert [path.name for path in (tmp_path / "competency-graph").iterdir()] == ["small"]

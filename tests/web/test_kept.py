"""What is queried once for a version of the data, and again where the data may change."""

from __future__ import annotations

import time
from itertools import count

import pytest
from flask import Flask

from competency_graph.engines.kept import Kept
from competency_graph.errors import UnavailableError
from competency_graph.web.http.kept import kept


@pytest.mark.parametrize(
    ("version", "expected"), [("1", [1, 1, 1]), ("", [1, 1, 2])], ids=["version", "no version"]
)
def test_a_value_is_queried_again_only_without_version(
    monkeypatch: pytest.MonkeyPatch, version: str, expected: list[int]
) -> None:
    app, numbers = Flask(__name__), count(1)
    app.extensions["kept"] = Kept(fixed=bool(version))
    found = []
    with app.app_context():
        for second in (1000.0, 1059.0, 1061.0):
            monkeypatch.setattr(time, "monotonic", lambda at=second: at)
            found.append(kept("number", lambda: next(numbers)))
    assert found == expected


def test_an_error_is_not_kept() -> None:
    app = Flask(__name__)
    app.extensions["kept"] = Kept(fixed=True)

    def fail() -> int:
        raise UnavailableError("no answer", "")

    with app.app_context():
        with pytest.raises(UnavailableError):
            kept("number", fail)
        assert kept("number", lambda: 0) == 0
        assert kept("number", fail) == 0

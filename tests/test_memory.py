"""Answers that are kept: the same again, only where it is the same question, only while they fit."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from competency_graph.isolation import Reply
from competency_graph.memory import Memory
from competency_graph.nursery import PACKET, Question

QUESTION = Question("SELECT * {}", {"table": "csv"})


def reply(content: bytes) -> Reply:
    def chunks() -> Iterator[bytes]:
        for start in range(0, len(content), PACKET):
            yield content[start : start + PACKET]

    return Reply("table", "csv", chunks(), lambda: None, ("mind this",))


def read(found: Reply | None) -> bytes | None:
    return None if found is None else b"".join(found.chunks)


def test_an_answer_that_was_read_to_its_end_is_given_again() -> None:
    memory = Memory()
    content = b"x" * (PACKET + 7)
    assert memory.recall(QUESTION) is None
    assert read(memory.remember(QUESTION, reply(content))) == content
    for _ in range(2):
        again = memory.recall(QUESTION)
        assert again is not None
        assert (again.kind, again.format, again.warnings) == ("table", "csv", ("mind this",))
        assert read(again) == content


def test_an_answer_that_was_left_early_is_not_kept() -> None:
    memory = Memory()
    next(memory.remember(QUESTION, reply(b"x" * 3 * PACKET)).chunks)
    assert memory.recall(QUESTION) is None


@pytest.mark.parametrize(
    "other",
    [
        Question("SELECT * { }", {"table": "csv"}),
        Question("SELECT * {}", {"table": "tsv"}),
        Question("SELECT * {}", {"table": "csv"}, {ox.Variable("a"): ox.Literal("b")}),
        Question("SELECT * {}", {"table": "csv"}, default_graphs=("x:g",)),
        Question("SELECT * {}", {"table": "csv"}, named_graphs=("x:g",)),
    ],
)
def test_another_question_has_another_answer(other: Question) -> None:
    memory = Memory()
    read(memory.remember(QUESTION, reply(b"x")))
    assert memory.recall(other) is None
    read(memory.remember(other, reply(b"y")))
    assert (read(memory.recall(QUESTION)), read(memory.recall(other))) == (b"x", b"y")


@pytest.mark.parametrize("text", ["SELECT (NOW() AS ?n) {}", "SELECT (rand() AS ?n) {}"])
def test_what_differs_each_time_is_not_kept(text: str) -> None:
    memory, question = Memory(), Question(text, {"table": "csv"})
    read(memory.remember(question, reply(b"x")))
    assert memory.recall(question) is None


@pytest.mark.parametrize(("size", "kept"), [(0, 0), (1_000, 0), (3_000, 1), (100_000, 50)])
def test_no_more_is_kept_than_has_room(size: int, kept: int) -> None:
    memory = Memory(size)
    questions = [Question(f"ASK {{}} # {n}", {"boolean": "json"}) for n in range(200)]
    for question in questions:
        assert read(memory.remember(question, reply(b"x" * 900))) == b"x" * 900
    found = sum(memory.recall(question) is not None for question in questions)
    assert found == pytest.approx(kept, abs=2) if kept > 1 else found == kept

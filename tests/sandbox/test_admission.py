"""Decisions about requests reach whoever waits for them, exactly once."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from competency_graph.errors import BusyError
from competency_graph.sandbox.admission import Admission

REFUSED = BusyError("the service is busy", "Wait")


@pytest.mark.parametrize("error", [None, REFUSED])
@pytest.mark.parametrize("is_early", [True, False])
def test_a_callback_is_called_once(is_early: bool, error: BusyError | None) -> None:
    admission, called = Admission(), []
    if is_early:
        admission.when_done(lambda: called.append(admission.error))
        assert (called, admission.done()) == ([], False)
    admission.decide(error)
    if not is_early:
        admission.when_done(lambda: called.append(admission.error))
    assert (called, admission.done()) == ([error], True)


def test_a_thread_waits_until_then() -> None:
    admission = Admission()
    assert not admission.wait(0.001)
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(admission.wait, None)
        admission.decide()
        assert waiting.result(10)
    assert admission.wait(0)


def test_two_threads_at_once_call_it_once() -> None:
    called: list[int] = []
    both = Barrier(2)

    def decide(each: Admission) -> None:
        both.wait()
        each.decide()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(1) as thread:
            for number in range(500):
                admission = Admission()
                deciding = thread.submit(decide, admission)
                both.wait()
                admission.when_done(lambda number=number: called.append(number))  # type: ignore[misc]
                deciding.result(10)
    finally:
        sys.setswitchinterval(interval)
    assert called == [*range(500)]

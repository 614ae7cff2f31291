"""Who waits for whom, in virtual time: requests take as long as they are said to."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulation import Simulation, entered

from competency_graph.errors import BusyError
from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.sandbox.ticket import State, Ticket
from competency_graph.sandbox.turns import ProcessorTurns


@pytest.fixture
def simulation() -> Simulation:
    return Simulation()


def waits(simulation: Simulation, client: str) -> list[float]:
    return sorted(each.waited for each in simulation.of(client) if each.waited is not None)


def refusals(simulation: Simulation, client: str = "") -> list[BusyError]:
    found = simulation.of(client) if client else simulation.outcomes
    return [each.refusal for each in found if each.refusal]


def test_quick_requests_of_one_client_wait_and_are_never_refused(simulation: Simulation) -> None:
    """256 at once in two places, of 5 ms each: the last of them waits for 254 others."""
    simulation.keep_asking(simulation.scheduler(), "a", 0.005, connections=256, until=6)
    simulation.run()
    assert not refusals(simulation)
    assert len(simulation.outcomes) >= 2 * 6 / 0.005
    assert waits(simulation, "a")[-1] == pytest.approx(254 / 2 * 0.005)


def test_a_new_client_does_not_wait_for_all_of_another(simulation: Simulation) -> None:
    scheduler = simulation.scheduler(places=1)
    first, *others = entered(scheduler, "many", 256)
    new, newer = scheduler.enter("new"), scheduler.enter("newer")
    assert new.admitted.done(), "there is a place more for clients that used less than all others"
    assert not newer.admitted.done()
    for running in (first, new):
        scheduler.leave(running, 0.02)
    assert newer.admitted.done()
    assert not any(other.admitted.done() for other in others)


def test_requests_of_a_client_run_in_order_of_arrival(simulation: Simulation) -> None:
    scheduler = simulation.scheduler(places=1)
    tickets = entered(scheduler, "a", 10)
    for running, *waiting in (tickets[n:] for n in range(10)):
        assert running.admitted.done()
        assert not any(ticket.admitted.done() for ticket in waiting)
        scheduler.leave(running)
    assert scheduler.running == (0, 0)


def test_clients_receive_equal_time_not_equal_numbers(simulation: Simulation) -> None:
    scheduler = simulation.scheduler()
    simulation.keep_asking(scheduler, "costly", 0.02, connections=16, until=10)
    simulation.keep_asking(scheduler, "cheap", 0.005, connections=16, until=10)
    simulation.run()
    answered = Counter(outcome.client for outcome in simulation.outcomes)
    assert answered["cheap"] / answered["costly"] == pytest.approx(4, rel=0.05)


def test_usage_is_forgotten(simulation: Simulation) -> None:
    """A minute after a request of 40 s, six half-lives, 0.63 s of it count: less than 1 s."""
    scheduler = simulation.scheduler(places=1, half_life=10)
    scheduler.leave(scheduler.enter("once"), 40)
    simulation.now = 60
    scheduler.leave(scheduler.enter("just now"), 1)
    running = scheduler.enter("other")
    just_now, once = scheduler.enter("just now"), scheduler.enter("once")
    scheduler.leave(running)
    assert once.admitted.done()
    assert not just_now.admitted.done()


def test_a_client_is_answered_next_to_eight_attackers(simulation: Simulation) -> None:
    """Each keeps 16 requests of ten seconds open; quick ones have a place of their own."""
    scheduler = simulation.scheduler()
    simulation.keep_asking(scheduler, "good", 0.005, connections=1, until=24)
    for number in range(8):
        simulation.keep_asking(scheduler, f"attacker {number}", 10, connections=16, until=24)
    most = (0, 0)
    while simulation.now < 24:
        simulation.run(simulation.now + 0.05)
        most = max(most[0], scheduler.running[0]), max(most[1], scheduler.running[1])
    assert most[0] <= 2 + 1
    assert most[1] <= 2 * 8
    later = [each for each in simulation.of("good") if each.sent > 2 and each.waited is not None]
    assert len(later) > 4_000
    assert not refusals(simulation, "good")
    assert sum(each.waited > 2 * 0.005 for each in later if each.waited) < len(later) / 100
    for number in range(8):
        refused = [each for each in simulation.of(f"attacker {number}") if each.refusal]
        assert len(refused) > 40
        assert all((each.ended or 0) - each.sent > 4.99 for each in refused)
        assert all(1 <= each.refusal.retry_after <= 10 for each in refused if each.refusal)
        assert waits(simulation, f"attacker {number}"), "it starves"


def test_quick_requests_of_a_client_do_not_wait_for_its_slow_ones(simulation: Simulation) -> None:
    """As in an office behind one address, where one person asks six times what takes long."""
    scheduler = simulation.scheduler()
    simulation.keep_asking(scheduler, "office", 10, connections=6, until=12)
    simulation.keep_asking(scheduler, "office", 0.005, connections=8, until=12)
    simulation.run()
    quick = [each for each in simulation.outcomes if each.sent > 1 and each.seconds < 0.1]
    assert len(quick) > 1_000  # at most 2,200: one at a time, for 11 s
    assert not any(each.refusal for each in quick)
    assert max(each.waited or 0 for each in quick) < 2


def test_a_client_with_light_usage_does_not_wait_for_heavy_ones(simulation: Simulation) -> None:
    scheduler = simulation.scheduler(places=1)
    scheduler.leave(scheduler.enter("heavy"), 5)
    entered(scheduler, "heavy", 10)
    light = entered(scheduler, "light", 2)
    assert [ticket.admitted.done() for ticket in light] == [True, False]


def test_a_slow_request_that_may_not_run_is_stopped_and_starts_anew(
    simulation: Simulation,
) -> None:
    scheduler = simulation.scheduler(per_client=1, concurrent=1, patience=60)
    first = simulation.request(scheduler, "a", 3)
    second = simulation.request(scheduler, "a", 3)
    simulation.run(2.9)
    assert scheduler.running == (0, 1)
    assert scheduler.waiting == 1
    simulation.run()
    assert (first.ended, second.ended) == (pytest.approx(3), pytest.approx(6))
    assert not refusals(simulation)


def test_an_answer_that_is_being_sent_is_not_stopped(simulation: Simulation) -> None:
    scheduler = simulation.scheduler(per_client=1)
    one, other = entered(scheduler, "a", 2)
    assert one.slow()
    assert other.slow(stoppable=False)
    assert scheduler.running == (1, 1)


def test_a_request_is_refused_after_patience_until_a_slow_one_ends(
    simulation: Simulation,
) -> None:
    """The first slow one takes 10 s; so the one that starts at 20 s is expected to end at 30 s."""
    scheduler = simulation.scheduler(per_client=1, patience=2)
    simulation.request(scheduler, "a", 10)
    simulation.at(20, lambda: simulation.request(scheduler, "a", 10))
    simulation.at(21, lambda: simulation.request(scheduler, "a", 10))
    simulation.run()
    *_, refused = simulation.outcomes
    assert refused.ended == pytest.approx(23)
    assert refused.refusal is not None
    assert (refused.refusal.retry_after, refused.refusal.shared) == (7, False)
    assert refused.refusal.limit == "queries of one client"


def test_a_client_is_not_blamed_for_the_slow_requests_of_others(simulation: Simulation) -> None:
    scheduler = simulation.scheduler(per_client=2, concurrent=2, patience=2)
    for client in "abcd":
        simulation.request(scheduler, client, 10)
    simulation.at(1, lambda: simulation.request(scheduler, "e", 10))
    simulation.run()
    refused = simulation.outcomes[-1].refusal
    assert refused is not None
    assert (refused.limit, refused.shared) == ("queries in all", True)
    assert len(refusals(simulation)) == 1


def test_a_request_is_refused_at_once_if_it_would_wait_too_long(simulation: Simulation) -> None:
    """A place answers a request in 90 ms, so with patience for 2 s at most 21 may wait."""
    scheduler = simulation.scheduler(places=1, patience=2)
    for number in range(30 * 20):
        simulation.at(number / 30, lambda: simulation.request(scheduler, "a", 0.09))
    simulation.run()
    later = [each for each in simulation.outcomes if each.sent > 10]
    refused = [each for each in later if each.refusal]
    assert len(later) - len(refused) == pytest.approx(10 / 0.09, abs=5)
    assert all(each.ended == each.sent for each in refused), "it had to wait first"
    assert all(each.refusal.retry_after == 1 for each in refused if each.refusal)
    assert max(each.waited for each in later if each.waited) <= 2


def test_one_client_leaves_room_in_the_queue_for_others(simulation: Simulation) -> None:
    """One may take half of it, the next half of the rest; in all, it never exceeds its length."""
    scheduler = simulation.scheduler(places=1, max_waiting=64)
    entered(scheduler, "runs")
    taken = []
    for client in "abcd":
        before = scheduler.waiting
        with pytest.raises(BusyError) as caught:
            entered(scheduler, client, 65)
        assert caught.value.limit == "queue"
        taken.append(scheduler.waiting - before)
    assert taken == [32, 16, 8, 4]


def test_a_client_that_disconnects_leaves_the_queue(simulation: Simulation) -> None:
    scheduler = simulation.scheduler(places=1)
    first, second, third = entered(scheduler, "a", 3)
    scheduler.leave(second)
    scheduler.leave(second)
    assert scheduler.waiting == 1
    scheduler.leave(first)
    assert (second.admitted.done(), third.admitted.done()) == (False, True)
    scheduler.leave(third)
    assert (scheduler.waiting, scheduler.running) == (0, (0, 0))


def test_a_thread_waits_for_its_turn_and_frees_the_place_after_an_error() -> None:
    scheduler = Scheduler(places=1, patience=30)
    with ThreadPoolExecutor(1) as threads:

        def fail() -> None:
            with scheduler.run("a"):
                raise ZeroDivisionError

        with scheduler.run("a"):
            waiting = threads.submit(fail)
        with pytest.raises(ZeroDivisionError):
            waiting.result(20)
    assert scheduler.running == (0, 0)


def test_a_thread_without_patience_is_refused() -> None:
    scheduler = Scheduler(places=1, patience=0)
    refused: list[str] = []
    scheduler.on_refused = refused.append
    with scheduler.run("a"), pytest.raises(BusyError), scheduler.run("a"):
        pass
    assert refused == ["queries of one client"]
    assert scheduler.waiting == 0


def test_where_nothing_reports_slow_requests_each_counts_as_one(simulation: Simulation) -> None:
    """As for queries to another server: two of each client, three in all, or the first of one."""
    scheduler = simulation.scheduler(per_client=2, concurrent=3, always_slow=True)
    admitted = [
        [ticket.admitted.done() for ticket in entered(scheduler, client, 3)] for client in "abcd"
    ]
    assert admitted == [
        [True, True, False],
        [True, False, False],
        [True, False, False],
        [True, False, False],
    ]


def test_the_client_that_used_least_has_the_next_turn(simulation: Simulation) -> None:
    scheduler = simulation.scheduler(places=9)
    turns = ProcessorTurns(1)
    heavy, light = scheduler.enter("heavy"), scheduler.enter("light")
    heavy.spend(2)
    light.spend(1)
    order: list[str] = []

    def take(name: str, ticket: Ticket) -> None:
        assert turns.take(ticket, 20)
        order.append(name)
        turns.leave()

    assert turns.take(None, 0)
    with ThreadPoolExecutor(2) as threads:
        threads.submit(take, "heavy", heavy)
        while len(turns._waiting) < 1:
            pass
        threads.submit(take, "light", light)
        while len(turns._waiting) < 2:
            pass
        assert not turns.take(heavy, 0)
        turns.leave()
    assert order == ["light", "heavy"]


def test_requests_of_the_program_have_every_eighth_turn_while_a_client_waits() -> None:
    client = Scheduler().enter("client")
    turns = ProcessorTurns(1)
    order: list[str] = []

    def take(name: str, holder: Ticket | None, times: int) -> None:
        for number in range(times):
            assert turns.take(holder, 20, again=number > 0)
            order.append(name)
            while len(turns._waiting) < 1 and len(order) < 20:
                pass
        turns.leave()

    assert turns.take(client, 0)
    with ThreadPoolExecutor(2) as threads:
        threads.submit(take, "program", None, 3)
        while len(turns._waiting) < 1:
            pass
        threads.submit(take, "client", client, 18)
        while len(turns._waiting) < 2:
            pass
        turns.leave()
    assert order == [*["client"] * 7, "program"] * 2 + [*["client"] * 4, "program"]


REQUESTS = st.lists(
    st.tuples(st.floats(0, 2), st.sampled_from("abc"), st.floats(0.001, 0.1)), max_size=60
)


@settings(max_examples=30, deadline=None)
@given(REQUESTS, st.integers(1, 3))
def test_every_request_is_served_and_no_place_is_idle_while_one_waits(
    requests: list[tuple[float, str, float]], places: int
) -> None:
    simulation = Simulation()
    scheduler = simulation.scheduler(places=places, patience=1_000)
    for sent, client, seconds in requests:
        simulation.at(
            sent, lambda client=client, s=seconds: simulation.request(scheduler, client, s)
        )
    while simulation.step():
        assert not scheduler.waiting or scheduler.running[0] >= places
    assert all(outcome.ended is not None for outcome in simulation.outcomes)
    assert not refusals(simulation)
    assert (scheduler.waiting, scheduler.running) == (0, (0, 0))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.01, 0.1), st.integers(4, 20)), min_size=2, max_size=5),
    st.integers(1, 3),
)
def test_clients_that_always_wait_receive_equal_shares(
    clients: list[tuple[float, int]], places: int
) -> None:
    """Whatever their requests take, and over however many connections they send them."""
    simulation = Simulation()
    scheduler = simulation.scheduler(places=places, patience=1_000)
    for number, (seconds, connections) in enumerate(clients):
        simulation.keep_asking(scheduler, str(number), seconds, connections, until=10)
    simulation.run(10)
    used = [
        seconds * sum(outcome.ended is not None for outcome in simulation.of(str(number)))
        for number, (seconds, _) in enumerate(clients)
    ]
    slack = (places + 2) * max(seconds for seconds, _ in clients)
    share = sum(used) / len(used)
    assert all(abs(each - share) <= slack + 0.05 * share for each in used), used


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 5), st.sampled_from("abcdef"), st.sampled_from([0.01, 0.5, 3.0])),
        max_size=60,
    )
)
def test_the_limits_hold_whatever_is_sent(requests: list[tuple[float, str, float]]) -> None:
    """And each request ends: answered, or refused at its deadline."""
    simulation = Simulation()
    scheduler = simulation.scheduler(per_client=2, concurrent=3, patience=2)
    for sent, client, seconds in requests:
        simulation.at(
            sent, lambda client=client, s=seconds: simulation.request(scheduler, client, s)
        )
    while simulation.step():
        quick, slow = scheduler.running
        assert quick <= 2 + 1
        assert slow <= 2 * 3
        of_client = Counter(ticket.client.name for ticket in scheduler._places.slow)
        assert max(of_client.values(), default=0) <= 2
    assert all(outcome.ended is not None for outcome in simulation.outcomes)
    assert (scheduler.waiting, scheduler.running) == (0, (0, 0))
    assert all(ticket.state is State.LEFT for ticket in simulation.tickets)

"""Many requests at once wait for each other, over a real server, instead of being refused."""

from __future__ import annotations

import http.client
import json
import select
import socket
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from prometheus_client.parser import text_string_to_metric_families

from conftest import serving
from hostile import SLOW

ROLES = "SELECT ?r {{ ?r a <https://w3id.org/competency-graph/ontology#Role> }} # {}"
CONNECTIONS, QUERIES = 64, 3


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A server with patience, which runs two slow queries of a client at once."""
    options = ("--patience", "60", "--per-client", "2", "--time-limit", "5")
    with serving(tmp_path_factory.mktemp("patient"), *options) as address:
        url = urllib.parse.urlsplit(address)
        yield str(url.hostname), int(url.port or 0)


def send(
    server: tuple[str, int], *queries: str, client: str = "127.0.0.1"
) -> list[tuple[int, bytes]]:
    """The status and body of each answer, over one connection."""
    connection = http.client.HTTPConnection(*server, timeout=90, source_address=(client, 0))
    headers = {
        "Content-Type": "application/sparql-query",
        "Accept": "application/sparql-results+json",
    }
    replies = []
    for query in queries:
        connection.request("POST", "/sparql", query.encode(), headers)
        reply = connection.getresponse()
        replies.append((reply.status, reply.read()))
    connection.close()
    return replies


def metrics(server: tuple[str, int]) -> dict[str, float]:
    connection = http.client.HTTPConnection(*server, timeout=20)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    return {
        sample.name + "".join(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_no_quick_query_of_one_client_is_refused(patient: tuple[str, int]) -> None:
    queries = [
        [ROLES.format(f"{connection}, {number}") for number in range(QUERIES)]
        for connection in range(CONNECTIONS)
    ]
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        replies = list(threads.map(lambda each: send(patient, *each), queries))
    for status, body in (reply for each in replies for reply in each):
        assert status == 200
        assert len(json.loads(body)["results"]["bindings"]) == 6
    counted = metrics(patient)
    assert counted["competency_queue_seconds_count"] == CONNECTIONS * QUERIES
    assert counted["competency_queries_waiting"] == 0
    assert counted["competency_queries_runningquick"] == 0


def test_quick_queries_do_not_wait_for_slow_ones(patient: tuple[str, int]) -> None:
    """Neither those of other clients nor those of the same one, which runs as many as it may."""
    with ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(patient)) for _ in range(2)]
        for connection in slow:
            query = urllib.parse.urlencode({"query": SLOW["cartesian product"]})
            connection.sendall(f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        for client in ("127.0.0.1", "127.0.0.2"):
            [(status, _)] = send(patient, ROLES.format(client), client=client)
            assert status == 200
        assert not select.select(slow, [], [], 0)[0], "a slow query is answered already"

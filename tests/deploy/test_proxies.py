"""nginx and Caddy, configured as in deploy/, before three servers: what a client notices of them."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from conftest import ROOT
from proxies import FILES, proxy
from replicas import Clients, Replica, replicas, usual_requests

SMALLEST = ROOT / "tests" / "dictionaries" / "pass" / "smallest.ttl"
ROLES = "SELECT ?l { ?r a <https://w3id.org/competency-graph/ontology#Role> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"
MANY = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 300"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Replica]]:
    """Three servers, of which a test may stop some but not leave them so."""
    options = ("--data", SMALLEST, "--drain", "1", "--answer-limit", "1")
    with replicas(tmp_path_factory.mktemp("servers"), 3, *options) as found:
        yield found


@pytest.fixture(scope="module", params=FILES)
def address(
    request: pytest.FixtureRequest,
    servers: list[Replica],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("proxy") / request.param
    with proxy(request.param, folder, [server.port for server in servers]) as found:
        yield found


def test_nothing_is_lost_when_a_server_is_killed_or_stopped(
    address: str, servers: list[Replica]
) -> None:
    with Clients(address, usual_requests("Baker"), 6) as clients:
        clients.go_on(50)
        servers[0].kill()
        clients.go_on(100)
        servers[0].start()
        servers[1].stop()
        clients.go_on(100)
        servers[1].start()
        clients.go_on(50)
    assert not clients.lost


@pytest.mark.parametrize(
    ("name", "retries"), [("nginx", "proxy_next_upstream "), ("caddy", "lb_retries|health_")]
)
def test_a_proxy_that_does_not_ask_again_loses_requests(
    servers: list[Replica], tmp_path: Path, name: str, retries: str
) -> None:
    ports = [server.port for server in servers]
    with (
        proxy(name, tmp_path / name, ports, without=retries) as address,
        Clients(address, usual_requests("Baker"), 6) as clients,
    ):
        clients.go_on(50)
        servers[0].kill()
        clients.go_on(200)
    servers[0].start()
    assert clients.lost


def test_clients_are_told_apart_by_what_the_proxy_says_and_not_by_what_they_say(
    address: str, servers: list[Replica]
) -> None:
    transport = httpx.HTTPTransport(local_address="127.0.4.1")
    with httpx.Client(transport=transport, trust_env=False) as client:
        headers = {"X-Forwarded-For": "203.0.113.7", "X-Request-ID": "forged"}
        reply = client.get(f"{address}/health", headers=headers)
    assert reply.headers["X-Request-ID"] == "forged"
    lines = [json.loads(line) for server in servers for line in server.log().splitlines()]
    assert {line["client"] for line in lines if line.get("id") == "forged"} == {"127.0.4.1"}


def ask(address: str, query: str, **headers: str) -> httpx.Response:
    return httpx.get(
        f"{address}/sparql", params={"query": query}, headers=headers, trust_env=False, timeout=60
    )


def test_relative_iris_are_those_of_the_proxy(address: str) -> None:
    found = ask(address, "SELECT (STR(<s>) AS ?iri) {}", accept="text/csv")
    assert found.text.split() == ["iri", f"{address}/s"]


def test_any_server_confirms_what_another_has_answered(address: str) -> None:
    first = ask(address, ROLES)
    tag = first.headers["ETag"]
    again = [ask(address, ROLES, **{"If-None-Match": tag}) for _ in range(6)]
    assert first.status_code == 200
    assert {(reply.status_code, reply.headers["ETag"]) for reply in again} == {(304, tag)}


def test_answers_are_compressed_by_the_servers(address: str) -> None:
    plain = ask(address, MANY, **{"Accept-Encoding": "identity"})
    compressed = ask(address, MANY, **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert compressed.headers["ETag"] == plain.headers["ETag"]
    assert compressed.json() == plain.json()


def test_long_queries_fit_into_an_address(address: str) -> None:
    found = ask(address, f"{ROLES} # {'/' * 20_000}")
    assert (found.status_code, "Baker" in found.text) == (200, True)


def test_a_body_that_is_too_long_is_refused_in_the_servers_words(address: str) -> None:
    body = b"ASK {} #" + b"x" * 2_000_000
    media_type = {"Content-Type": "application/sparql-query"}
    found = httpx.post(f"{address}/sparql", content=body, headers=media_type, trust_env=False)
    assert (found.status_code, found.json()["limit"]) == (413, "body")


def test_rows_arrive_before_the_answer_is_complete_and_its_end_is_not_feigned(
    address: str,
) -> None:
    """Of an answer longer than --answer-limit, a client gets the beginning, and knows it is no more."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    connection.request("POST", "/sparql", LONG, {"Content-Type": "application/sparql-query"})
    reply = connection.getresponse()
    beginning = reply.read(10_000)
    with pytest.raises(http.client.IncompleteRead):
        reply.read()
    assert reply.status == 200
    assert b'"bindings"' in beginning
    connection.close()


def test_metrics_are_not_for_everybody(address: str, servers: list[Replica]) -> None:
    assert httpx.get(f"{address}/metrics", trust_env=False).status_code == 404
    direct = httpx.get(f"http://127.0.0.1:{servers[0].port}/metrics", trust_env=False)
    assert "competency_requests_total" in direct.text

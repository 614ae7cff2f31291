"""How fast search answers at the size of the published dictionary, and at 100 times its size.

`python bench/searching.py` serves both sizes and asks each for pages, JSON and suggestions, over a
connection that is kept open and past the cache of responses. Next to it stands a text search in
plain SPARQL (`CONTAINS`) by the same server, and by rdflib at the small size. The large dictionary
consists of copies of the published one: in each, words stand in for others of similar frequency,
and a fiftieth of the words are new, so that the vocabulary grows with the texts.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from competency_graph import Dictionary
from competency_graph.rdf.vocabulary import BASE
from sparql_servers import free_port

BIN = Path(sys.executable).parent
OWN = BASE + "sales"
WORD = re.compile(r"[A-Za-z]{3,}")
TEXTS = [
    "forecst tools", "customer", "negotiation", "sales", "K090", "recruitment consultant",
    "customr relationsip", "account planing", "coaching for results", "market research methods",
    "proposal", "buying process", "product knowledge", "lead qualification", "zzzzzz",
]  # fmt: skip
CONTAINS = """\
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?entry ?label WHERE {
  VALUES ?property { skos:prefLabel skos:altLabel skos:definition skos:example skos:notation }
  ?entry ?property ?value ; skos:prefLabel ?label .
  FILTER(CONTAINS(LCASE(STR(?value)), "%s"))
} LIMIT 200"""
PRINTED = "{:<44}{:>9.2f} ms{:>9.2f} ms{:>7.1f} x"


def copies(number: int) -> Iterator[ox.Quad]:
    """The statements of the published dictionary, then of its copies."""
    published = [
        quad for quad in Dictionary().quads() if not isinstance(quad.subject, ox.BlankNode)
    ]
    counts = Counter(
        word.lower()
        for quad in published
        if isinstance(quad.object, ox.Literal)
        for word in WORD.findall(quad.object.value)
    )
    by_frequency = [word for word, _ in counts.most_common()]
    chance = random.Random(29)
    for copy in range(number):
        words: dict[str, str] = {}
        for start in range(0, len(by_frequency) if copy else 0, 40):
            band = by_frequency[start : start + 40]
            others = chance.sample(band, len(band))
            new = {w: w[:-2] + "".join(chance.choices("aeioulnrst", k=3)) for w in band}
            words |= {
                word: new[word] if chance.random() < 0.02 else other
                for word, other in zip(band, others, strict=True)
            }
        for quad in published:
            if not copy:
                yield quad
            elif isinstance(quad.subject, ox.NamedNode) and OWN in quad.subject.value:
                yield _copied(quad, copy, words)


def _copied(quad: ox.Quad, copy: int, words: dict[str, str]) -> ox.Quad:
    """A statement about an entry of the published dictionary, made about its copy."""

    def moved(term: ox.NamedNode) -> ox.NamedNode:
        local = term.value.removeprefix(OWN)
        return term if local == term.value else ox.NamedNode(f"{BASE}copy{copy}{local}")

    subject, value = moved(quad.subject), quad.object
    if isinstance(value, ox.NamedNode):
        value = moved(value)
    elif isinstance(value, ox.Literal) and value.language:
        text = WORD.sub(lambda found: words.get(found[0].lower(), found[0]), value.value)
        value = ox.Literal(text, language=value.language)
    return ox.Quad(subject, quad.predicate, value, quad.graph_name)


@contextlib.contextmanager
def served(data: Path) -> Iterator[tuple[http.client.HTTPConnection, float, float]]:
    """A server of a file: a connection, and the seconds from when the data is loaded.

    Those are seconds until the page of an entry is there, and until search answers.
    """
    port = free_port()
    process = subprocess.Popen(
        [
            BIN / "competency", "serve", "--port", str(port), "--log", "off", "--data", data,
            "--as-is", "--no-inference", "--time-limit", "30",
        ],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    try:
        while True:
            with contextlib.suppress(ConnectionError):
                ask(connection, "/health")
                break
            connection.close()
            if process.poll() is not None:
                raise RuntimeError("the server did not start")
            time.sleep(0.02)
        since = time.perf_counter()
        ask(connection, "/sales/role/analyst.html", "text/html")
        first = time.perf_counter() - since
        while ask(connection, "/search?q=first") == 503:
            time.sleep(0.05)
        yield connection, first, time.perf_counter() - since
    finally:
        process.terminate()
        process.wait(60)


def ask(connection: http.client.HTTPConnection, path: str, accept: str = "*/*") -> int:
    # An If-None-Match header leads past the cache of responses.
    connection.request("GET", path, headers={"Accept": accept, "If-None-Match": '"none"'})
    reply = connection.getresponse()
    reply.read()
    return reply.status


def milliseconds(connection: http.client.HTTPConnection, rounds: int) -> dict[str, list[float]]:
    """The durations of each sort of request, for each text."""
    kinds = {
        "page": ("/search?", {}, "text/html"),
        "JSON, to 200 entries": ("/search?", {"format": "json"}, "*/*"),
        "suggestions": ("/search?", {"format": "suggestions"}, "*/*"),
        "SPARQL with CONTAINS, this server": ("/sparql?", {}, "application/sparql-results+json"),
    }
    found = {}
    for kind, (path, parameters, accept) in kinds.items():
        found[kind] = []
        for text in TEXTS:
            name, value = ("query", CONTAINS % text.lower()) if "sparql" in path else ("q", text)
            address = path + urllib.parse.urlencode({name: value} | parameters)
            durations = []
            for _ in range(rounds):
                since = time.perf_counter()
                assert ask(connection, address, accept) == 200, address
                durations.append((time.perf_counter() - since) * 1e3)
            found[kind].append(statistics.median(durations))
    return found


def rdflib_milliseconds(data: Path) -> float:
    """The median of the same query by rdflib in this process."""
    import rdflib

    graph = rdflib.Dataset(default_union=True)
    graph.parse(data, format="nquads")
    durations = []
    for text in TEXTS[:5]:
        since = time.perf_counter()
        list(graph.query(CONTAINS % text.lower()))
        durations.append((time.perf_counter() - since) * 1e3)
    return statistics.median(durations)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100, help="the size of the large dictionary")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for times in (1, options.times):
            data = Path(folder) / f"{times}.nq"
            with data.open("wb") as file:
                ox.serialize(copies(times), file, format=ox.RdfFormat.N_QUADS)
            with served(data) as (connection, first, ready):
                print(
                    f"{times} x: first page after {first:.2f} s, search after {ready:.2f} s",
                    flush=True,
                )
                results.append(milliseconds(connection, options.rounds))
        print(
            f"\n{'median of ' + str(len(TEXTS)) + ' texts':<44}{'1 x':>12}"
            f"{options.times:>10} x{'ratio':>9}"
        )
        for kind in results[0]:
            small, large = (statistics.median(result[kind]) for result in results)
            print(PRINTED.format(kind, small, large, large / small))
            small, large = (max(result[kind]) for result in results)
            print(PRINTED.format("  the slowest text", small, large, large / small))
        print(
            f"rdflib, the same SPARQL at 1 x:{rdflib_milliseconds(Path(folder) / '1.nq'):>22.2f} ms"
        )


if __name__ == "__main__":
    main()

"""How fast the pages are, beside Datasette serving the same tables, in the same run.

Each page is requested with an Accept header that no cache has seen. The peer is Datasette over an
SQLite file with the entries and their relations, which it shows as tables. A ratio above 1 means
that this service is so many times as fast.

    python bench/pages.py [--rounds N]
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from competency_graph import Dictionary, evaluate
from competency_graph.rdf.short_names import shorten
from conftest import first_match
from sparql_servers import free_port

BIN = Path(sys.executable).parent
PAGES = {
    "/": "/dictionary",
    "/matrix": "/dictionary/relations?property__exact=cg:coversArea&_size=100",
    "/sales/role/analyst.html": "/dictionary/relations?subject__exact=role:analyst&_size=100",
    "/sales/area/setting-sales-strategy.html": (
        "/dictionary/relations?subject__exact=area:setting-sales-strategy&_size=100"
    ),
    "/sales/knowledge/cold-calling-sales-techniques.html": (
        "/dictionary/relations?object__exact=knowledge:cold-calling-sales-techniques&_size=100"
    ),
    "/entries/knowledge": "/dictionary/entries?kind__exact=cg:Knowledge&_size=100",
    "/search?q=forecast": "/dictionary/entries?_search=forecast&_size=100",
    "/queries/role-knowledge": "/dictionary/relations?property__exact=cg:requires&_size=100",
    "/compare?kind=role&entry=R1&entry=R5": (
        "/dictionary/relations?subject__in=role:consultant,role:analyst&_size=100"
    ),
    "/links?format=html": "/dictionary/relations?_size=200",
    "/ontology?format=html": "/dictionary/relations?_size=100",
}
"""Our pages, each with the peer's page that shows the same or as many rows."""
ENTRIES = """\
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?entry ?kind ?code ?label ?definition {
  ?entry a ?kind ; skos:notation ?code ; skos:prefLabel ?label .
  FILTER(STRSTARTS(STR(?kind), "https://w3id.org/competency-graph/ontology#"))
  OPTIONAL { ?entry skos:definition ?definition }
}"""
RELATIONS = """\
SELECT ?subject ?property ?object {
  ?subject ?property ?object
  FILTER(STRSTARTS(STR(?property), "https://w3id.org/competency-graph/ontology#") && isIRI(?object))
}"""


def tables(path: Path) -> None:
    """Write the entries and their relations to an SQLite file, with the indexes they need."""
    store = Dictionary().store
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE entries (entry, kind, code, label, definition)")
        database.execute("CREATE TABLE relations (subject, property, object)")
        for table, query, columns in (("entries", ENTRIES, 5), ("relations", RELATIONS, 3)):
            rows = ([shorten(term) for term in row] for row in evaluate(store, query).rows())
            marks = ", ".join("?" * columns)
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        for column in ("subject", "property", "object"):
            database.execute(f"CREATE INDEX by_{column} ON relations ({column})")
        database.execute("CREATE INDEX by_kind ON entries (kind)")
        database.execute(
            "CREATE VIRTUAL TABLE entries_fts USING fts5(label, definition, content='entries')"
        )
        database.execute("INSERT INTO entries_fts (entries_fts) VALUES ('rebuild')")
        database.commit()


@contextmanager
def ours() -> Iterator[int]:
    """The port of this service."""
    command = [BIN / "competency", "serve", "--port", "0", "--log", "off"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(first_match(r"http://[\d.]+:(\d+)", process.stdout))
        process.terminate()


@contextmanager
def theirs(path: Path) -> Iterator[int]:
    """The port of Datasette."""
    port = free_port()
    command = [BIN / "datasette", "serve", path, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(200):
            with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
                try:
                    connection.request("GET", "/")
                    break
                except OSError:
                    time.sleep(0.05)
        yield port
        process.terminate()


FRESH = itertools.count()


def milliseconds(port: int, address: str, rounds: int) -> tuple[float, int]:
    """The median time of a page, and its size in bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times, size = [], 0
    for _ in range(rounds + 2):
        accept = f"text/html, x-never-asked/{next(FRESH)}"
        since = time.perf_counter()
        connection.request("GET", address, headers={"Accept": accept})
        reply = connection.getresponse()
        size = len(reply.read())
        assert reply.status == 200, (address, reply.status)
        times.append(1000 * (time.perf_counter() - since))
    connection.close()
    return statistics.median(times[2:]), size


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dictionary.db"
        tables(path)
        with ours() as port, theirs(path) as other:
            print(f"{'page':54} {'ms':>7} {'kB':>6} {'Datasette ms':>13} {'ratio':>6}")
            for page, peer in PAGES.items():
                time_, size = milliseconds(port, page, rounds)
                theirs_, _ = milliseconds(other, peer, rounds)
                print(
                    f"{page:54} {time_:7.1f} {size / 1000:6.1f} {theirs_:13.1f} "
                    f"{theirs_ / time_:6.2f}"
                )


if __name__ == "__main__":
    main()

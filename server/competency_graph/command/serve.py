"""``competency serve``."""

from __future__ import annotations

import click

from competency_graph.command.options import dictionary_option
from competency_graph.dictionary import Dictionary


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--workers",
    default=8,
    show_default=True,
    type=click.IntRange(2, 256),
    help="Processes that answer; three in four of them run queries at a time.",
)
@click.option(
    "--per-client",
    default=4,
    show_default=True,
    type=click.IntRange(1, 256),
    help="Queries that one client may run at once.",
)
@click.option(
    "--time-limit",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0.1, 3600),
    help="Seconds that a query may take.",
)
@click.option(
    "--memory-limit",
    default=1024,
    show_default=True,
    type=click.IntRange(16, 1_000_000),
    help="MiB that a query may need.",
)
@click.option(
    "--answer-limit",
    default=256,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="MiB that an answer may have.",
)
@dictionary_option
def command(
    host: str, port: int, workers: int, per_client: int, time_limit: float, memory_limit: int,
    answer_limit: int, dictionary: Dictionary,
) -> None:  # fmt: skip
    """Serve a dictionary: SPARQL endpoint and pages."""
    from competency_graph.isolation import Limits
    from competency_graph.slots import Slots
    from competency_graph.web.app import create_app
    from competency_graph.web.server import listen, run

    limits = Limits(time_limit, memory_limit * 1024**2, answer_limit * 1024**2)
    slots = Slots(workers, per_client, max(workers * 3 // 4, 1))
    app = create_app(dictionary, limits=limits, slots=slots)
    listener = listen(host, port)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listener.getsockname()[1]}"
    click.echo(f"Serving the dictionary at {address}/ (Ctrl-C stops it). Try:\n")
    click.echo(_example(address))
    run(app, listener, slots)


def _example(address: str) -> str:
    return (
        f"curl -s -H 'Accept: text/csv' {address}/sparql --data-urlencode query='\n"
        "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        "SELECT ?role (COUNT(DISTINCT ?knowledge) AS ?mustKnow) WHERE {\n"
        "  ?r a cg:Role ; skos:prefLabel ?role ; cg:requires ?knowledge .\n"
        "  ?knowledge a cg:Knowledge\n"
        "} GROUP BY ?role ORDER BY DESC(?mustKnow)'\n"
    )

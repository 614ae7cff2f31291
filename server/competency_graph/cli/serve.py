"""``competency serve``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from competency_graph.cli.options import also_option, dictionary_option
from competency_graph.dictionary.model import Dictionary


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
@click.option(
    "--query-limit",
    default=100_000,
    show_default=True,
    type=click.IntRange(100, 10_000_000),
    help="Characters that a query may have.",
)
@click.option(
    "--body-limit",
    default=1,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="MB that the body of a request may have.",
)
@click.option(
    "--concurrent",
    default=8,
    show_default=True,
    type=click.IntRange(1, 256),
    help="Queries that may run at once.",
)
@click.option(
    "--per-client",
    default=4,
    show_default=True,
    type=click.IntRange(1, 256),
    help="Queries that one client may run at once.",
)
@click.option(
    "--connections-per-client",
    default=64,
    show_default=True,
    type=click.IntRange(1, 2000),
    help="Connections that one client may hold.",
)
@click.option(
    "--trusted-proxy",
    metavar="ADDRESS",
    help="Address of the proxy in front, whose X-Forwarded-For tells the clients apart.",
)
@click.option("--watch", is_flag=True, help="Load anew when a file of the dictionary changes.")
@click.option(
    "--log",
    "form",
    type=click.Choice(["json", "text", "off"]),
    help="Form of the log, on standard error.  [default: text on a terminal, else json]",
)
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    help="Serve the store in this folder, made by “competency publish”, instead of files.",
)
@click.option(
    "--endpoint",
    metavar="URL",
    help="Serve what a SPARQL 1.1 server elsewhere holds, instead of files.",
)
@also_option
@dictionary_option
def command(
    host: str, port: int, time_limit: float, memory_limit: int, answer_limit: int,
    query_limit: int, body_limit: int, concurrent: int, per_client: int,
    connections_per_client: int, trusted_proxy: str | None, watch: bool, form: str | None,
    store: Path | None, endpoint: str | None, dictionary: Dictionary,
) -> None:  # fmt: skip
    """Serve a dictionary: SPARQL endpoint and pages.

    SIGHUP loads it anew; where that fails, the version before goes on. SIGTERM stops.
    """
    from competency_graph.engines import remote
    from competency_graph.sandbox.admission import Admission
    from competency_graph.sandbox.fork_server import Limits
    from competency_graph.web import backends, logs
    from competency_graph.web.server import listen, run

    if store and endpoint:
        raise click.UsageError("--store and --endpoint: serve one or the other")
    if endpoint is not None:
        remote.address(endpoint)
    logs.configure(form or ("text" if sys.stderr.isatty() else "json"))
    limits = Limits(
        time_limit,
        memory_limit * 1024**2,
        answer_limit * 1024**2,
        query_limit,
        body_limit * 1_000_000,
    )

    def load() -> backends.Served:
        slots = Admission(per_client, concurrent)
        if store:
            return backends.of_store(store, limits, slots)
        if endpoint is not None:
            return backends.of_endpoint(endpoint, limits, slots)
        return backends.of_dictionary(dictionary.reloaded(), limits, slots)

    listener = listen(host, port)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listener.getsockname()[1]}"
    watched = dictionary.watched if watch else []

    def ready() -> None:
        click.echo(f"Serving the dictionary at {address}/ (Ctrl-C stops it). Try:\n")
        click.echo(_example(address))

    run(load, listener, ready, limits, watched, connections_per_client, trusted_proxy)


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

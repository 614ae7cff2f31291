"""``competency serve``."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import click

from competency_graph.cli.options import (
    check_elsewhere,
    dictionary_option,
    elsewhere_options,
    limit_options,
    with_option,
)
from competency_graph.dictionary.model import Dictionary

_SERVER = ("competency_graph.web.parts", "competency_graph.web.server.arbiter")
"""What serves the data, and takes as long to import as the data takes to load."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes a free one.",
)
@limit_options
@click.option(
    "--answer-limit",
    default=256,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="Maximum size of an answer, in MiB.",
)
@click.option(
    "--query-limit",
    default=100_000,
    show_default=True,
    type=click.IntRange(100, 10_000_000),
    help="Maximum length of a query, in characters.",
)
@click.option(
    "--body-limit",
    default=1,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Maximum size of a request body, in MB.",
)
@click.option(
    "--concurrent",
    default=8,
    show_default=True,
    type=click.IntRange(1, 256),
    help="Maximum number of slow queries (over 0.1 s) that run at once.",
)
@click.option(
    "--per-client",
    default=4,
    show_default=True,
    type=click.IntRange(1, 256),
    help="Maximum number of slow queries that one client runs at once; further ones wait.",
)
@click.option(
    "--patience",
    default=5.0,
    show_default=True,
    type=click.FloatRange(0, 600),
    help="Seconds that a query waits for others before it is refused.",
)
@click.option(
    "--connections-per-client",
    default=512,
    show_default=True,
    type=click.IntRange(1, 2000),
    help="Maximum number of connections of one client.",
)
@click.option(
    "--trusted-proxy",
    metavar="ADDRESS",
    help="Address of the reverse proxy whose X-Forwarded-For header identifies the clients; * for "
    "any, if only proxies can reach the server.",
)
@click.option(
    "--drain",
    default=0,
    show_default=True,
    type=click.IntRange(0, 3600),
    metavar="SECONDS",
    help="After SIGTERM, serve for so long while /ready returns 503.",
)
@click.option("--watch", is_flag=True, help="Reload when a file of the dictionary changes.")
@click.option(
    "--log",
    "log_format",
    type=click.Choice(["json", "text", "off"]),
    help="Format of the log on standard error.  [default: text on a terminal, else json]",
)
@elsewhere_options
@click.option(
    "--endpoint-freshness",
    default=5.0,
    show_default=True,
    type=click.FloatRange(0, 86_400),
    metavar="SECONDS",
    help="How old an answer of --endpoint may be when it is given again; 0 to always ask.",
)
@click.option(
    "--archive",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="The released versions, made by “competency release”.  [default: the folder versions of "
    "the dictionary]",
)
@with_option
@dictionary_option
def command(
    host: str, port: int, time_limit: float, memory_limit: int, answer_limit: int,
    query_limit: int, body_limit: int, concurrent: int, per_client: int, patience: float,
    connections_per_client: int, trusted_proxy: str | None, drain: int, watch: bool,
    log_format: str | None, store: Path | None, endpoint: str | None, endpoint_freshness: float,
    archive: Path | None, dictionary: Dictionary,
) -> None:  # fmt: skip
    """Serve a dictionary: SPARQL endpoint and web pages.

    SIGHUP reloads it; if that fails, the previous version is still served. SIGTERM stops the
    server, after the seconds of --drain; a second one at once.
    """
    from competency_graph.web.server.allocator import restart_with_tcmalloc

    restart_with_tcmalloc()

    from competency_graph.sandbox.request import Limits
    from competency_graph.sandbox.scheduler import Scheduler
    from competency_graph.web import backends
    from competency_graph.web.server.listening import listen

    check_elsewhere(store, endpoint)
    limits = Limits(
        time_limit,
        memory_limit * 1024**2,
        answer_limit * 1024**2,
        query_limit,
        body_limit * 1_000_000,
    )

    def load(dictionary: Dictionary) -> backends.LoadedData:
        scheduler = Scheduler(per_client, concurrent, patience, always_slow=endpoint is not None)
        if store:
            return backends.load_store(store, limits, scheduler)
        if endpoint is not None:
            return backends.load_endpoint(endpoint, limits, scheduler, endpoint_freshness)
        return backends.load_dictionary(dictionary, limits, scheduler, archive)

    listener = listen(host, port)
    with ThreadPoolExecutor(1) as others:  # which has ended before processes are forked
        for module in _SERVER:
            others.submit(import_module, module)
        if not store and endpoint is None:
            dictionary.store  # noqa: B018  (the engine parses it, and lets Python go on meanwhile)
    from competency_graph.web.monitoring import logs
    from competency_graph.web.server.arbiter import run

    logs.configure(log_format or ("text" if sys.stderr.isatty() else "json"))
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listener.getsockname()[1]}"
    watched = dictionary.watched if watch else []

    def ready() -> None:
        click.echo(f"Serving the dictionary at {address}/ (Ctrl-C stops it). Try:\n")
        click.echo(_example_request(address))

    def reload() -> backends.LoadedData:
        import_module("competency_graph.web.app")  # while the previous data is still served
        return load(dictionary.reloaded())

    run(
        load(dictionary), reload, listener, ready, limits, watched, connections_per_client,
        trusted_proxy, drain,
    )  # fmt: skip


def _example_request(address: str) -> str:
    return (
        f"curl -s -H 'Accept: text/csv' {address}/sparql --data-urlencode query='\n"
        "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        "SELECT ?role (COUNT(DISTINCT ?knowledge) AS ?mustKnow) WHERE {\n"
        "  ?r a cg:Role ; skos:prefLabel ?role ; cg:requires ?knowledge .\n"
        "  ?knowledge a cg:Knowledge\n"
        "} GROUP BY ?role ORDER BY DESC(?mustKnow)'\n"
    )

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
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that answer.",
)
@dictionary_option
def command(host: str, port: int, workers: int, dictionary: Dictionary) -> None:  # fmt: skip
    """Serve a dictionary: SPARQL endpoint and pages."""
    from competency_graph.web.app import create_app
    from competency_graph.web.server import listen, run

    app = create_app(dictionary)
    listener = listen(host, port)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listener.getsockname()[1]}"
    click.echo(f"Serving the dictionary at {address}/ (Ctrl-C stops it). Try:\n")
    click.echo(_example(address))
    run(app, listener, workers)


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

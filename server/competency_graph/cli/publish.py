"""``competency publish``."""

from __future__ import annotations

import os
from pathlib import Path

import click
import httpx

from competency_graph.cli.options import dictionary_option, with_option
from competency_graph.dictionary.model import Dictionary
from competency_graph.engines.publishing import to_endpoint, to_store


@click.command()
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    help="Create a store in this folder, for “competency serve --store”.",
)
@click.option(
    "--endpoint",
    metavar="URL",
    help="Send to the Graph Store address of a server (SPARQL 1.1 Graph Store HTTP Protocol).",
)
@click.option("--user", help="User name; the password is read from COMPETENCY_PASSWORD.")
@click.option("--digest", is_flag=True, help="Use HTTP Digest authentication instead of Basic.")
@with_option
@dictionary_option
def command(
    store: Path | None,
    endpoint: str | None,
    user: str | None,
    digest: bool,
    dictionary: Dictionary,
) -> None:
    """Publish a dictionary and its inferences to a store on disk or a SPARQL server."""
    if (store is None) == (endpoint is None):
        raise click.UsageError("name one destination: --store FOLDER or --endpoint URL")
    if store is not None:
        click.echo(f"{to_store(dictionary, store):,} statements in {store}")
        return
    auth_class = httpx.DigestAuth if digest else httpx.BasicAuth
    auth = auth_class(user, os.environ.get("COMPETENCY_PASSWORD", "")) if user else None
    click.echo(f"{to_endpoint(dictionary, str(endpoint), auth):,} statements sent to {endpoint}")

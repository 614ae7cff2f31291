"""``competency publish``."""

from __future__ import annotations

import os
from pathlib import Path

import click
import httpx

from competency_graph.cli.options import also_option, dictionary_option
from competency_graph.dictionary.model import Dictionary
from competency_graph.engines.publishing import to_endpoint, to_store


@click.command()
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    help="Make a store in this folder, for “competency serve --store”.",
)
@click.option(
    "--endpoint",
    metavar="URL",
    help="Send it to a server's Graph Store address (SPARQL 1.1 Graph Store HTTP Protocol).",
)
@click.option("--user", help="Who sends it; the password is read from COMPETENCY_PASSWORD.")
@click.option("--digest", is_flag=True, help="Send the password by HTTP Digest, not Basic.")
@also_option
@dictionary_option
def command(
    store: Path | None,
    endpoint: str | None,
    user: str | None,
    digest: bool,
    dictionary: Dictionary,
) -> None:
    """Put a dictionary, and what follows from it, where larger ones are served from."""
    if (store is None) == (endpoint is None):
        raise click.UsageError("name one place: --store FOLDER or --endpoint URL")
    if store is not None:
        click.echo(f"{to_store(dictionary, store):,} statements in {store}")
        return
    kind = httpx.DigestAuth if digest else httpx.BasicAuth
    auth = kind(user, os.environ.get("COMPETENCY_PASSWORD", "")) if user else None
    click.echo(f"{to_endpoint(dictionary, str(endpoint), auth):,} statements sent to {endpoint}")

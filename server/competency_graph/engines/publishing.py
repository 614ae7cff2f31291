"""Putting a dictionary where larger ones are served from: a store on disk, or another server."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import httpx
import pyoxigraph as ox

from competency_graph.dictionary.model import Dictionary
from competency_graph.engines.remote import address
from competency_graph.errors import UnavailableError, UnreadableInputError
from competency_graph.rdf.atomic_write import replacing_folder
from competency_graph.sparql.evaluator import GRAPHS

_BATCH = 100_000
"""Statements that are put into one text at a time."""


def to_store(dictionary: Dictionary, path: Path) -> int:
    """Make a store of ``dictionary`` in the folder ``path``, in the place of the one there.

    Returns:
        The number of statements.

    Raises:
        UnreadableInputError: a file of the dictionary cannot be read, or ``path`` is something else
            than a store.
        UnavailableError: the folder cannot be written.
    """
    remedy = "Name a folder that you may write, on a disk with room"
    with replacing_folder(path, "store", remedy) as made:
        if path.exists() and not (path / "CURRENT").is_file() and any(_entries(path)):
            raise UnreadableInputError(
                "this is there already, and is no store", "Name another folder", str(path)
            )
        store = ox.Store(str(made))
        store.bulk_extend(dictionary.quads())
        store.optimize()
        count = len(store)
        del store
    return count


def _entries(path: Path) -> Iterator[Path]:
    return path.iterdir() if path.is_dir() else iter([path])


def to_endpoint(dictionary: Dictionary, url: str, auth: httpx.Auth | None = None) -> int:
    """Give ``dictionary`` to a server, each graph in the place of the one there.

    Args:
        dictionary: what to give.
        url: where the server takes graphs (SPARQL 1.1 Graph Store HTTP Protocol, section 4.2).
        auth: who is giving, where the server asks.

    Returns:
        The number of statements.

    Raises:
        BadValueError: ``url`` is no address.
        UnreadableInputError: a file of the dictionary cannot be read.
        UnavailableError: the server cannot be reached, or does not take a graph.
    """
    address(url)
    count = 0
    with httpx.Client(auth=auth, timeout=600, trust_env=False) as client:
        left, given = set(GRAPHS), set[str]()
        for name, quads in groupby(dictionary.quads(), key=_graph):
            method = "POST" if name in given else "PUT"
            given.add(name)
            for content, number in _batches(quads):
                _send(client, method, url, name, content)
                method, count = "POST", count + number
            left.discard(name)
        for name in sorted(left):
            _send(client, "PUT", url, name, b"")
    return count


def _graph(quad: ox.Quad) -> str:
    return str(quad.graph_name).strip("<>")


def _batches(quads: Iterator[ox.Quad]) -> Iterator[tuple[bytes, int]]:
    triples: list[ox.Triple] = []
    for quad in quads:
        triples.append(quad.triple)
        if len(triples) == _BATCH:
            yield _text(triples), len(triples)
            triples.clear()
    if triples:
        yield _text(triples), len(triples)


def _text(triples: list[ox.Triple]) -> bytes:
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE) or b""


def _send(client: httpx.Client, method: str, url: str, name: str, content: bytes) -> None:
    try:
        response = client.request(
            method,
            url,
            params={"graph": name},
            content=content,
            headers={"Content-Type": "text/turtle; charset=utf-8"},
        )
    except httpx.HTTPError as error:
        raise UnavailableError(
            f"the server cannot be reached ({type(error).__name__})",
            "Check its address, and that it runs",
            url,
        ) from None
    if not response.is_success:
        raise UnavailableError(
            f"the server answered {response.status_code} to {method} of <{name}>: "
            f"{response.text.strip()[:200]}",
            "Check that this is its Graph Store address, and that you may write there "
            "(--user, and the password in COMPETENCY_PASSWORD)",
            url,
        )

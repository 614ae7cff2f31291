"""Publishing a dictionary to a store on disk or to another server."""

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

_BATCH_SIZE = 100_000
"""The number of statements sent in one request."""


def to_store(dictionary: Dictionary, path: Path) -> int:
    """Write ``dictionary`` to a store in the folder ``path``, replacing an existing one.

    Returns:
        The number of statements.

    Raises:
        UnreadableInputError: a file of the dictionary cannot be read, or ``path`` exists and is not
            a store.
        UnavailableError: the folder cannot be written.
    """
    remedy = "Give a folder that you may write to, on a disk with free space"
    with replacing_folder(path, "store", remedy) as folder:
        if path.exists() and not (path / "CURRENT").is_file() and any(_folder_entries(path)):
            raise UnreadableInputError(
                "this exists already and is not a store", "Name another folder", str(path)
            )
        store = ox.Store(str(folder))
        store.bulk_extend(dictionary.quads())
        store.optimize()
        count = len(store)
        del store
    return count


def _folder_entries(path: Path) -> Iterator[Path]:
    return path.iterdir() if path.is_dir() else iter([path])


def to_endpoint(dictionary: Dictionary, url: str, auth: httpx.Auth | None = None) -> int:
    """Upload ``dictionary`` to a server, replacing each of its graphs there.

    Args:
        dictionary: the dictionary.
        url: the server's graph store (SPARQL 1.1 Graph Store HTTP Protocol, section 4.2).
        auth: the credentials, if the server requires any.

    Returns:
        The number of statements.

    Raises:
        BadValueError: ``url`` is not a valid address.
        UnreadableInputError: a file of the dictionary cannot be read.
        UnavailableError: the server cannot be reached or rejects a graph.
    """
    address(url)
    count = 0
    with httpx.Client(auth=auth, timeout=600, trust_env=False) as client:
        remaining, sent = set(GRAPHS), set[str]()
        for name, quads in groupby(dictionary.quads(), key=_graph_name):
            method = "POST" if name in sent else "PUT"
            sent.add(name)
            for content, number in _batches(quads):
                _send(client, method, url, name, content)
                method, count = "POST", count + number
            remaining.discard(name)
        for name in sorted(remaining):
            _send(client, "PUT", url, name, b"")
    return count


def _graph_name(quad: ox.Quad) -> str:
    return str(quad.graph_name).strip("<>")


def _batches(quads: Iterator[ox.Quad]) -> Iterator[tuple[bytes, int]]:
    triples: list[ox.Triple] = []
    for quad in quads:
        triples.append(quad.triple)
        if len(triples) == _BATCH_SIZE:
            yield _turtle(triples), len(triples)
            triples.clear()
    if triples:
        yield _turtle(triples), len(triples)


def _turtle(triples: list[ox.Triple]) -> bytes:
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
            "Check its address, and that it is running",
            url,
        ) from None
    if not response.is_success:
        raise UnavailableError(
            f"the server answered {response.status_code} to {method} of <{name}>: "
            f"{response.text.strip()[:200]}",
            "Check that this is its Graph Store address, and that you may write to it "
            "(--user, and the password in COMPETENCY_PASSWORD)",
            url,
        )

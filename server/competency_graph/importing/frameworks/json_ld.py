"""JSON-LD as statements, without fetching anything: contexts come from the file or from here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import pyoxigraph as ox

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.downloads import File
from competency_graph.importing.frameworks.contexts import KNOWN_NAMES, context_at
from competency_graph.importing.frameworks.json_files import Object
from competency_graph.importing.frameworks.json_stream import members
from competency_graph.rdf.parsing import syntax_fault, too_long

_BATCH: Final = 500
"""The nodes that are converted at a time, so that a large graph needs little memory."""
_CONTEXT, _GRAPH = "@context", "@graph"
_MAX_CONTEXTS: Final = 100
"""The maximum number of contexts in one list."""
Statements = Callable[[], Iterator[ox.Quad]]
"""Reads statements; it can be called again."""


def has_graph(file: File) -> bool:
    """Whether a file is an object with an array under ``@graph``.

    Raises:
        UnreadableInputError: it is not JSON before that.
        LengthError: a part before that is too long.
    """
    for key, _, text in members(file):
        if not key or key == _GRAPH:
            return key == _GRAPH and not text
    return False


def streamed(file: File, default: object = None) -> Statements:
    """What a JSON-LD file states, read node by node.

    Args:
        file: the file.
        default: the context of a document that has none.
    """

    def read() -> Iterator[ox.Quad]:
        context: Any = default
        own: Object = {}
        started = False

        def nodes() -> Iterator[str]:
            nonlocal context, started
            for key, value, text in members(file):
                if key == _CONTEXT:
                    if started:
                        raise UnreadableInputError(
                            "the JSON-LD context comes after the graph",
                            "Move “@context” to the beginning of the file",
                            file.where,
                        )
                    context = resolved(value, file.where)
                elif key == _GRAPH and not text:
                    started = True
                elif key:
                    own[key] = value
                else:
                    started = True
                    yield _local(value, text, file.where)

        for batch in _batches(nodes()):
            yield from _parsed(context, batch, file.where)
        if own and not started:
            yield from _parsed(context, [json.dumps(own)], file.where)

    return read


def statements(document: Object, where: str, default: str) -> Statements:
    """What a JSON-LD document states.

    Args:
        document: the document, an object.
        where: the name of its file, for error messages.
        default: the address of the context for a document that names none.

    Raises:
        UnreadableInputError: it refers to a context that is not known; and, by the function, it
            is not JSON-LD.
    """
    context = resolved(document.get(_CONTEXT, default), where)
    nodes = document.get(_GRAPH)
    own = {key: value for key, value in document.items() if key != _CONTEXT}
    listed = nodes if isinstance(nodes, list) else [own]

    def read() -> Iterator[ox.Quad]:
        texts = (_local(node, _dumped(node, where), where) for node in listed)
        for batch in _batches(texts):
            yield from _parsed(context, batch, where)

    return read


def resolved(context: Any, where: str) -> Any:  # noqa: ANN401  (any JSON)
    """A context in which all addresses are replaced by the contexts there.

    Raises:
        UnreadableInputError: the context at an address is not known.
    """
    parts = context if isinstance(context, list) else [context]
    if len(parts) > _MAX_CONTEXTS:
        raise UnreadableInputError(
            f"there are more than {_MAX_CONTEXTS} JSON-LD contexts in one list",
            "Write their terms in one context",
            where,
        )
    found = [_known(part, where) if isinstance(part, str) else part for part in parts]
    if any(isinstance(part, dict) and "@import" in part for part in found):
        raise UnreadableInputError(
            "the JSON-LD context uses “@import”, and nothing is fetched",
            "Write the imported terms in the file",
            where,
        )
    return found[0] if len(found) == 1 else found


def _known(address: str, where: str) -> Mapping[str, object]:
    context = context_at(address)
    if context is None:
        raise UnreadableInputError(
            f"the JSON-LD context at {address[:200]} is not known, and nothing is fetched",
            f"Replace it in the file by the context itself; known without that are {KNOWN_NAMES}",
            where,
        )
    return context


def _local(node: object, text: str, where: str) -> str:
    """The text of a node; if it has a context of its own, with that resolved."""
    if isinstance(node, dict) and _CONTEXT in node:
        return _dumped({**node, _CONTEXT: resolved(node[_CONTEXT], where)}, where)
    return text


def _dumped(node: object, where: str) -> str:
    try:
        return json.dumps(node)
    except RecursionError:
        raise UnreadableInputError(
            "this JSON is nested too deeply", "Check that it is the file you mean", where
        ) from None


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _parsed(context: object, nodes: list[str], where: str) -> Iterator[ox.Quad]:
    start = f'{{"{_CONTEXT}":{json.dumps(context)},' if context else "{"
    text = f'{start}"{_GRAPH}":[{",".join(nodes)}]}}'
    try:
        # Nodes with a label (“_:b1”) keep it, as other parts of the document refer to it.
        yield from ox.parse(text.encode(), format=ox.RdfFormat.JSON_LD, base_iri="urn:document:")
    except SyntaxError as error:
        fault = syntax_fault(error, "JSON-LD", where)
        fault.line = fault.column = fault.end_line = fault.end_column = None  # of the copy
        raise fault from None
    except UnicodeEncodeError:
        raise UnreadableInputError(
            "a text contains half of a character (a surrogate)", "Remove it", where
        ) from None
    except MemoryError:
        raise too_long(where) from None

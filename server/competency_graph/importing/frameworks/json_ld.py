"""JSON-LD as statements, without fetching anything: contexts come from the file or from here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pyoxigraph as ox

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.frameworks.contexts import KNOWN_NAMES, context_at
from competency_graph.importing.frameworks.json_files import Object
from competency_graph.rdf.parsing import syntax_fault

_BATCH: Final = 500
"""The nodes that are converted at a time, so that a large graph needs little memory."""
_CONTEXT, _GRAPH = "@context", "@graph"
_MAX_CONTEXTS: Final = 100
"""The maximum number of contexts in one list."""


def statements(document: Object, where: str, default: str) -> Callable[[], Iterator[ox.Quad]]:
    """What a JSON-LD document states; a function, as it is read more than once.

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
    listed = nodes if isinstance(nodes, list) else None

    def read() -> Iterator[ox.Quad]:
        if listed is None:
            yield from _parsed({**document, _CONTEXT: context}, where)
            return
        for start in range(0, len(listed), _BATCH):
            part = [_local(node, where) for node in listed[start : start + _BATCH]]
            yield from _parsed({_CONTEXT: context, _GRAPH: part}, where)

    return read


def resolved(context: Any, where: str) -> Any:  # noqa: ANN401  (any JSON)
    """A context in which all addresses are replaced by what is there.

    Raises:
        UnreadableInputError: it is not known what is at an address.
    """
    parts = context if isinstance(context, list) else [context]
    if len(parts) > _MAX_CONTEXTS:
        raise UnreadableInputError(
            f"there are more than {_MAX_CONTEXTS} contexts in one list",
            "Write their terms in one context",
            where,
        )
    found = [_known(part, where) if isinstance(part, str) else part for part in parts]
    for part in found:
        if isinstance(part, dict) and isinstance(part.get("@import"), str):
            _known(part["@import"], where)  # an import of a known one would still be fetched
            raise UnreadableInputError(
                "the JSON-LD context uses “@import”", "Write the imported terms in the file", where
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


def _local(node: Any, where: str) -> Any:  # noqa: ANN401  (any JSON)
    """A node whose own context, if any, is resolved."""
    if isinstance(node, dict) and _CONTEXT in node:
        return {**node, _CONTEXT: resolved(node[_CONTEXT], where)}
    return node


def _parsed(document: Object, where: str) -> Iterator[ox.Quad]:
    try:
        text = json.dumps(document).encode()
        # Nodes with a label (“_:b1”) keep it, as other parts of the document refer to it.
        yield from ox.parse(text, format=ox.RdfFormat.JSON_LD, base_iri="urn:document:")
    except SyntaxError as error:
        fault = syntax_fault(error, "JSON-LD", where)
        fault.line = fault.column = fault.end_line = fault.end_column = None  # of the copy
        raise fault from None
    except RecursionError:
        raise UnreadableInputError(
            "this JSON is nested too deeply", "Check that it is the file you mean", where
        ) from None

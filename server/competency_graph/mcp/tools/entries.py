"""The tool that returns what is known about an entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyoxigraph as ox

from competency_graph.mappings.frameworks import framework_of
from competency_graph.mcp.served import Client
from competency_graph.mcp.tools import schemas
from competency_graph.mcp.tools.sizes import fitting, left_out
from competency_graph.mcp.tools.tool import Arguments, Json, Tool, without_empty
from competency_graph.rdf.short_names import abridged
from competency_graph.rdf.vocabulary import KINDS
from competency_graph.sparql.entry_view import EntryView, Item, Link, read_entry

_TEXTS: Final = (
    "prefLabel", "altLabel", "notation", "definition", "description", "example", "deprecated",
    "isReplacedBy",
)  # fmt: skip
"""The properties that are members of their own."""
_MAX_LISTED: Final = 200


def _get(client: Client, arguments: Arguments) -> Json:
    iri, kind = client.entry(arguments["entry"])
    entry = read_entry(iri.value, client.rows, arguments["language"])
    asked = arguments["limit"]
    return fitting(lambda limit: _document(entry, iri, kind, limit, asked), asked)


def _document(entry: EntryView, iri: ox.NamedNode, kind: str, limit: int, asked: int) -> Json:
    """An entry with at most ``limit`` of the ``asked`` values of each property."""
    relations = [
        *(_relation(entry, name, values, limit) for name, values in entry.forward.items()),
        *(_relation(entry, name, values, limit, True) for name, values in entry.backward.items()),
    ]
    listed = [each for each in relations if each]
    labels, examples = entry.in_one_language("altLabel"), entry.in_one_language("example")
    totals = {each["property"]: each["total"] for each in listed} | {
        "otherLabels": len(labels), "examples": len(examples), "links": len(entry.links)
    }  # fmt: skip
    replaced = entry.values("isReplacedBy")
    return without_empty(
        {
            "iri": iri.value,
            "label": entry.title,
            "kind": kind,
            "code": entry.code,
            "definition": abridged(_first(entry.in_one_language("definition"))),
            "otherLabels": [str(item.text) for item in labels[:limit]],
            "examples": [abridged(str(item.text)) for item in examples[:limit]],
            "deprecated": any(item.text == "true" for item in entry.values("deprecated")) or None,
            "replacedBy": _first(replaced, iri=True),
            "relations": listed,
            "links": [_link(link) for link in entry.links[:limit]],
            "more": left_out(totals, limit, asked, _MAX_LISTED),
            "query": f"SELECT * {{ {{ {iri} ?property ?value }} UNION {{ ?of ?property {iri} }} }}",
        }
    )


def _relation(
    entry: EntryView, name: str, values: Sequence[Item], limit: int, backward: bool = False
) -> Json:
    """The entries that a property leads to, or that lead to it; empty if there are none."""
    others = [item for item in values if item.kind and isinstance(item.term, ox.NamedNode)]
    if name in _TEXTS or not others:
        return {}
    return {
        "property": f"cg:{name}",
        "label": entry.names.get(name, name),
        "backward": backward,
        "total": len(others),
        "entries": [_entry(item) for item in others[:limit]],
    }


def _entry(item: Item) -> Json:
    return without_empty(
        {
            "iri": item.term.value if isinstance(item.term, ox.NamedNode) else "",
            "label": str(item.text),
            "code": item.code,
            "inferred": item.inferred or None,
        }
    )


def _link(link: Link) -> Json:
    iri = link.target.value if isinstance(link.target, ox.NamedNode) else ""
    framework = framework_of(iri)
    return without_empty(
        {
            "iri": iri,
            "label": str(link.label),
            "match": link.match,
            "framework": framework.title if framework else "",
            "code": link.code,
            "confidence": link.confidence,
            "reason": str(link.reason),
        }
    )


def _first(found: Sequence[Item], iri: bool = False) -> str:
    if iri:
        return next((item.term.value for item in found if isinstance(item.term, ox.NamedNode)), "")
    return str(found[0].text) if found else ""


GET_ENTRY: Final = Tool(
    "get_entry",
    "Look up an entry",
    "Everything known about one entry: definition, other names, examples, its relations to other "
    "entries (stated and inferred) and its links to ESCO and O*NET.",
    schemas.record(
        "entry",
        entry=schemas.given("Label, code, prefixed name or IRI", "Analyst", "A03", "role:analyst"),
        limit=schemas.number(
            "How many values of each relation to list",
            minimum=1,
            maximum=_MAX_LISTED,
            default=20,
        ),
        language=schemas.LANGUAGE,
    ),
    schemas.record(
        "iri label kind query",
        iri=schemas.text(),
        label=schemas.text(),
        kind=schemas.text(enum=list(KINDS)),
        code=schemas.text(),
        definition=schemas.text(),
        otherLabels=schemas.items(schemas.text()),
        examples=schemas.items(schemas.text()),
        deprecated=schemas.boolean(),
        replacedBy=schemas.text("The IRI of the entry that replaces it"),
        relations=schemas.items(
            schemas.record(
                "property label backward total entries",
                property=schemas.text(),
                label=schemas.text("The property in words"),
                backward=schemas.boolean(
                    "Whether the listed entries are the subjects of the property"
                ),
                total=schemas.number(),
                entries=schemas.items(
                    schemas.record(
                        "iri label",
                        iri=schemas.text(),
                        label=schemas.text(),
                        code=schemas.text(),
                        inferred=schemas.boolean(
                            "The reasoner infers it; explain_statement says why"
                        ),
                    )
                ),
            )
        ),
        links=schemas.items(
            schemas.record(
                "iri label",
                iri=schemas.text(),
                label=schemas.text(),
                match=schemas.text("What the concept is: exactMatch, closeMatch, broadMatch, …"),
                framework=schemas.text(),
                code=schemas.text(),
                confidence=schemas.text(),
                reason=schemas.text(),
            )
        ),
        more=schemas.MORE,
        query=schemas.QUERY,
    ),
    _get,
)

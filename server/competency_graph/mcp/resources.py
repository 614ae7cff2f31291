"""What assistants read: the ontology, entries, saved queries and the rules of validation.

Their addresses begin with ``competency://``, as clients fetch ``https://`` themselves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import unquote

import pyoxigraph as ox

from competency_graph.errors import LimitError, UnknownNameError
from competency_graph.mcp.names import entry_names
from competency_graph.mcp.served import Client
from competency_graph.rdf.vocabulary import GRAPH_ONTOLOGY, PREFIXES
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.validation import rule_pages

_SCHEME: Final = "competency://"
_MAX_CHARACTERS: Final = 100_000
"""The maximum length of a resource, in characters."""
_TURTLE, _MARKDOWN, _JSON, _SPARQL = (
    "text/turtle", "text/markdown", "application/json", "application/sparql-query",
)  # fmt: skip
_ONTOLOGY_QUERY: Final = f"""\
CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{GRAPH_ONTOLOGY}> {{ ?s ?p ?o }} }}"""
_ENTRY_QUERY: Final = "DESCRIBE ?entry"


class Content(NamedTuple):
    """A resource as it is read.

    Args:
        media_type: its media type.
        text: its text.
    """

    media_type: str
    text: str


@dataclass(frozen=True)
class Resource:
    """A resource, or many of them by one template.

    Args:
        address: its address; of a template, with a variable, such as ``{name}``, at its end.
        title: its name for people.
        description: what it is.
        media_type: its media type.
        read: reads it for a client; of a template, with the value of the variable, else with "".
        complete: the values of the variable that begin with a text.
    """

    address: str
    title: str
    description: str
    media_type: str
    read: Callable[[Client, str], str]
    complete: Callable[[Client, str], Sequence[str]] | None = None

    @property
    def is_template(self) -> bool:
        """Whether its address has a variable."""
        return self.address.endswith("}")

    @property
    def stem(self) -> str:
        """Its address up to the variable."""
        return self.address.partition("{")[0]


def read(client: Client, address: str) -> Content:
    """Read the resource at an address.

    Raises:
        UnknownNameError: there is none, or its name names nothing.
        CompetencyError: it cannot be read.
    """
    for resource in RESOURCES:
        if resource.is_template and address.startswith(resource.stem) and address != resource.stem:
            name = unquote(address.removeprefix(resource.stem))
            return Content(resource.media_type, resource.read(client, name))
        if address == resource.address:
            return Content(resource.media_type, resource.read(client, ""))
    raise UnknownNameError(
        f"there is no resource <{address[:200]}>",
        f"Read one of {', '.join(each.address for each in RESOURCES)}",
    )


def _graph(client: Client, text: str, bindings: dict[ox.Variable, ox.NamedNode]) -> str:
    request = QueryRequest(text, {"graph": "turtle"}, dict(bindings))
    with client.ask(request) as reply:
        found = b"".join(reply.chunks).decode()
    if len(found) > _MAX_CHARACTERS:
        raise LimitError(
            f"the resource has {len(found):,} characters, and the limit is {_MAX_CHARACTERS:,}",
            "Look the entry up with the tool get_entry, or ask for parts with the tool query",
            limit="answer",
        )
    return found


def _ontology(client: Client, name: str) -> str:
    return _graph(client, _ONTOLOGY_QUERY, {})


def _entry(client: Client, name: str) -> str:
    entry, _ = client.entry(name)
    return _graph(client, _ENTRY_QUERY, {ox.Variable("entry"): entry})


def _queries(client: Client, name: str) -> str:
    found = {
        query.name: {"question": query.question, "address": f"{_SCHEME}queries/{query.name}"}
        for query in client.served.catalogue.values()
    }
    return json.dumps(found, ensure_ascii=False, indent=1)


def _query(client: Client, name: str) -> str:
    return client.served.catalogue[name].text


def _query_names(client: Client, beginning: str) -> list[str]:
    return [name for name in client.served.catalogue if name.startswith(beginning)]


def _rules(client: Client, name: str) -> str:
    rows = [
        f"- [{page.code}]({_SCHEME}rules/{page.code}) {page.title} ({page.severity})"
        for page in rule_pages.pages().values()
    ]
    return "\n".join(["# The rules of validation", "", *rows, ""])


def _rule(client: Client, name: str) -> str:
    return rule_pages.markdown(name.upper())


def _rule_codes(client: Client, beginning: str) -> list[str]:
    return [code for code in rule_pages.pages() if code.startswith(beginning.upper())]


def _prefixes(client: Client, name: str) -> str:
    return "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in PREFIXES.items())


RESOURCES: Final = (
    Resource(
        f"{_SCHEME}ontology", "The ontology",
        "Classes and properties of dictionaries, with their definitions and axioms", _TURTLE,
        _ontology,
    ),
    Resource(
        f"{_SCHEME}prefixes", "Prefixes", "The prefixes of SPARQL queries and of names of entries",
        _SPARQL, _prefixes,
    ),
    Resource(
        f"{_SCHEME}queries", "The saved queries", "Names and questions of the saved queries",
        _JSON, _queries,
    ),
    Resource(
        f"{_SCHEME}rules", "The rules of validation", "Codes and titles of all rules", _MARKDOWN,
        _rules,
    ),
    Resource(
        f"{_SCHEME}entries/{{entry}}", "An entry",
        "All statements with an entry as subject; name it by label, code, prefixed name or IRI",
        _TURTLE, _entry, entry_names,
    ),
    Resource(
        f"{_SCHEME}queries/{{name}}", "A saved query", "The text of a saved query", _SPARQL,
        _query, _query_names,
    ),
    Resource(
        f"{_SCHEME}rules/{{code}}", "A rule of validation",
        "What a rule requires and why, a wrong and a right example, and the remedy", _MARKDOWN,
        _rule, _rule_codes,
    ),
)  # fmt: skip
"""All resources and templates; none begins with the address of an earlier template."""

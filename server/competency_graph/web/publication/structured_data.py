"""Entries and dictionaries in schema.org's terms, for the search engines that read pages.

It describes one page; the export ``schema-org`` describes the whole dictionary in the same terms.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import current_app, request

from competency_graph.dictionary.publications import Publication
from competency_graph.exporting.outline import KIND_LABELS
from competency_graph.rdf.short_names import shorten
from competency_graph.sparql.entry_view import EntryView, Item
from competency_graph.web.http.addresses import page_path
from competency_graph.web.http.responses import static_site
from competency_graph.web.languages.negotiation import PARAMETER, named_in_address

Node = dict[str, Any]
_CONTEXT: Final = "https://schema.org"
_CONTENT: Final = {
    "entry": ("iri",),
    "entries": ("page",),
    "matrix": ("role", "page"),
    "links": ("framework", "match", "page"),
    "graph": ("entry",),
    "compare": ("kind", "entry"),
    "why": ("subject", "property", "object"),
}
"""The parameters that choose what a page is about, by the first segment of its path."""
REQUESTED: Final = "competency.requested"
"""The key of the requested address, as links spell it, in the environment of a static site."""


def canonical_address(language: str | None = None) -> str:
    """The address of the current page without parameters that only change how it is shown.

    In a site of files, each file has its own; it is "" if the site's address is unknown.

    Args:
        language: the language that the address names; "" for none, None as the request does.
    """
    if static_site():
        own = f"{request.url_root.rstrip('/')}{request.environ[REQUESTED]}"
        return own if current_app.config["STATIC_SITE"] else ""
    parameters = _content_parameters()
    if named := named_in_address(request.environ) if language is None else language:
        parameters.append((PARAMETER, named))
    return f"{request.base_url}?{urlencode(parameters)}" if parameters else request.base_url


def _content_parameters() -> list[tuple[str, str]]:
    """The parameters of the request that choose what the page is about.

    Without two entries, all forms of ``/compare`` are one page.
    """
    if request.path == "/compare" and len(request.args.getlist("entry")) < 2:
        return []
    names = _CONTENT.get(request.path.split("/")[1], ())
    return [(name, value) for name in names for value in request.args.getlist(name) if value]


def of_entry(entry: EntryView) -> Node:
    """An entry as a defined term; a role as an occupation, whose skills are its areas.

    Anything else has no description in these terms.
    """
    if not entry.kind:
        return {}
    is_role = entry.kind == "role"
    node: Node = {
        "@context": _CONTEXT,
        "@type": "Occupation" if is_role else "DefinedTerm",
        "@id": entry.iri,
        "url": canonical_address(""),
        "name": _texts(entry.values("prefLabel")) or entry.title,
        "description": _texts(entry.values("definition")),
        "alternateName": [item.text for item in entry.values("altLabel")],
        "identifier" if is_role else "termCode": entry.code,
        "additionalType": "" if is_role else KIND_LABELS.get(entry.kind, ""),
        "sameAs": [plain(link.target) for link in entry.links if link.match == "exactMatch"],
    }
    sets = [_set(item) for item in entry.values("inScheme") if isinstance(item.term, ox.NamedNode)]
    if is_role:
        node["skills"] = [_reference(item) for item in entry.values("coversArea")]
        node["occupationalCategory"] = [
            {"@type": "CategoryCode", "codeValue": link.code, "name": link.label}
            for link in entry.links
            if link.code
        ]
    elif sets:
        node["inDefinedTermSet"] = sets if len(sets) > 1 else sets[0]
    return _without_empty(node)


def of_dictionary(publication: Publication) -> Node:
    """A dictionary as a set of defined terms."""
    node = {
        "@context": _CONTEXT,
        "@type": "DefinedTermSet",
        "@id": publication.iri,
        "url": _address(publication.iri),
        "name": publication.title,
        "description": publication.description,
        "version": publication.text("versionInfo"),
        "license": [plain(term) for term in publication.of("license")],
        "dateCreated": publication.text("created"),
        "dateModified": publication.text("modified"),
        "inLanguage": list(publication.texts("language")),
        "creator": [{"@type": "Organization", "name": name} for name in publication.creators],
        "publisher": _organization(publication.text("publisher")),
    }
    return _without_empty(node)


def plain(term: object) -> str:
    """The IRI of a term as it is; another term as its text."""
    return term.value if isinstance(term, ox.NamedNode) else str(getattr(term, "value", ""))


def _organization(name: str) -> Node:
    return {"@type": "Organization", "name": name} if name else {}


def _set(item: Item) -> Node:
    return {"@type": "DefinedTermSet", "@id": plain(item.term), "name": item.text}


def _reference(item: Item) -> Node:
    return {"@type": "DefinedTerm", "@id": plain(item.term), "name": item.text}


def _texts(items: Iterable[Item]) -> object:
    """The texts, each with its language if there are several languages."""
    values = [item.term for item in items if isinstance(item.term, ox.Literal)]
    if len(values) == 1:
        return values[0].value
    return [
        {"@value": value.value, "@language": value.language} if value.language else shorten(value)
        for value in values
    ]


def _address(iri: str) -> str:
    path = page_path(iri) if canonical_address() else ""
    return f"{request.url_root.rstrip('/')}{path}" if path else ""


def _without_empty(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in ("", [], {}, None)}

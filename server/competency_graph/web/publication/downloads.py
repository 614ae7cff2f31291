"""``/data``: all forms in which the data can be had."""

from __future__ import annotations

from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request

from competency_graph.exporting import ABOUT, LINKS, usable
from competency_graph.rdf.formats import GRAPH_FORMATS
from competency_graph.rdf.short_names import local_name, text_of
from competency_graph.rdf.vocabulary import (
    GRAPH_ASSERTED,
    GRAPH_ESCO,
    GRAPH_INFERRED,
    GRAPH_LINKS,
    GRAPH_ONET,
    GRAPH_ONTOLOGY,
    PREFIXES,
)
from competency_graph.sparql.label_language import LABEL_ORDER, in_language
from competency_graph.sparql.query_text import kind
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import answer_language, list_response, query_rows
from competency_graph.web.languages.texts import N_
from competency_graph.web.languages.texts import gettext as _
from competency_graph.web.querying.saved_queries import missing_frameworks, served_catalogue

blueprint = Blueprint("downloads", __name__)
MAX_AREAS: Final = 500
"""The number of areas up to which the page offers them as a list."""
_GRAPH_TITLES: Final = {
    str(GRAPH_ASSERTED): N_("The dictionary, as written"),
    str(GRAPH_INFERRED): N_("What follows from it"),
    str(GRAPH_ONTOLOGY): N_("The ontology"),
    str(GRAPH_LINKS): N_("Links to other frameworks"),
    str(GRAPH_ESCO): "ESCO",
    str(GRAPH_ONET): "O*NET",
}
_FORMAT_TITLES: Final = {
    "turtle": "Turtle", "jsonld": "JSON-LD", "ntriples": "N-Triples", "rdfxml": "RDF/XML",
}  # fmt: skip
_AREAS_QUERY: Final = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT ?language ?area ?label WHERE {{
  GRAPH <{GRAPH_ASSERTED}> {{
    ?area a cg:AreaOfExpertise
    OPTIONAL {{ ?area skos:notation ?code }}
    OPTIONAL {{ ?area skos:prefLabel ?label }}
  }}
}} ORDER BY STRLEN(?code) ?code ?area {LABEL_ORDER} ?label LIMIT {2 * MAX_AREAS}"""


class Download(NamedTuple):
    """A form of the data.

    Args:
        title: its title.
        format: the name of its format.
        media_type: its media type.
        href: its address.
    """

    title: str
    format: str
    media_type: str
    href: str


class GraphDownloads(NamedTuple):
    """A graph in each format.

    Args:
        title: what the graph contains.
        iri: its name; "" for all graphs together.
        statements: the number of its statements, if known.
        downloads: the formats.
    """

    title: str
    iri: str
    statements: int | None
    downloads: tuple[Download, ...]


@blueprint.get("/data")
def data() -> Response:
    """List everything that can be downloaded, as a page or as JSON."""
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    language = answer_language("list")
    graphs = _graphs()
    exports = str(GRAPH_ASSERTED) in current_app.extensions["sources"]
    files = [download for graph in graphs for download in graph.downloads]
    if exports:
        files += [
            Download(ABOUT[f.name], f.name, f.media_type, f"/export/{f.name}") for f in usable()
        ]
    files.append(
        Download("Description in VoID and DCAT", "VoID", "text/turtle", "/.well-known/void")
    )
    files.append(Download("Description in OpenAPI", "OpenAPI", "application/json", "/openapi.json"))
    return list_response(
        request.args.get("format", ""),
        "data.html",
        [_list_item(download) for download in files],
        graphs=graphs,
        exports=usable() if exports else (),
        about=ABOUT,
        links_format=LINKS,
        extends=current_app.extensions["own"] is not None,
        areas=_areas(language) if exports else {},
        queries=[
            query
            for query in served_catalogue().values()
            if not missing_frameworks(query) and kind(query.text) == "table"
        ],
        root=request.url_root,
    )


def _list_item(download: Download) -> dict[str, Any]:
    return {"title": download.title, "mediaType": download.media_type, "href": download.href}


def _graphs() -> list[GraphDownloads]:
    """All graphs together, and each one."""
    sizes: dict[str, int] = current_app.extensions["sizes"]
    names = [*_GRAPH_TITLES, *(g for g in current_app.extensions["graphs"])]
    served = [name for name in dict.fromkeys(names) if name in current_app.extensions["graphs"]]
    rows = [
        GraphDownloads(
            _("Everything"), "", sum(sizes.values()) or None, _formats("", _("Everything"))
        )
    ]
    for name in served:
        title = _(_GRAPH_TITLES[name]) if name in _GRAPH_TITLES else local_name(name)
        rows.append(GraphDownloads(title, name, sizes.get(name), _formats(name, title)))
    return rows


def _formats(graph: str, title: str) -> tuple[Download, ...]:
    return tuple(
        Download(
            _("%(title)s as %(format)s", title=title, format=_FORMAT_TITLES[form.name]),
            _FORMAT_TITLES[form.name],
            form.media_type,
            f"/graphs?{urlencode({'graph': graph}) if graph else 'default'}&format={form.name}",
        )
        for form in GRAPH_FORMATS
        if form.name in _FORMAT_TITLES
    )


def _areas(language: str) -> dict[str, str]:
    """The areas for the parameter ``area``, with their labels; none if there are too many."""
    areas: dict[str, str] = {}
    for area, label in query_rows(_AREAS_QUERY, in_language(language)):
        if isinstance(area, ox.NamedNode):
            areas.setdefault(area.value, text_of(label) or local_name(area.value))
    return areas if len(areas) <= MAX_AREAS else {}

"""The pages and documents about entries, and the description of the dataset.

An IRI identifies a thing, not a document. A request for it is therefore answered with 303 See Other
and the address of a document about the thing, in the format that the client prefers (W3C, Cool URIs
for the Semantic Web, section 4.2). All terms of the ontology share one document.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, render_template, request
from rdflib import Graph

from competency_graph.dictionary.citation import bibtex, sentence
from competency_graph.dictionary.credits import licence_name
from competency_graph.dictionary.void_description import Service, describe
from competency_graph.errors import BadValueError, UnknownNameError
from competency_graph.exporting import usable
from competency_graph.mappings.frameworks import framework_of
from competency_graph.rdf.formats import GRAPH_FORMATS, Format
from competency_graph.rdf.rdflib_graphs import to_rdflib
from competency_graph.rdf.short_names import local_name, prefixes_of, shorten
from competency_graph.rdf.vocabulary import GRAPH_ASSERTED, GRAPH_ONTOLOGY, PREFIXES, new_graph
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sparql.entry_view import Item, read_entry
from competency_graph.web.browse.entry_words import MATCHES, PARTS
from competency_graph.web.browse.kinds import contents
from competency_graph.web.http.addresses import ENTRY_PATH, candidate_iris, page_path
from competency_graph.web.http.graph_responses import (
    document_links,
    engine_triples,
    send_graph,
    send_serialized,
)
from competency_graph.web.http.negotiation import PAGE, not_acceptable
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import (
    choose_formats,
    preferred_media_type,
    query_rows,
    run_request,
    static_site,
)
from competency_graph.web.languages.texts import N_, Message, current_language
from competency_graph.web.ontology.page import ontology_page, term_address
from competency_graph.web.pages import permanent_redirect
from competency_graph.web.publication.dictionary_page import read_dictionary_page
from competency_graph.web.publication.structured_data import of_dictionary, of_entry
from competency_graph.web.versions.documents import document_at

blueprint = Blueprint("published", __name__)
_FORMATS_BY_ENDING: Final = {
    form.endings[0]: form for form in GRAPH_FORMATS if form.name not in ("nquads", "trig")
}
"""The formats of documents, by the ending of the address."""
_ENDINGS_OF_FILES: Final = ("ttl", "jsonld")
"""The endings of the documents about an entry that a site of files has."""
_EXISTS_QUERY: Final = "SELECT ?entry { ?entry ?property ?value } LIMIT 1"
_DESCRIPTION_QUERY: Final = f"""\
PREFIX skos: <{PREFIXES["skos"]}>
PREFIX owl: <{PREFIXES["owl"]}>
CONSTRUCT {{
  ?entry ?property ?value . ?value skos:prefLabel ?label .
  ?other ?link ?entry . ?other skos:prefLabel ?otherLabel .
}} WHERE {{
  {{ ?entry ?property ?value FILTER(!isBlank(?value))
     OPTIONAL {{ ?value skos:prefLabel ?label }} }}
  UNION
  {{ ?other ?link ?entry FILTER(!isBlank(?other) && ?link != owl:annotatedSource)
     OPTIONAL {{ ?other skos:prefLabel ?otherLabel }} }}
}}"""
_TEMPLATES: Final = {
    "role": "entries/role.html",
    "area": "entries/area.html",
    "cluster": "entries/cluster.html",
    "competency": "entries/competency.html",
    **dict.fromkeys(("title", "action", "knowledge", "ability", "output"), "entries/part.html"),
}
"""The templates of the pages about entries, by kind."""
_FORMAT_TITLES: Final = {
    "turtle": "Turtle", "jsonld": "JSON-LD", "rdfxml": "RDF/XML", "ntriples": "N-Triples",
}  # fmt: skip


@blueprint.get("/.well-known/void")
def dataset() -> Response:
    """Describe the dataset with VoID and DCAT."""
    if current_app.extensions["version"]:
        request.environ[CACHEABLE] = True
    sources = current_app.extensions["sources"]
    exports = (
        [(form.name, form.media_type) for form in usable()]
        if str(GRAPH_ASSERTED) in sources
        else ()
    )
    service = Service(request.url_root, current_app.extensions["sizes"], exports, not static_site())
    return send_graph(engine_triples(describe(service, query_rows)), file_stem="dataset")


@blueprint.get("/ontology")
def ontology() -> Response:
    """Return the ontology, the document about all of its terms."""
    format_name = request.args.get("format", "")
    chosen = choose_formats(format_name, "graph")["graph"]
    if chosen is None:
        raise not_acceptable("graph")
    if chosen.media_type == PAGE:
        return _vary_by_accept(Response(ontology_page()))
    sources: dict[str, Graph] = current_app.extensions["sources"]
    if str(GRAPH_ONTOLOGY) in sources:
        return send_graph(engine_triples(sources[str(GRAPH_ONTOLOGY)]), file_stem="ontology")
    return _graph_document(_ONTOLOGY_QUERY, {}, _FORMATS_BY_NAME[chosen.format], "ontology")


@blueprint.get("/<path:path>")
def thing(path: str) -> Response:
    """Redirect from an IRI to the document about it, or return that document.

    Raises:
        UnknownNameError: the data does not contain the IRI.
    """
    if (version := document_at(path)) is not None:
        return version
    name, dot, ending = path.rpartition(".")
    if (
        dot
        and (ending in _FORMATS_BY_ENDING or ending == "html")
        and (iri := _first_known(candidate_iris(name)))
    ):
        return _document_response(iri, f"/{quote(name)}.{{}}", ending)
    if not _first_known(candidate_iris(path)):
        if path.endswith("/") and _first_known(candidate_iris(path.rstrip("/"))):
            return permanent_redirect("/" + path.rstrip("/"))
        raise UnknownNameError(
            Message(N_("nothing is known about %(thing)s"), thing=f"/{path}"),
            Message(N_("Look for it in /entries or /search")),
        )
    response = Response(status=HTTPStatus.SEE_OTHER)
    response.headers["Location"] = f"/{quote(path)}.{_preferred_ending()}"
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get(ENTRY_PATH)
def entry() -> Response:
    """Return the document about the given IRI, or redirect to its address.

    Raises:
        BadValueError: no IRI is given.
        UnknownNameError: the data does not contain the IRI.
    """
    iri = request.args.get("iri", "")
    if not iri:
        raise BadValueError(
            Message(N_("the request names no entry")), Message(N_("Name one with ?iri="))
        )
    if not _first_known([iri]):
        raise UnknownNameError(
            Message(N_("nothing is known about %(thing)s"), thing=f"<{iri}>"),
            Message(N_("Look for it in /entries or /search")),
        )
    local_path = page_path(iri)
    if local_path and not local_path.startswith(ENTRY_PATH):
        response = Response(status=HTTPStatus.SEE_OTHER)
        fragment = "#" in local_path  # the document about the ontology chooses the format itself
        response.headers["Location"] = local_path + ("" if fragment else f".{_preferred_ending()}")
        response.headers["Vary"] = "Accept"
        return response
    return _vary_by_accept(
        _document_response(
            iri, f"{ENTRY_PATH}?{urlencode({'iri': iri})}&format={{}}", _preferred_ending()
        )
    )


def _preferred_ending() -> str:
    """The ending for the format that the client prefers; ``html`` for a page."""
    format_name = request.args.get("format", "")
    if format_name in _FORMATS_BY_ENDING:
        return format_name
    chosen = choose_formats(format_name, "graph")["graph"]
    if chosen is None:
        raise not_acceptable("graph")
    return "html" if chosen.media_type == PAGE else _FORMATS_BY_NAME[chosen.format].endings[0]


def _document_response(iri: str, address_template: str, ending: str) -> Response:
    """The document about a thing.

    Args:
        iri: the thing.
        address_template: the address of the documents about it, with ``{}`` for the ending.
        ending: the ending of the requested document.
    """
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    if ending == "html":
        response = _entry_page(iri, address_template)
    else:
        bindings: Bound = {_ENTRY_VARIABLE: ox.NamedNode(iri)}
        response = _graph_document(
            _DESCRIPTION_QUERY, bindings, _FORMATS_BY_ENDING[ending], local_name(iri)
        )
    others = {
        address_template.format(end): form.media_type
        for end, form in _FORMATS_BY_ENDING.items()
        if end != ending
    }
    response.headers["Link"] = document_links(iri, others)
    return response


Bound = dict[ox.Variable, ox.NamedNode | ox.Literal]
_ENTRY_VARIABLE: Final = ox.Variable("entry")
_FORMATS_BY_NAME: Final = {form.name: form for form in GRAPH_FORMATS}
_ONTOLOGY_QUERY: Final = (
    f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{GRAPH_ONTOLOGY}> {{ ?s ?p ?o }} }}"
)


def _first_known(candidates: Iterable[str]) -> str:
    """The first IRI that the data contains; "" if it contains none."""
    for iri in candidates:
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            continue
        if any(True for _ in query_rows(_EXISTS_QUERY, {_ENTRY_VARIABLE: node})):
            return iri
    return ""


def _graph_document(
    text: str, bindings: Bound, form: Format[ox.RdfFormat], file_stem: str
) -> Response:
    """The graph that a CONSTRUCT query returns, as a document."""
    with ExitStack() as stack:
        query_request = QueryRequest(text, {"graph": "ntriples"}, bindings)
        content = b"".join(run_request(query_request, stack).chunks)
    if form.name == "ntriples":
        return send_serialized(
            content, preferred_media_type(form), f"{file_stem}.{form.endings[0]}"
        )
    triples = [quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)]
    if form.name != "jsonld":
        return send_graph(triples, form, file_stem)
    graph = new_graph()
    for triple in triples:
        graph.add(tuple(map(to_rdflib, triple)))  # type: ignore[arg-type]
    # The context is embedded, so that clients need not fetch it.
    body = graph.serialize(format="json-ld", context=prefixes_of(triples), sort_keys=True)
    return send_serialized(
        body.encode(), preferred_media_type(form), f"{file_stem}.{form.endings[0]}"
    )


def _entry_page(iri: str, address_template: str) -> Response:
    """The page about a thing; ``address_template`` gives the addresses of its other documents."""
    entry = read_entry(iri, query_rows, current_language())
    page = read_dictionary_page(iri) if not entry.kind else None
    if not entry.kind and page is None and (term := term_address(iri)):
        return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": term, "Vary": "Accept"})
    addresses = {
        form: address_template.format(end)
        for end, form in _FORMATS_BY_ENDING.items()
        if end in _ENDINGS_OF_FILES or not static_site()
    }
    template = "entries/dictionary.html" if page else "entries/other.html"
    text = render_template(
        _TEMPLATES.get(entry.kind, template),
        entry=entry,
        entry_item=Item(ox.NamedNode(iri), entry.title, entry.code),
        formats=addresses,
        form_names=_FORMAT_TITLES,
        part_names=PARTS,
        why_address=_why_address,
        framework_of=_framework_title,
        page=page,
        structured=of_dictionary(page.publication) if page else of_entry(entry),
        match_words=MATCHES,
        licence_name=licence_name,
        sentence=sentence,
        bibtex=bibtex,
    )
    return _vary_by_accept(Response(text))


def _why_address(entry: Item, property_name: str, other: Item, backward: bool) -> str:
    """The address of the explanation of an inferred statement.

    Args:
        entry: the entry whose page refers to it.
        property_name: the local name of the property, one of this project's.
        other: the other entry of the statement.
        backward: whether the other entry is its subject.
    """
    subject, value = (other, entry) if backward else (entry, other)
    parameters = {
        "subject": _short_name(subject),
        "property": f"cg:{property_name}",
        "object": _short_name(value),
    }
    return f"/why?{urlencode(parameters, safe=':')}"


def _short_name(item: Item) -> str:
    """The shortest name of an entry that names no other; a code is unique in its dictionary."""
    alone = len(contents().dictionaries) == 1
    return item.code if item.code and alone else shorten(item.term)


def _framework_title(target: ox.NamedNode) -> str:
    """The title of the framework that a concept belongs to, or ""."""
    framework = framework_of(target.value)
    return framework.title if framework else ""


def _vary_by_accept(response: Response) -> Response:
    response.headers["Vary"] = "Accept"
    return response

"""The published IRIs, and the description of the dataset.

What is asked for by its IRI is a thing and no document: the answer is 303 See Other, to the
document about it in the format that the client likes best (W3C, Cool URIs for the Semantic Web,
section 4.2). The ontology's terms are parts of one document.
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

from competency_graph.dictionary.void_description import Service, describe
from competency_graph.errors import BadValueError, UnknownNameError
from competency_graph.exporting import FORMATS as EXPORTS
from competency_graph.rdf.formats import GRAPH_FORMATS, Format
from competency_graph.rdf.parsing import to_rdflib
from competency_graph.rdf.short_names import Term, local_name, prefixes_of, shorten
from competency_graph.rdf.vocabulary import GRAPH_ASSERTED, GRAPH_ONTOLOGY, PREFIXES, new_graph
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.web.addresses import ENTRY, address, iris
from competency_graph.web.graph_responses import as_written, send_graph, send_written
from competency_graph.web.pages import slashless
from competency_graph.web.response_cache import CACHEABLE
from competency_graph.web.responses import PAGE, ask, choose, media_type, rows, unacceptable
from competency_graph.web.saved_queries import catalogue_served

blueprint = Blueprint("published", __name__)
_FORMATS: Final = {
    form.endings[0]: form for form in GRAPH_FORMATS if form.name not in ("nquads", "trig")
}
"""The formats of documents, by the ending of their address."""
_KNOWN: Final = "SELECT ?entry { ?entry ?property ?value } LIMIT 1"
_ABOUT: Final = f"""\
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
_PAGE_ROWS: Final = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
PREFIX dcterms: <{PREFIXES["dcterms"]}>
PREFIX foaf: <{PREFIXES["foaf"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT ?entry ?forth ?property ?name ?value ?label ?code WHERE {{
  {{ ?entry ?property ?value BIND(true AS ?forth) }}
  UNION
  {{ ?value ?property ?entry BIND(false AS ?forth)
     FILTER(?property IN (cg:requiresKnowledge, cg:requiresAbility, cg:foundationalCompetency,
       skos:exactMatch, skos:closeMatch, skos:broadMatch, skos:narrowMatch, skos:relatedMatch)) }}
  FILTER(!isBlank(?value) &&
    (STRSTARTS(STR(?property), STR(cg:)) || STRSTARTS(STR(?property), STR(skos:)) ||
      ?property IN (dcterms:description, dcterms:title, foaf:page)))
  OPTIONAL {{ ?property rdfs:label ?name FILTER(LANGMATCHES(LANG(?name), "en")) }}
  OPTIONAL {{ ?value skos:prefLabel ?label }}
  OPTIONAL {{ ?value skos:notation ?code }}
}} ORDER BY DESC(?forth) ?property STRLEN(?code) ?code ?label ?value"""
_FIRST: Final = ("definition", "description", "altLabel", "example")
_ABOVE: Final = ("prefLabel", "title", "notation")
_NAMES: Final = {
    "definition": "Definition", "description": "Description", "altLabel": "Also called",
    "example": "Examples",
    "inScheme": "Dictionary", "page": "Page elsewhere", "exactMatch": "Exactly the same elsewhere",
    "closeMatch": "Nearly the same elsewhere", "broadMatch": "Broader elsewhere",
    "narrowMatch": "Narrower elsewhere", "relatedMatch": "Related elsewhere",
}  # fmt: skip
"""What a page calls properties of SKOS."""
_IN_IRIS: Final = ":/?#[]@!$&'()*+,;=~%"
"""The characters of an IRI that a header field carries as they are (RFC 3986, section 2)."""
_MATCHES: Final = tuple(name for name in _NAMES if name.endswith("Match"))


@blueprint.get("/.well-known/void")
def dataset() -> Response:
    """Describe the dataset, as VoID and DCAT."""
    if current_app.extensions["version"]:
        request.environ[CACHEABLE] = True
    sources = current_app.extensions["sources"]
    exports = (
        [(form.name, form.media_type) for form in EXPORTS] if str(GRAPH_ASSERTED) in sources else ()
    )
    service = Service(request.url_root, current_app.extensions["sizes"], exports)
    return send_graph(as_written(describe(service, rows)), file="dataset")


@blueprint.get("/ontology")
def ontology() -> Response:
    """Send the ontology, whose terms are parts of this document."""
    form = request.args.get("format", "")
    chosen = choose(form, "graph")["graph"]
    if chosen is None:
        raise unacceptable("graph")
    if chosen.media_type == PAGE:
        return _page(Response(render_template("ontology.html", rows=list(rows(_TERMS, {})))))
    sources: dict[str, Graph] = current_app.extensions["sources"]
    if str(GRAPH_ONTOLOGY) in sources:
        return send_graph(as_written(sources[str(GRAPH_ONTOLOGY)]), file="ontology")
    return _document(_ONTOLOGY, {}, _BY_NAME[chosen.format], "ontology")


@blueprint.get("/<path:path>")
def thing(path: str) -> Response:
    """Lead from a thing's IRI to the document about it, or send that document.

    Raises:
        UnknownNameError: nothing is known of such a thing.
    """
    name, dot, ending = path.rpartition(".")
    if dot and (ending in _FORMATS or ending == "html") and (iri := _known(iris(name))):
        return _about(iri, f"/{quote(name)}.{{}}", ending)
    if not _known(iris(path)):
        if path.endswith("/") and _known(iris(path.rstrip("/"))):
            return slashless("/" + path.rstrip("/"))
        raise UnknownNameError(f"nothing is known of /{path}", "Look for it in /queries or /sparql")
    response = Response(status=HTTPStatus.SEE_OTHER)
    response.headers["Location"] = f"/{quote(path)}.{_liked()}"
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get(ENTRY)
def entry() -> Response:
    """Send the document about the thing whose IRI is given, or lead to where it is.

    Raises:
        BadValueError: no IRI is given.
        UnknownNameError: nothing is known of such a thing.
    """
    iri = request.args.get("iri", "")
    if not iri:
        raise BadValueError("the request names no entry", "Name one with ?iri=")
    if not _known([iri]):
        raise UnknownNameError(f"nothing is known of <{iri}>", "Look for it in /queries or /sparql")
    here = address(iri)
    if here and not here.startswith(ENTRY):
        response = Response(status=HTTPStatus.SEE_OTHER)
        response.headers["Location"] = f"{here}.{_liked()}"
        response.headers["Vary"] = "Accept"
        return response
    return _page(_about(iri, f"{ENTRY}?{urlencode({'iri': iri})}&format={{}}", _liked()))


def _liked() -> str:
    """The ending of documents in the format that the client likes best; of pages, ``html``."""
    form = request.args.get("format", "")
    if form in _FORMATS:
        return form
    chosen = choose(form, "graph")["graph"]
    if chosen is None:
        raise unacceptable("graph")
    return "html" if chosen.media_type == PAGE else _BY_NAME[chosen.format].endings[0]


def _about(iri: str, documents: str, ending: str) -> Response:
    """The document about a thing.

    Args:
        iri: the thing.
        documents: the addresses of the documents about it, with ``{}`` for their ending.
        ending: that of the document that is wanted.
    """
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    if ending == "html":
        response = _shown(iri, documents)
    else:
        bound: Bound = {_ENTRY: ox.NamedNode(iri)}
        response = _document(_ABOUT, bound, _FORMATS[ending], local_name(iri))
    response.headers["Link"] = _links(documents, iri, ending)
    return response


_Said = dict[tuple[bool, str], list[tuple[Term, str, str]]]
"""What is said of a thing, by whether it is the subject and by property."""
Bound = dict[ox.Variable, ox.NamedNode | ox.Literal]
_ENTRY: Final = ox.Variable("entry")
_BY_NAME: Final = {form.name: form for form in GRAPH_FORMATS}
_ONTOLOGY: Final = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{GRAPH_ONTOLOGY}> {{ ?s ?p ?o }} }}"
_TERMS: Final = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
PREFIX owl: <{PREFIXES["owl"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT ?term ?label ?definition WHERE {{
  GRAPH <{GRAPH_ONTOLOGY}> {{
    ?term a ?kind . FILTER(?kind IN (owl:Class, owl:ObjectProperty, owl:DatatypeProperty))
    FILTER(STRSTARTS(STR(?term), STR(cg:)))
    OPTIONAL {{ ?term rdfs:label ?label FILTER(LANGMATCHES(LANG(?label), "en")) }}
    OPTIONAL {{ ?term skos:definition ?definition FILTER(LANGMATCHES(LANG(?definition), "en")) }}
  }}
}} ORDER BY ?term"""


def _known(candidates: Iterable[str]) -> str:
    """The first of some IRIs of which anything is said; else ""."""
    for iri in candidates:
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            continue
        if any(True for _ in rows(_KNOWN, {_ENTRY: node})):
            return iri
    return ""


def _document(text: str, bound: Bound, form: Format[ox.RdfFormat], file: str) -> Response:
    """What a query gives as a graph, in a format and a file of that name."""
    with ExitStack() as stack:
        asked = QueryRequest(text, {"graph": "ntriples"}, bound)
        content = b"".join(ask(asked, stack).chunks)
    if form.name == "ntriples":
        return send_written(content, media_type(form), f"{file}.{form.endings[0]}")
    triples = [quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)]
    if form.name != "jsonld":
        return send_graph(triples, form, file)
    graph = new_graph()
    for triple in triples:
        graph.add(tuple(map(to_rdflib, triple)))  # type: ignore[arg-type]
    # Its context lies in the document, so that reading it fetches nothing.
    body = graph.serialize(format="json-ld", context=prefixes_of(triples), sort_keys=True)
    return send_written(body.encode(), media_type(form), f"{file}.{form.endings[0]}")


def _links(documents: str, iri: str, ending: str) -> str:
    """The thing that a document is about, and the other documents about it (RFC 8288)."""
    others = [
        f'<{documents.format(end)}>; rel="alternate"; type="{form.media_type}"'
        for end, form in _FORMATS.items()
        if end != ending
    ]
    return ", ".join([f'<{quote(iri, safe=_IN_IRIS)}>; rel="describes"', *others])


def _shown(iri: str, documents: str) -> Response:
    """The page about a thing; the other documents about it are at ``documents``."""
    said: _Said = {}
    names: dict[str, str] = {}
    for forth, prop, name, value, label, code in rows(_PAGE_ROWS, {_ENTRY: ox.NamedNode(iri)}):
        if prop is None or value is None:
            continue
        local = shorten(prop).partition(":")[2]
        names[local] = shorten(name) or _NAMES.get(local, local)
        way = shorten(forth) == "true"
        values = said.setdefault((way, local), [])
        if not values or values[-1][0] != value:
            values.append((value, shorten(label), shorten(code)))
    texts = {local: values for (forth, local), values in said.items() if forth}
    called = [*texts.get("prefLabel", []), *texts.get("title", [])]
    title = next((shorten(value) for value, _, _ in called), shorten(ox.NamedNode(iri)))
    page = render_template(
        "thing.html",
        iri=iri,
        title=title,
        notation=", ".join(shorten(v) for v, _, _ in texts.get("notation", [])),
        first=[(names[name], texts[name]) for name in _FIRST if name in texts],
        relations=_relations(said, names),
        matches=[(names[name], texts[name]) for name in _MATCHES if name in texts],
        formats={form: documents.format(end) for end, form in _FORMATS.items()},
        why=_justified(iri),
    )
    return _page(Response(page))


def _justified(iri: str) -> dict[Term, tuple[str, str]]:
    """Why an entry is linked to each concept: the confidence, and the reason in words."""
    query = catalogue_served()["entry-links"]
    found = {}
    for _, target, _, _, confidence, comment in rows(query.text, {_ENTRY: ox.NamedNode(iri)}):
        if target is not None:
            found[target] = shorten(confidence), shorten(comment)
    return found


def _relations(said: _Said, names: dict[str, str]) -> list[tuple[str, list[tuple[Term, str, str]]]]:
    """How an entry hangs together with others; what it requires in all where that is more."""
    special = {*_FIRST, *_ABOVE, *_MATCHES}
    parts = {v for (forth, n), values in said.items() if forth and n.startswith("requires")
             and n != "requires" for v, _, _ in values}  # fmt: skip
    found = []
    for (forth, name), values in said.items():
        if (forth and name in special) or (
            name == "requires" and {v for v, _, _ in values} <= parts
        ):
            continue
        found.append((names[name] if forth else f"{names[name]}, of these", values))
    return found


def _page(response: Response) -> Response:
    response.headers["Vary"] = "Accept"
    return response

"""The web application: its routes and what they share."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox
from flask import Flask, Request, Response, request
from markupsafe import Markup, escape
from rdflib import Graph

from competency_graph.mappings import MappingSet
from competency_graph.rdf.short_names import Term, shorten
from competency_graph.rdf.tables import Cell
from competency_graph.sandbox.admission import Admission
from competency_graph.sparql.evaluator import GRAPHS
from competency_graph.sparql.saved_queries import Catalogue
from competency_graph.web import (
    addresses,
    entry_pages,
    export,
    graph_store,
    links,
    logs,
    metrics,
    openapi,
    pages,
    problems,
    response_cache,
    rules,
    saved_queries,
    sparql_endpoint,
    validate,
)
from competency_graph.web.parameters import reject_repeated_parameters
from competency_graph.web.responses import Backend

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
    ),
    ("Referrer-Policy", "no-referrer"),
    # Anyone may read from anywhere: the data is public, and no answer depends on who asks.
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Retry-After, X-Query-Warning, X-Request-ID"),
)
"""Header fields of every answer."""


@dataclass(frozen=True)
class Content:
    """What is served, as far as it is known without asking.

    Args:
        version: names this version of the data; "" where it may change at any time.
        sizes: the number of triples in each named graph, by its IRI; empty where not known.
        sources: the graphs that come from files, by their names, exactly as those spell them.
        graphs: the names of all graphs that can be asked.
        links: gives the links to other frameworks that come from files.
        own: what the files of an extension say, without those of what it extends; None for a
            dictionary that extends nothing.
        fault: says why no query can be answered now; "" where they are answered.
    """

    version: str = ""
    sizes: Mapping[str, int] | None = None
    sources: Mapping[str, Graph] | None = None
    graphs: tuple[str, ...] = GRAPHS
    links: Callable[[], Sequence[MappingSet]] = tuple
    own: Graph | None = None
    fault: Callable[[], str] = str


class _Request(Request):
    """A request whose files stay in memory, as the rest of its body does, within the same limit."""

    def _get_file_stream(self, *sizes: object, **more: object) -> IO[bytes]:
        return BytesIO()


def create_app(
    backend: Backend,
    content: Content | None = None,
    admission: Admission | None = None,
    catalogue: Catalogue | None = None,
) -> Flask:
    """The application that serves one dictionary.

    Args:
        backend: what answers the queries.
        content: what is known of the data without asking.
        admission: how many queries may run at once.
        catalogue: the saved queries; the published ones if not given.
    """
    app = Flask(__name__)
    app.request_class = _Request
    app.config["MAX_CONTENT_LENGTH"] = backend.limits.body
    app.config["MAX_FORM_MEMORY_SIZE"] = backend.limits.body
    content = content or Content()
    admission = admission or Admission()
    app.extensions |= {
        "backend": backend,
        "sizes": content.sizes or {},
        "sources": content.sources or {},
        "graphs": content.graphs,
        "version": content.version,
        "links": content.links,
        "own": content.own,
        "admission": admission,
        "catalogue": Catalogue() if catalogue is None else catalogue,
    }
    app.jinja_env.filters |= {
        "cell": cell,
        "term": term,
        "short": shorten,
        "address": pages.page_address,
    }
    app.jinja_env.globals["address_in_format"] = pages.address_in_format
    logs.register(app)
    recalled = metrics.register(app, content.version, admission)
    app.before_request(reject_repeated_parameters)
    for part in (
        *(
            sparql_endpoint,
            graph_store,
            saved_queries,
            validate,
            rules,
            export,
            links,
            openapi,
            pages,
        ),
        entry_pages,  # takes what the others leave
    ):
        app.register_blueprint(part.blueprint)
    problems.register(app)
    app.extensions["reserved"] = frozenset(
        rule.rule.split("/")[1] for rule in app.url_map.iter_rules() if rule.rule[1:2] not in "<"
    )

    @app.get("/health")
    def health() -> Response:
        """Say whether queries are answered, and from which version of the data."""
        body = {"status": "ok", "version": content.version or None}
        status = HTTPStatus.OK
        if said := content.fault():
            body |= {"status": "unavailable", "endpoint": "unreachable", "detail": said}
            status = HTTPStatus.SERVICE_UNAVAILABLE
        return Response(json.dumps(body), status, mimetype="application/json")

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.extend(_ALWAYS)
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
            response.headers["Access-Control-Allow-Headers"] = (
                "Accept, Content-Type, If-None-Match, X-Request-ID"
            )
            response.headers["Access-Control-Max-Age"] = "86400"
        return response

    def account(environ: WSGIEnvironment, since: float) -> str:
        name = logs.request_id(environ)
        logs.log_request(environ, name, HTTPStatus.OK, since)
        recalled()
        return name

    app.wsgi_app = response_cache.ResponseCache(app.wsgi_app, account)  # type: ignore[assignment,method-assign]
    return app


def cell(value: Cell) -> Markup:
    """A cell of a table in a page: an entry under its label, with a link to what is said of it."""
    if value.label and isinstance(value.term, ox.NamedNode):
        local_path = addresses.page_path(value.term.value)
        if link := local_path or value.address:
            rel = Markup("") if local_path else Markup(' rel="nofollow"')
            return Markup('<a href="{}"{}>{}</a>').format(link, rel, value.label)
        return escape(value.label)
    return term(value.term)


def term(value: Term | None) -> Markup:
    """A term in a page: an entry links to what is said of it, another http(s) IRI to itself."""
    text = escape(shorten(value))
    if isinstance(value, ox.NamedNode):
        if local_path := addresses.page_path(value.value):
            return Markup('<a href="{}">{}</a>').format(local_path, text)
        if link := Cell(value).address:
            return Markup('<a href="{}" rel="nofollow">{}</a>').format(link, text)
    if isinstance(value, ox.Literal) and value.language:
        return Markup('<span lang="{}">{}</span>').format(value.language, text)
    return text

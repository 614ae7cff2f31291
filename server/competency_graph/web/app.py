"""The web application: its routes and what they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox
from flask import Flask, Request, Response, request
from markupsafe import Markup, escape
from rdflib import Graph

from competency_graph.engines.backend import Backend
from competency_graph.engines.kept import Kept
from competency_graph.mappings import MappingSet
from competency_graph.rdf.short_names import TaggedText, Term, local_name, shorten
from competency_graph.rdf.tables import Cell, in_words
from competency_graph.rdf.vocabulary import KIND_OF_CLASS
from competency_graph.sandbox.admission import Admission
from competency_graph.sparql.evaluator import GRAPHS
from competency_graph.sparql.saved_queries import Catalogue
from competency_graph.versions.released.archive import Archive
from competency_graph.web import openapi, pages
from competency_graph.web.browse import (
    compare,
    entry_lists,
    entry_pages,
    graph,
    home,
    kinds,
    links,
    matrix,
    why,
)
from competency_graph.web.http import addresses, problems, response_cache
from competency_graph.web.http.parameters import reject_repeated_parameters
from competency_graph.web.http.responses import static_site
from competency_graph.web.languages import pages as languages
from competency_graph.web.languages.texts import current_language
from competency_graph.web.monitoring import health, logs, metrics
from competency_graph.web.publication import about, downloads, export, sitemap, structured_data
from competency_graph.web.querying import (
    editor,
    graph_store,
    mcp_endpoint,
    saved_queries,
    sparql_endpoint,
)
from competency_graph.web.search import index as search_index
from competency_graph.web.search import pages as search_pages
from competency_graph.web.validating import rules, validate
from competency_graph.web.versions import changes, documents, words

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_RESPONSE_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
    ),
    ("Referrer-Policy", "no-referrer"),
    # Any site may read the data: it is public, and of a client only its language counts.
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Retry-After, X-Query-Warning, X-Request-ID"),
)
"""Header fields of every response."""


@dataclass(frozen=True)
class Content:
    """What is known about the served data without querying it.

    Args:
        version: identifies this version of the data; "" if the data may change at any time.
        sizes: the number of triples in each named graph, by its IRI; empty if unknown.
        sources: the graphs from files, by their names, with all terms spelled as in the files.
        graphs: the names of all graphs that can be queried.
        links: returns the links to other frameworks that come from files.
        own: the statements of an extension's own files; None for a dictionary that extends nothing.
        fault: returns why no query can be answered now; "" if queries are answered.
        archive: the released versions of the dictionary; None if there is no place for them.
    """

    version: str = ""
    sizes: Mapping[str, int] | None = None
    sources: Mapping[str, Graph] | None = None
    graphs: tuple[str, ...] = GRAPHS
    links: Callable[[], Sequence[MappingSet]] = tuple
    own: Graph | None = None
    fault: Callable[[], str] = str
    archive: Archive | None = None


class _Request(Request):
    """A request whose files stay in memory, within the same limit as the rest of the body."""

    def _get_file_stream(self, *sizes: object, **more: object) -> IO[bytes]:
        return BytesIO()


def create_app(
    backend: Backend,
    content: Content | None = None,
    admission: Admission | None = None,
    catalogue: Catalogue | None = None,
) -> Flask:
    """Create the application that serves one dictionary.

    Args:
        backend: answers the queries.
        content: what is known about the data without querying it.
        admission: limits how many queries run at once.
        catalogue: the saved queries; None for the published ones.
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
        "archive": content.archive,
        "admission": admission,
        "kept": Kept(fixed=bool(content.version)),
        "catalogue": Catalogue() if catalogue is None else catalogue,
    }
    app.jinja_env.filters |= {
        "cell": cell_markup,
        "term": term_markup,
        "short": shorten,
        "local": lambda thing: local_name(thing.value),
        "address": pages.page_address,
        "in_words": in_words,
        "node": ox.NamedNode,
        "web_address": lambda term: Cell(term).address,
    }
    app.jinja_env.globals |= {
        "address_in_format": pages.address_in_format,
        "canonical_address": structured_data.canonical_address,
        "static_site": static_site,
    }
    languages.register(app)
    logs.register(app)
    health.register(app, content.version, content.fault)
    count_cache_hit = metrics.register(app, content.version, admission)
    app.before_request(reject_repeated_parameters)
    for module in (
        *(
            editor,
            sparql_endpoint,
            graph_store,
            mcp_endpoint,
            saved_queries,
            validate,
            rules,
            export,
            links,
            home,
            matrix,
            kinds,
            entry_lists,
            compare,
            graph,
            search_pages,
            openapi,
            pages,
            why,
            about,
            downloads,
            sitemap,
            changes,
            documents,
            words,
        ),
        entry_pages,  # last, as it matches every other path
    ):
        app.register_blueprint(module.blueprint)
    problems.register(app)
    search_index.register(app)
    app.extensions["reserved"] = frozenset(
        rule.rule.split("/")[1] for rule in app.url_map.iter_rules() if rule.rule[1:2] not in "<"
    )

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.extend(_RESPONSE_HEADERS)
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
            response.headers.setdefault(
                "Access-Control-Allow-Headers", "Accept, Content-Type, If-None-Match, X-Request-ID"
            )
            response.headers["Access-Control-Max-Age"] = "86400"
        return response

    def record_cache_hit(environ: WSGIEnvironment, started_at: float) -> str:
        request_id = logs.request_id(environ)
        logs.log_request(environ, request_id, HTTPStatus.OK, started_at)
        count_cache_hit()
        return request_id

    app.wsgi_app = response_cache.ResponseCache(app.wsgi_app, record_cache_hit)  # type: ignore[assignment,method-assign]
    return app


def cell_markup(value: Cell, kinds_in_words: bool = False) -> Markup:
    """A table cell as HTML: an entry as its label, linked to its page.

    Args:
        value: the cell.
        kinds_in_words: whether a class of entries is shown by its word rather than its short name.
    """
    if kinds_in_words and not value.label and isinstance(value.term, ox.NamedNode):
        kind = KIND_OF_CLASS.get(value.term.value)
        word = kinds.kind_words(kind).one if kind else ""
        value = value._replace(label=TaggedText(word, current_language()))
    if value.label and isinstance(value.term, ox.NamedNode):
        own = getattr(value.label, "language", "")
        label = languages.marked(value.label, own or kinds.contents().language)
        local_path = addresses.page_path(value.term.value)
        if link := local_path or value.address:
            rel = Markup("") if local_path else Markup(' rel="nofollow"')
            return Markup('<a href="{}"{}>{}</a>').format(link, rel, label)
        return escape(label)
    return term_markup(value.term)


def term_markup(value: Term | None) -> Markup:
    """A term as HTML: an entry links to its page, another http(s) IRI to itself."""
    text = escape(shorten(value))
    if isinstance(value, ox.NamedNode):
        if local_path := addresses.page_path(value.value):
            return Markup('<a href="{}">{}</a>').format(local_path, text)
        if link := Cell(value).address:
            return Markup('<a href="{}" rel="nofollow">{}</a>').format(link, text)
    if isinstance(value, ox.Literal) and value.language:
        return Markup('<span lang="{}">{}</span>').format(value.language, text)
    return text

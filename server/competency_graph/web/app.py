"""The web application: its routes and what they share."""

from __future__ import annotations

from io import BytesIO
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox
from flask import Flask, Request, Response, request
from markupsafe import Markup, escape

from competency_graph.engines.backend import Backend
from competency_graph.engines.kept import Kept
from competency_graph.rdf.short_names import TaggedText, Term, local_name, shorten
from competency_graph.rdf.tables import Cell, in_words
from competency_graph.rdf.vocabulary import KIND_OF_CLASS
from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.sparql.saved_queries import Catalogue
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
from competency_graph.web.content import Content
from competency_graph.web.http import addresses, problems
from competency_graph.web.http.parameters import reject_repeated_parameters
from competency_graph.web.http.query_answers import EVERY_RESPONSE
from competency_graph.web.http.response_cache import CachedApplication, ResponseCache
from competency_graph.web.http.responses import static_site
from competency_graph.web.languages import pages as languages
from competency_graph.web.languages.texts import current_language
from competency_graph.web.monitoring import health, hooks
from competency_graph.web.monitoring.metrics import Metrics, recorder_of_hits
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
    pass


class _Request(Request):
    """A request whose files stay in memory, within the same limit as the rest of the body."""

    def _get_file_stream(self, *sizes: object, **more: object) -> IO[bytes]:
        return BytesIO()


def create_app(
    backend: Backend,
    content: Content | None = None,
    scheduler: Scheduler | None = None,
    catalogue: Catalogue | None = None,
    metrics: Metrics | None = None,
    cache: ResponseCache | None = None,
) -> Flask:
    """Create the application that serves one dictionary.

    Args:
        backend: answers the queries.
        content: what is known about the data without querying it.
        scheduler: decides which requests run, wait and are refused.
        catalogue: the saved queries; None for the published ones.
        metrics: counts requests.
        cache: keeps responses.
    """
    app = Flask(__name__)
    app.request_class = _Request
    app.config["MAX_CONTENT_LENGTH"] = backend.limits.body
    app.config["MAX_FORM_MEMORY_SIZE"] = backend.limits.body
    content = content or Content()
    scheduler = scheduler or Scheduler()
    app.extensions |= {
        "backend": backend,
        "sizes": content.sizes or {},
        "sources": content.sources or {},
        "graphs": content.graphs,
        "version": content.version,
        "links": content.links,
        "own": content.own,
        "archive": content.archive,
        "scheduler": scheduler,
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
    metrics = metrics or Metrics(content.version, scheduler)
    hooks.register(app, metrics)
    health.register(app, content.version, content.fault)
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
        response.headers.extend(EVERY_RESPONSE)
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
            response.headers.setdefault(
                "Access-Control-Allow-Headers", "Accept, Content-Type, If-None-Match, X-Request-ID"
            )
            response.headers["Access-Control-Max-Age"] = "86400"
        return response

    cache = cache or ResponseCache(recorder_of_hits(metrics))
    app.wsgi_app = CachedApplication(app.wsgi_app, cache)  # type: ignore[assignment,method-assign]
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

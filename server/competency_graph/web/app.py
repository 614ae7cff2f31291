"""The web application: its routes and what they share."""

from __future__ import annotations

import json

import pyoxigraph as ox
from flask import Flask, Response
from markupsafe import Markup, escape

from competency_graph.catalogue import Catalogue
from competency_graph.dictionary import Dictionary
from competency_graph.isolation import Evaluator, Limits
from competency_graph.naming import Term, shorten
from competency_graph.slots import Slots
from competency_graph.vocabulary import BASE
from competency_graph.web import endpoint, pages, problems, saved

MAX_BODY = 1_000_000
"""Bytes of a request's body; a longer one is answered 413."""


def create_app(
    dictionary: Dictionary,
    catalogue: Catalogue | None = None,
    limits: Limits | None = None,
    slots: Slots | None = None,
) -> Flask:
    """The application that serves one dictionary.

    Args:
        dictionary: what to serve; it is loaded here, so that the first request finds it ready.
        catalogue: the saved queries; the published ones if not given.
        limits: what one query may cost.
        slots: how many queries may run at once; one, in a single process, if not given.

    Raises:
        UnreadableInputError: the dictionary cannot be read.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY
    app.extensions["evaluator"] = Evaluator(dictionary.store, limits)
    app.extensions["slots"] = slots or Slots(workers=1, for_one=1, for_all=1)
    app.extensions["catalogue"] = Catalogue() if catalogue is None else catalogue
    app.jinja_env.filters["term"] = term
    app.register_blueprint(endpoint.blueprint)
    app.register_blueprint(saved.blueprint)
    app.register_blueprint(pages.blueprint)
    problems.register(app)

    @app.get("/health")
    def health() -> Response:
        """Say that this process answers, and from which version of the data."""
        body = {"status": "ok", "version": dictionary.version}
        return Response(json.dumps(body), mimetype="application/json")

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return app


def term(value: Term | None) -> Markup:
    """A term in a page: an entry links to what is said of it, another http(s) IRI to itself."""
    text = escape(shorten(value))
    if isinstance(value, ox.NamedNode):
        if value.value.startswith(BASE):
            return Markup('<a href="{}">{}</a>').format(pages.describe(value.value), text)
        if value.value.startswith(("http://", "https://")):
            return Markup('<a href="{}" rel="nofollow">{}</a>').format(value.value, text)
    if isinstance(value, ox.Literal) and value.language:
        return Markup('<span lang="{}">{}</span>').format(value.language, text)
    return text

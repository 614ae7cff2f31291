"""The pages that are no answer to a query."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> Response:
    """Say what is served, and offer the questions."""
    return Response(
        render_template("home.html", queries=current_app.extensions["catalogue"].values())
    )


def describe(iri: str) -> str:
    """The address of the page that says what is known of ``iri``."""
    return "/sparql?" + urlencode({"query": f"DESCRIBE <{iri}>"})


def as_format(name: str) -> str:
    """The address of what this page shows, in the format called ``name``."""
    parameters = [(key, value) for key, value in request.values.items(multi=True) if value]
    kept = [(key, value) for key, value in parameters if key != "format"]
    return f"{request.path}?{urlencode([*kept, ('format', name)])}"

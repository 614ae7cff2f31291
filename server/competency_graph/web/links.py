"""``/links``: the links to other frameworks."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request

from competency_graph.errors import BadValueError
from competency_graph.exporting.outline import MATCHES
from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.web.parameters import reject_unknown_parameters
from competency_graph.web.responses import respond
from competency_graph.web.saved_queries import served_catalogue

blueprint = Blueprint("links", __name__, url_prefix="/links")
PARAMETER_VALUES: Final = {"framework": tuple(FRAMEWORKS), "match": MATCHES}
"""The allowed values of each parameter."""


@blueprint.get("")
def links() -> Response:
    """Return the links to one framework with one kind of match, as a page or a table.

    Raises:
        BadValueError: the framework, the match or a parameter is unknown.
    """
    reject_unknown_parameters(*PARAMETER_VALUES, "format")
    query = served_catalogue()["links"]
    given = {}
    for name, allowed in PARAMETER_VALUES.items():
        given[name] = request.args.get(name) or ("esco" if name == "framework" else "closeMatch")
        if given[name] not in allowed:
            raise BadValueError(
                f"“{given[name]}” is not a valid value for the parameter “{name}”",
                f"Use one of {', '.join(allowed)}",
            )
    titles = {name: framework.title for name, framework in FRAMEWORKS.items()}
    return respond(
        query.text,
        "links.html",
        request.args.get("format", ""),
        query.bind(given),
        file_stem="-".join(["links", *given.values()]),
        given=given,
        titles=titles,
        matches=MATCHES,
    )

"""``/links``: the links to other frameworks."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request

from competency_graph.errors import BadValueError
from competency_graph.exporting.outline import MATCHES
from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.web.parameters import refuse_others
from competency_graph.web.responses import respond
from competency_graph.web.saved_queries import catalogue_served

blueprint = Blueprint("links", __name__, url_prefix="/links")
CHOICES: Final = {"framework": tuple(FRAMEWORKS), "match": MATCHES}
"""The values of each parameter, that of the first request first."""


@blueprint.get("")
def links() -> Response:
    """The links to one framework by one kind of match, as a page or in any format of tables.

    Raises:
        BadValueError: there is no such framework, match or parameter.
    """
    refuse_others(*CHOICES, "format")
    query = catalogue_served()["links"]
    given = {}
    for name, values in CHOICES.items():
        given[name] = request.args.get(name) or ("esco" if name == "framework" else "closeMatch")
        if given[name] not in values:
            raise BadValueError(
                f"“{given[name]}” is not a valid value for the parameter “{name}”",
                f"Use one of {', '.join(values)}",
            )
    titles = {name: framework.title for name, framework in FRAMEWORKS.items()}
    return respond(
        query.text,
        "links.html",
        request.args.get("format", ""),
        query.bind(given),
        file="-".join(["links", *given.values()]),
        given=given,
        titles=titles,
        matches=MATCHES,
    )

"""``/``: the dictionary at a glance."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, render_template, request

from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.web.browse.entry_groups import read_members
from competency_graph.web.browse.kinds import contents
from competency_graph.web.browse.links import link_numbers
from competency_graph.web.browse.matrix import read_matrix
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.publication.structured_data import of_dictionary
from competency_graph.web.querying.saved_queries import served_catalogue

blueprint = Blueprint("home", __name__)
MAX_ROLES, MAX_AREAS = 12, 40
"""The size up to which the matrix of roles and areas stands on the first page."""
_EXAMPLE_QUESTIONS: Final = {"role": "role-knowledge", "area": "area-sizes"}
"""The question to begin with, by the first kind of which the dictionary has entries."""


@blueprint.get("/")
def home() -> Response:
    """Show the roles and areas, the competencies, and where to go from here."""
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    served = contents()
    small = served.count("role") <= MAX_ROLES and served.count("area") <= MAX_AREAS
    matrix = read_matrix() if small else None
    competencies = read_members("competency", 1)
    catalogue = served_catalogue()
    question = next((q for kind, q in _EXAMPLE_QUESTIONS.items() if served.count(kind)), "")
    return Response(
        render_template(
            "home.html",
            matrix=matrix if matrix and matrix.fits(MAX_ROLES, MAX_AREAS) else None,
            clusters=[group for group in competencies.groups if group.head],
            questions=len(catalogue),
            example=catalogue.get(question) if question else None,
            links=_link_counts(),
            structured=of_dictionary(served.dictionaries[0]) if served.dictionaries else {},
        )
    )


def _link_counts() -> dict[str, int]:
    """The number of links to each framework that has any, by its title."""
    counts = {
        framework.title: sum(of.links for (to, _), of in link_numbers().items() if to == name)
        for name, framework in FRAMEWORKS.items()
    }
    return {title: number for title, number in counts.items() if number}

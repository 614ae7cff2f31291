"""``/``: the dictionary at a glance."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, render_template, request

from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.rdf.short_names import Term, shorten
from competency_graph.web.browse.kinds import contents
from competency_graph.web.browse.links import link_numbers
from competency_graph.web.browse.matrix import read_matrix
from competency_graph.web.http.kept import kept
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import query_rows
from competency_graph.web.publication.structured_data import of_dictionary
from competency_graph.web.querying.saved_queries import page_query, served_catalogue

blueprint = Blueprint("home", __name__)
MAX_ROLES, MAX_AREAS = 12, 40
"""The size up to which the matrix of roles and areas stands on the first page."""
_EXAMPLE_QUESTION: Final = "role-knowledge"


@blueprint.get("/")
def home() -> Response:
    """Show the roles and areas, the competencies, and where to go from here."""
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    served = contents()
    small = served.count("role") <= MAX_ROLES and served.count("area") <= MAX_AREAS
    matrix = read_matrix() if small else None
    catalogue = served_catalogue()
    return Response(
        render_template(
            "home.html",
            matrix=matrix if matrix and matrix.fits(MAX_ROLES, MAX_AREAS) else None,
            clusters=kept("clusters", _clusters),
            questions=len(catalogue),
            example=catalogue.get(_EXAMPLE_QUESTION),
            links=_link_counts(),
            structured=of_dictionary(served.dictionaries[0]) if served.dictionaries else {},
        )
    )


def _clusters() -> list[tuple[Term, str, list[tuple[Term, str]]]]:
    """The clusters with their labels, each with its competencies and their labels."""
    query = page_query("cluster-competencies")
    found: dict[Term, tuple[Term, str, list[tuple[Term, str]]]] = {}
    for cluster, label, competency, name, *_ in query_rows(query.text, query.bind({})):
        if cluster is not None and competency is not None:
            of_cluster = found.setdefault(cluster, (cluster, shorten(label or cluster), []))
            of_cluster[2].append((competency, shorten(name or competency)))
    return list(found.values())


def _link_counts() -> dict[str, int]:
    """The number of links to each framework that has any, by its title."""
    counts = {
        framework.title: sum(of.links for (to, _), of in link_numbers().items() if to == name)
        for name, framework in FRAMEWORKS.items()
    }
    return {title: number for title, number in counts.items() if number}

"""``/matrix``: which role covers which area, and what each role requires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from flask import Blueprint, Response, current_app, render_template, request

from competency_graph.rdf.short_names import Term, shorten
from competency_graph.web.response_cache import CACHEABLE
from competency_graph.web.responses import query_rows
from competency_graph.web.saved_queries import page_query

blueprint = Blueprint("matrix", __name__)
_CELLS: Final = "role-area-matrix"
_DEMAND: Final = "role-demand"


class Head(NamedTuple):
    """A role or area, as the head of a row or column.

    Args:
        term: its IRI.
        label: its label.
    """

    term: Term
    label: str


@dataclass(frozen=True)
class Matrix:
    """The roles, the areas, and which role covers which area.

    Args:
        roles: the roles, in the order of their codes.
        areas: the areas, in the order of their codes.
        covered: the pairs of a role and an area that it covers.
        demand: for each role, the numbers of areas, knowledge entries and abilities it requires.
    """

    roles: Sequence[Head]
    areas: Sequence[Head]
    covered: frozenset[tuple[Term, Term]]
    demand: dict[Term, tuple[int, int, int]]

    def fits(self, max_roles: int, max_areas: int) -> bool:
        """Whether it has roles and areas, and at most so many."""
        return 0 < len(self.roles) <= max_roles and 0 < len(self.areas) <= max_areas


def read_matrix() -> Matrix:
    """Query the matrix of the served dictionary."""
    roles: dict[Term, Head] = {}
    areas: dict[Term, Head] = {}
    covered = set()
    cells = page_query(_CELLS)
    for area, area_label, role, role_label, covers, *_ in query_rows(cells.text, cells.bind({})):
        if area is None or role is None:
            continue
        areas.setdefault(area, Head(area, shorten(area_label or area)))
        roles.setdefault(role, Head(role, shorten(role_label or role)))
        if shorten(covers) == "true":
            covered.add((role, area))
    demand = {}
    totals = page_query(_DEMAND)
    for role, _, *numbers in query_rows(totals.text, totals.bind({})):
        if role is not None:
            number_of_areas, knowledge, abilities = (int(shorten(number)) for number in numbers)
            demand[role] = number_of_areas, knowledge, abilities
    return Matrix(list(roles.values()), list(areas.values()), frozenset(covered), demand)


@blueprint.get("/matrix")
def matrix() -> Response:
    """Show the whole matrix."""
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    return Response(render_template("matrix.html", matrix=read_matrix()))

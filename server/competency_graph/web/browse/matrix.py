"""``/matrix``: which role covers which area, and what each role requires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, render_template, request

from competency_graph.errors import BadValueError
from competency_graph.rdf.short_names import Term
from competency_graph.sparql.entry_view import Item
from competency_graph.sparql.parameters import bind
from competency_graph.sparql.saved_queries import Parameter, SavedQuery
from competency_graph.web.browse.entry_groups import part_counts, read_choices, roles_of_areas
from competency_graph.web.browse.paging import page_in, page_number
from competency_graph.web.http.kept import kept_by_language
from competency_graph.web.http.parameters import reject_unknown_parameters
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import query_rows
from competency_graph.web.languages.texts import N_, Message

blueprint = Blueprint("matrix", __name__)
ORDERS: Final = {"code": N_("by code"), "roles": N_("by number of roles")}
"""The orders of the areas, and what the page calls them."""
_MAX_HEADS: Final = 5_000
"""The number of roles or areas beyond which there is no matrix."""
_MAX_COLUMNS, _MAX_ROWS = 24, 60
"""The number of roles, and of areas, on a page."""
_MAX_SELECTABLE: Final = 60
"""The number of roles up to which the form lists them; otherwise one is typed."""
_ROLE: Final = SavedQuery("matrix", "", "", (Parameter("role", "cg:Role", "", ""),), "")


@dataclass(frozen=True)
class Matrix:
    """The roles, the areas, and which role covers which area.

    Args:
        roles: the roles, in the order of their codes.
        areas: the areas, in the order of their codes.
        covered: the pairs of a role and an area that it covers.
        demand: for each role, the numbers of areas, knowledge entries and abilities it requires.
    """

    roles: Sequence[Item]
    areas: Sequence[Item]
    covered: frozenset[tuple[Term, Term]]
    demand: dict[Term, tuple[int, int, int]]

    def fits(self, max_roles: int, max_areas: int) -> bool:
        """Whether it has roles and areas, and at most so many."""
        return 0 < len(self.roles) <= max_roles and 0 < len(self.areas) <= max_areas

    def number_of_roles(self, area: Term) -> int:
        """The number of roles that cover an area."""
        return sum((role.term, area) in self.covered for role in self.roles)

    def of_role(self, role: Term) -> Matrix:
        """Only the areas that a role covers, with this role first."""
        roles = sorted(self.roles, key=lambda item: item.term != role)
        areas = [area for area in self.areas if (role, area.term) in self.covered]
        return replace(self, roles=roles, areas=areas)

    def by_number_of_roles(self) -> Matrix:
        """The areas that most roles cover first, else in the same order."""
        areas = sorted(self.areas, key=lambda area: -self.number_of_roles(area.term))
        return replace(self, areas=areas)


def read_matrix() -> Matrix:
    """The matrix of the served dictionary; it is empty if there are too many of a kind."""
    return kept_by_language("matrix", _query_matrix)


def _query_matrix() -> Matrix:
    roles, areas = read_choices("role", _MAX_HEADS), read_choices("area", _MAX_HEADS)
    covered = {
        (role.term, area) for area, covering in roles_of_areas().items() for role in covering
    }
    demand = {
        role: (counts.get("area", 0), counts.get("knowledge", 0), counts.get("ability", 0))
        for role, counts in part_counts("role").items()
    }
    return Matrix(roles, areas, frozenset(covered), demand)


@blueprint.get("/matrix")
def matrix() -> Response:
    """Show the matrix: all areas or those of one role, by code or by number of roles.

    Raises:
        BadValueError: the role, the order, the number of the page or a parameter is unknown.
    """
    reject_unknown_parameters("role", "order", "page")
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    order = request.args.get("order") or "code"
    if order not in ORDERS:
        raise BadValueError(
            Message(N_("there is no order “%(name)s”"), name=order),
            Message(N_("Use one of %(names)s"), names=", ".join(ORDERS)),
        )
    whole = shown = read_matrix()
    role = _role()
    if role is not None:
        shown = shown.of_role(role)
    if order == "roles":
        shown = shown.by_number_of_roles()
    page = page_in(shown.areas, page_number(), _MAX_ROWS)
    on_page = replace(shown, roles=shown.roles[:_MAX_COLUMNS], areas=page.rows)
    return Response(
        render_template(
            "matrix.html",
            matrix=on_page,
            counts={area.term: whole.number_of_roles(area.term) for area in page.rows},
            whole=whole,
            shown=shown,
            page=page,
            role=role,
            order=order,
            orders=ORDERS,
            selectable=len(whole.roles) <= _MAX_SELECTABLE,
        )
    )


def _role() -> ox.NamedNode | None:
    """The role that the request names by its IRI, label or code, if any."""
    given = request.args.get("role", "")
    if not given.strip():
        return None
    role = bind(_ROLE, {"role": given}, query_rows)[ox.Variable("role")]
    return role if isinstance(role, ox.NamedNode) else None

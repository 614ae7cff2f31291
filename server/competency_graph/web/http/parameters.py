"""Checks of the parameters of a request."""

from __future__ import annotations

import difflib

from flask import request

from competency_graph.errors import BadValueError
from competency_graph.web.languages.negotiation import PARAMETER
from competency_graph.web.languages.texts import N_, Message

_REPEATABLE = frozenset(("default-graph-uri", "named-graph-uri"))
"""Parameters that may be repeated (SPARQL 1.1 Protocol, section 2.1.4)."""
_REPEATABLE_AT = {"/compare": frozenset(("entry",))}
"""Parameters that may be repeated at one path only."""


def reject_repeated_parameters() -> None:
    """Reject a request whose address repeats a parameter.

    Raises:
        BadValueError: a parameter is given more than once.
    """
    repeatable = _REPEATABLE | _REPEATABLE_AT.get(request.path, frozenset())
    for name, values in request.args.lists():
        if len(values) > 1 and name not in repeatable:
            raise BadValueError(
                Message(
                    N_("the parameter “%(name)s” is given %(number)s times"),
                    name=name, number=len(values),
                ),
                Message(N_("Give it one value")),
            )  # fmt: skip


def reject_unknown_parameters(*known: str) -> None:
    """Reject a request with unknown parameters.

    Raises:
        BadValueError: a parameter is unknown; the remedy names the most similar one.
    """
    for name in request.args:
        if name not in (*known, PARAMETER):
            near = difflib.get_close_matches(name, known, n=1)
            remedy = (
                Message(N_("Use %(name)s, if you mean that"), name=near[0])
                if near
                else Message(N_("Leave it out; this address has %(names)s"), names=", ".join(known))
            )
            what = Message(N_("there is no parameter “%(name)s” here"), name=name)
            raise BadValueError(what, remedy)

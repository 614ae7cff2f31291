"""What the parameters of a request may be."""

from __future__ import annotations

import difflib

from flask import request

from competency_graph.errors import BadValueError

_SEVERAL = frozenset(("default-graph-uri", "named-graph-uri"))
"""Parameters that may be repeated (SPARQL 1.1 Protocol, section 2.1.4)."""


def refuse_repeated() -> None:
    """Let a request pass that gives each parameter of its address one value.

    Raises:
        BadValueError: one is given more than once.
    """
    for name, values in request.args.lists():
        if len(values) > 1 and name not in _SEVERAL:
            raise BadValueError(
                f"the parameter “{name}” is given {len(values)} times", "Give it one value"
            )


def refuse_others(*known: str) -> None:
    """Let a request pass that has no other parameters than these.

    Raises:
        BadValueError: it has another; the remedy names the nearest.
    """
    for name in request.args:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            remedy = f"Use {near[0]}, if you mean that" if near else f"There are {', '.join(known)}"
            raise BadValueError(f"there is no parameter “{name}” here", remedy)

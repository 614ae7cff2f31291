"""Which of several labels a query returns: the reader's language first, then English."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from competency_graph.rdf.rows import Bindings

LABEL_ORDER: Final = """\
DESC(LANGMATCHES(LANG(?label), ?language)) DESC(LANGMATCHES(LANG(?label), "en"))"""
"""For ORDER BY: of the values of ``?label``, those in ``?language`` first, then the English ones.

The query selects ``?language``, as only then can it be bound.
"""


def in_language(language: str) -> Bindings:
    """The binding of ``?language``.

    Args:
        language: a tag of BCP 47.
    """
    return {ox.Variable("language"): ox.Literal(language)}

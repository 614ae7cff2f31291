"""Templates of queries: what they are without their IRIs, texts and comments.

Programs send the same query again and again with another IRI, text or comment. The grammar of
SPARQL (1.1 Query Language, section 19.8) is context-free over tokens, so another token of the same
kind changes nothing about whether a query is valid and allowed. What may change more is part of the
template as it is:

- the prologue, as its IRIs decide what names mean;
- an IRI that a parser might refuse, or take for “less than”;
- white space, as a comment is not allowed everywhere where white space is, as in ``()``.

A query that cannot be divided surely into tokens has no template: one with an escape, a string in
three quotes, or a quote or ``#`` shortly after ``<``. Nor has one with a word that is refused even
in some IRIs or texts (`sparql/query_text.py`, `sparql/extensions.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from competency_graph.engines.plain_queries import BEGINNING, kind_of_plain

_TAIL: Final = r"[A-Za-z0-9._~!$&*+,;=@/?-]*+"
_TOKEN: Final = re.compile(
    rf"""
    <https?://[A-Za-z0-9.-]++(?:/{_TAIL})?+(?:\#{_TAIL})?+>
  | \"[^"\\\r\n]*+\" | '[^'\\\r\n]*+'
  | \#[^\r\n]*+
  | <[^<>\s"'\#]*+["'\#] (?P<unclear>)
    """,
    re.VERBOSE,
)
"""What is replaced. Outside of texts and comments, ``//`` is nowhere but in IRIs."""
_UNCLEAR: Final = ("\\", '"""', "'''", "\0", "SERVICE", "<BIF:", "<SQL:", "<JAVA:")
_MARK: Final = "\0"
_NO_TEMPLATE: Final = "\0\0"


@lru_cache(16)  # as it is needed again when the query has been checked
def template(text: str) -> str:
    """The template of a query, which has marks instead of its IRIs, texts and comments.

    Args:
        text: the query; it need not be valid.

    Returns:
        The template; "" if the query has none.
    """
    beginning, upper = BEGINNING.match(text), text.upper()
    if beginning is None or any(unclear in upper for unclear in _UNCLEAR):
        return ""
    made = beginning[0] + _TOKEN.sub(_marked, text[beginning.end() :])
    return "" if _NO_TEMPLATE in made else made


def stands_for_others(text: str) -> bool:
    """Whether all queries with the template of a valid one are valid, allowed and of its kind.

    A plain query has no FROM, which may name a graph that is not allowed, and calls no function by
    an IRI, which an engine may lack, and misses only if it does not leave out the call.
    """
    return bool(template(text) and kind_of_plain(text))


def _marked(token: re.Match[str]) -> str:
    return _MARK + token[0][0] if token.lastgroup is None else _NO_TEMPLATE

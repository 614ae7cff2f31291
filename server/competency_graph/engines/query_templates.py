"""Templates of queries: two queries with the same template are both valid, or neither is.

Programs send the same query again and again with another IRI, text or comment. The grammar of
SPARQL (1.1 Query Language, section 19.8) is context-free over tokens, so another token of the same
kind changes nothing about the syntax. What may change more is part of the template as it is:

- the prologue, as its IRIs decide what names mean;
- an IRI before a parenthesis, as it may name a function that the parser does not know;
- an IRI that a parser might refuse, or take for “less than”;
- white space, as a comment is not allowed everywhere where white space is, as in ``()``.

A query that cannot be divided surely into tokens has no template: one with an escape, a string in
three quotes, or a quote or ``#`` shortly after ``<``. FROM and SERVICE may have IRIs that are not
allowed, so only a query that `plain_queries` recognizes may stand for its template.
"""

from __future__ import annotations

import re
from typing import Final

from competency_graph.engines.plain_queries import BEGINNING

_TAIL: Final = r"[A-Za-z0-9._~!$&()*+,;=:@/?-]*+"
_IRI: Final = rf"<https?://[A-Za-z0-9.-]++(?:/{_TAIL})?+(?:\#{_TAIL})?+>"
"""An absolute IRI of ASCII characters; ``//`` is nowhere else outside of texts and comments."""
_TOKEN: Final = re.compile(
    rf"""
    {_IRI} (?!\s*[(\#])
  | \"[^"\\\r\n]*+\" | '[^'\\\r\n]*+'
  | \#[^\r\n]*+
  | {_IRI} (?P<fixed>)
  | <[^<>\s"'\#]*+["'\#] (?P<unclear>)
  | ["'] (?P<open>)
    """,
    re.VERBOSE,
)
_UNCLEAR: Final = ("\\", '"""', "'''", "\0")
_MARK: Final = "\0"
_NO_TEMPLATE: Final = "\0\0"


def template(text: str) -> str:
    """The template of a query, which has marks instead of its IRIs, texts and comments.

    Args:
        text: the query; it need not be valid.

    Returns:
        The template; "" if the query has none.
    """
    beginning = BEGINNING.match(text)
    if beginning is None or any(unclear in text for unclear in _UNCLEAR):
        return ""
    made = beginning[0] + _TOKEN.sub(_marked, text[beginning.end() :])
    return "" if _NO_TEMPLATE in made else made


def _marked(token: re.Match[str]) -> str:
    match token.lastgroup:
        case None:
            return _MARK + token[0][0]
        case "fixed":
            return token[0]
    return _NO_TEMPLATE

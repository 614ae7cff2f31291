"""Queries that may be sent to another server before they are parsed here.

Parsing takes as long as many a query. What the parser would refuse afterwards must do no harm: the
other server rejects what is not valid as well, but it may allow what is not allowed here, and know
statements that are not SPARQL. So this looks for every word that could begin such a thing, and
leaves a query to the parser even if the word is only part of a name or a comment. It runs in the
event loop, so its expressions take time in proportion to the length of the text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from competency_graph.sparql.query_text import KINDS, PROLOGUE

MAX_CHARACTERS: Final = 4_000
MAX_DEPTH: Final = 100
"""The most brackets and negations that a query may open; far fewer than a parser can nest."""
BEGINNING: Final = re.compile(rf"{PROLOGUE}({'|'.join(KINDS)})\b", re.IGNORECASE)
"""The prologue of a query, and the word that says what kind of query it is."""
_SUSPICIOUS: Final = re.compile(
    r"SERVICE|FROM"
    r"|INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH"
    r"|MODIFY|DEFINE|OPTION(?!AL)|BIF|SQL|`"  # of Virtuoso
    r"|JAVA:"  # of Jena
    r"|\\"  # any of these may be escaped
)
"""Each alternative begins with a character, so `re` skips others three times faster."""
_SPACES: Final = " \t\r\n"
"""What separates tokens (section 19.8), unlike other white space of Unicode."""


@lru_cache(16)  # as it is needed again when the query has been checked
def kind_of_plain(text: str) -> str:
    """The kind of answer of a query that surely only reads, as of `query_text.kind`, else "".

    The query may be invalid, and then the kind is only a guess.
    """
    if len(text) > MAX_CHARACTERS or sum(map(text.count, "{([!")) > MAX_DEPTH:
        return ""
    beginning = BEGINNING.match(text)
    if beginning is None or _SUSPICIOUS.search(text.upper()) or _may_call(text):
        return ""
    return KINDS[beginning[1].upper()]


def _may_call(text: str) -> bool:
    """Whether a bracket may follow an IRI or its short form, which may be a function of an engine.

    A comment may be between them.
    """
    place = text.find("(")
    while place >= 0:
        before = text[:place].rstrip(_SPACES)
        line = before[max(map(before.rfind, "\r\n")) + 1 :]
        word = line[max(map(line.rfind, _SPACES)) + 1 :]
        if word.endswith(">") or ":" in word or ("#" in line and len(before) < place):
            return True
        place = text.find("(", place + 1)
    return False

"""Refuses what only some engines know: functions that SPARQL does not have, and IRIs of extensions.

The embedded engine has none of them. Another one may have functions that fetch addresses or read
files, such as ``bif:http_get`` of Virtuoso or ``java:`` of Jena, and call them even where a query
cannot have a result.
"""

from __future__ import annotations

import re
from typing import Final

from competency_graph.errors import RefusedError
from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.sparql.query_text import GAP, line_column, possible_tokens, unescaped

_CASTS: Final = frozenset((
    "boolean", "double", "float", "decimal", "integer", "dateTime", "string", "date", "time",
    "duration", "dayTimeDuration", "yearMonthDuration",
))  # fmt: skip
"""The local names of the functions named by IRIs: casts (SPARQL 1.1, section 17.5), and those of
further datatypes that the embedded engine has."""
_XSD: Final = PREFIXES["xsd"]
_SCHEME: Final = re.compile(r"<(?:bif|sql|java):", re.IGNORECASE)
_LOCAL_NAME: Final = r"(?:[^ \t\r\n<>\"'(){}\[\];,|^`\\#/*?!=&+$@~]|\\.)*"
_CALL: Final = re.compile(rf"(?:<([^<>\s]*)>|((?:[^\W\d_][\w.-]*)?):({_LOCAL_NAME})){GAP}*\(")
"""A name may have characters that `re` takes for others, such as U+00B7 and U+1680."""
_DECLARATION: Final = re.compile(rf"((?:[^\W\d_][\w.-]*)?):{GAP}*<([^<>\s]*)>")
_LISTED: Final = re.compile(r"(?:(?<![\w.-])[?$]\w+|[;\"'\]]|:[\w.-]*)\s*$")
"""What surely stands before a property whose value is a list in brackets (section 4.2.4). ``>``
does not, as it may mean "greater than"."""
_WITH_CONDITIONS: Final = re.compile(r"\b(?:ORDER|GROUP|HAVING)\b", re.IGNORECASE)
"""Clauses in which a call may follow a variable."""
_WINDOW: Final = 300
"""How many characters before a property are looked at."""


def check_no_extensions(text: str) -> None:
    """Refuse a query that calls functions which SPARQL does not have, or names extensions.

    Raises:
        RefusedError: it does.
    """
    text = unescaped(text)
    if found := _SCHEME.search(text):
        scheme = found[0][1:]
        raise _refusal(text, found.start(), f"the query names {scheme}, an extension of one engine")
    if not _CALL.search(text):
        return
    spaces: dict[str, set[str]] = {}
    for prefix, iri in _DECLARATION.findall(text):
        spaces.setdefault(prefix, set()).add(iri)
    may_follow_variable = _WITH_CONDITIONS.search(text) is not None
    for kind, _, start in sorted(possible_tokens(text), key=lambda token: token.start):
        call = _CALL.match(text, start) if kind in ("iri", "name") else None
        if call is None or _is_cast(call, spaces):
            continue
        before = text[max(0, start - _WINDOW) : start]
        if may_follow_variable or "#" in before or not _LISTED.search(before):
            name = call[0].rstrip("(").rstrip()
            raise _refusal(text, start, f"the query calls {name}, a function that SPARQL lacks")


def _is_cast(call: re.Match[str], spaces: dict[str, set[str]]) -> bool:
    iri, prefix, local = call.groups()
    if iri is not None:
        return iri.startswith(_XSD) and iri.removeprefix(_XSD) in _CASTS
    return spaces.get(prefix) == {_XSD} and local in _CASTS


def _refusal(text: str, place: int, what: str) -> RefusedError:
    remedy = "Use the functions of SPARQL 1.1 (sections 17.4 and 17.5)"
    return RefusedError(what, remedy, "query", *line_column(text, place))

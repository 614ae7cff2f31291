"""Query texts: tokens, and checks for what is not allowed.

The engine parses and evaluates queries (SPARQL 1.1 Query Language). Fetching from a ``SERVICE``
cannot be disabled in it, so such queries are refused here before the engine sees them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import urljoin

from competency_graph.errors import RefusedError

_STRING: Final = r"""
    \"\"\"(?:\\.|[^\\])*?\"\"\" | \'\'\'(?:\\.|[^\\])*?\'\'\'
  | \"(?:\\.|[^\\"\r\n])*\" | '(?:\\.|[^\\'\r\n])*'
"""
_IRI: Final = r"""<[^<>"{}|^`\\\x00-\x20]*>"""
_TOKEN = re.compile(
    rf"""
    (?P<space> (?: \s | \#[^\r\n]* )+ )
  | (?P<string> {_STRING} )
  | (?P<iri> {_IRI} )
  | (?P<variable> [?$]\w+ )
  | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
  | (?P<blank> _:[\w.-]+ )
  | (?P<name> (?:[^\W\d_][\w.-]*)? : (?:[\w:%-]|\\.|\.+(?=[\w:%\\-]))* )
  | (?P<word> [^\W\d]\w* )
  | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
GAP = r"(?:\s|\#[^\r\n]*(?:[\r\n]|$))"
PROLOGUE: Final = rf"(?:{GAP}|(?:PREFIX{GAP}*(?:[^\W\d_][\w.-]*)?:|BASE){GAP}*<[^<>\s]*>)*"
"""Matches the declarations at the beginning of a query, in any case (section 4.1.1)."""
_PROLOGUE: Final = re.compile(PROLOGUE, re.IGNORECASE)
# Each alternative begins with a character of its own, so that the others are skipped quickly.
_HIDING: Final = re.compile(rf"{_STRING} | {_IRI} | \#[^\r\n]*", re.VERBOSE | re.DOTALL)
_FROM: Final = re.compile(r"(?<![\w?$])FROM(?!\w)", re.IGNORECASE)
ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
"""Matches the start of an IRI in brackets that needs no base."""
_NONDETERMINISTIC = re.compile(r"\b(NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)
_SERVICE = re.compile(rf"SERVICE{GAP}*(?:SILENT{GAP}*)?(?:[<?$]|[\w.-]*:)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
KINDS = {"SELECT": "table", "ASK": "boolean", "CONSTRUCT": "graph", "DESCRIBE": "graph"}
"""The kinds of answers, by the word that begins a query."""
_UPDATE_KEYWORDS = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
)


class Token(NamedTuple):
    """A token: its kind (a group of the grammar above), its text, and its offset."""

    kind: str
    text: str
    start: int


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """Yield the tokens of ``text``, without white space and comments (SPARQL 1.1, section 19.8).

    Args:
        text: a query or an update.
        start: the offset of the first token.
    """
    for match in _TOKEN.finditer(text, start):
        if match.lastgroup != "space":
            yield Token(str(match.lastgroup), match.group(), match.start())


@lru_cache(8)
def tokenized(text: str) -> tuple[Token, ...]:
    """All `tokens` of ``text``; those of a few texts are kept, as several checks need them."""
    return tuple(tokens(text))


@lru_cache(8)
def masked(text: str) -> str:
    """``text`` with spaces instead of comments and of what strings contain, and as long as it."""
    return _HIDING.sub(_mask, text)


def _mask(match: re.Match[str]) -> str:
    found = match[0]
    match found[0]:
        case "<":
            return found
        case "#":
            return " " * len(found)
    return f"{found[0]}{' ' * (len(found) - 2)}{found[0]}"


def is_deterministic(text: str) -> bool:
    """Whether a query calls no function whose result differs from call to call."""
    upper = text.upper()
    if "\\U" in upper:  # an escaped character may be part of a name (section 19.2)
        return False
    # to look for these is ten times faster, and few queries have them
    if "NOW" in upper or "RAND" in upper or "UUID" in upper or "BNODE" in upper:
        return not _NONDETERMINISTIC.search(text)
    return True


def check_read_only(text: str, graphs: Collection[str], base: str = "") -> None:
    """Refuse a query unless it only reads the graphs of this service.

    Args:
        text: the query.
        graphs: the IRIs of the graphs that ``FROM`` and ``FROM NAMED`` may name.
        base: the base of its relative IRIs, unless it declares BASE.

    Raises:
        RefusedError: it is an update, or reads another service or graph.
    """
    text = unescaped(text)
    place = _find_service(text)
    if place is not None:
        raise RefusedError(
            "this query calls another service (SERVICE), which is not allowed here",
            "Query that service yourself and join the answers, or load its data as well",
            "query",
            *line_column(text, place),
        )
    verb = _query_form(text)
    if verb is not None and verb.text.upper() in _UPDATE_KEYWORDS:
        raise RefusedError(
            f"this is an update ({verb.text.upper()}), but the dictionary is read-only here",
            "Use SELECT, ASK, CONSTRUCT or DESCRIBE; to change the dictionary, edit its files",
            "query",
            *line_column(text, verb.start),
        )
    for token, iri in graphs_named(text, base):
        if iri not in graphs:
            raise RefusedError(
                f"FROM names {token.text}, which is not a graph of this service",
                "Remove FROM, or name one of " + ", ".join(f"<{graph}>" for graph in graphs),
                "query",
                *line_column(text, token.start),
            )


def _find_service(text: str) -> int | None:
    """The offset of a SERVICE clause under any tokenization of ``text``."""
    if "service" not in text.lower():
        return None
    words = (token.start for token in possible_tokens(text) if token.kind == "word")
    return next((start for start in words if _SERVICE.match(text, start)), None)


def possible_tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of ``text`` under any tokenization, in no order.

    ``<`` either opens an IRI or means "less than", which only the engine's parser can decide:
    ``?a<?b#>`` can be both. So both tokenizations are followed.
    """
    pending, seen = [0], {0}
    while pending:
        position = pending.pop()
        match = _TOKEN.match(text, position)
        if match is None:
            continue
        if match.lastgroup != "space":
            yield Token(str(match.lastgroup), match.group(), position)
        ends = {match.end(), position + 1} if match.lastgroup == "iri" else {match.end()}
        for end in ends - seen:
            seen.add(end)
            pending.append(end)


def unescaped(text: str) -> str:
    """Replace the codepoint escapes in ``text`` (section 19.2) by their characters."""
    return _ESCAPE.sub(_unescape, text) if "\\" in text else text


def _unescape(match: re.Match[str]) -> str:
    """The character of a codepoint escape, if that exists."""
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 else match[0]


def is_prefix_word(token: Token) -> bool:
    """Whether a token begins a prefix declaration."""
    return token.kind == "word" and token.text.upper() == "PREFIX"


def _query_form(text: str) -> Token | None:
    """The first token after the prologue, such as SELECT."""
    prologue = _PROLOGUE.match(text)
    return next(tokens(text, prologue.end() if prologue else 0), None)


def graphs_named(text: str, base: str = "", ranged: bool = False) -> list[tuple[Token, str]]:
    """The graphs named in FROM and FROM NAMED, as tokens and absolute IRIs.

    Args:
        text: the query.
        base: the base of its relative IRIs, unless it declares BASE.
        ranged: whether to return only those of FROM NAMED, which GRAPH ranges over.
    """
    if "from" not in text.lower() or not _FROM.search(text):
        return []
    graphs, after = [], ""
    for token, iri in iris(text, base):
        word = token.text.upper() if token.kind == "word" else ""
        if iri and after and (after == "NAMED" or not ranged):
            graphs.append((token, iri))
        after = word if word == "FROM" or (after and word == "NAMED") else ""
    return graphs


def iris(text: str, base: str = "") -> Iterator[tuple[Token, str]]:
    """Yield each token outside prologue declarations with the IRI that it denotes, else ""."""
    prefixes: dict[str, str] = {}
    found = iter(tokenized(text))
    for token in found:
        if is_prefix_word(token):
            name, iri = next(found, None), next(found, None)
            if name and iri:
                prefixes[name.text] = _resolve(iri.text, base)
        elif token.kind == "word" and token.text.upper() == "BASE":
            iri = next(found, None)
            base = _resolve(iri.text, base) if iri else base
        elif token.kind == "iri":
            yield token, _resolve(token.text, base)
        elif token.kind == "name":
            prefix, local = token.text.split(":", 1)
            namespace = prefixes.get(prefix + ":")
            yield token, "" if namespace is None else namespace + local
        else:
            yield token, ""


def _resolve(written: str, base: str) -> str:
    """Resolve an IRI in brackets against the base (RFC 3986, section 5.2)."""
    iri = written[1:-1]
    if not base or ABSOLUTE.match(written):
        return iri
    found = urljoin(base, iri)
    return f"{found}#" if iri.endswith("#") and not found.endswith("#") else found


def with_column_order(text: str, columns: Collection[str]) -> str:
    """Spell out ``SELECT *``, with the variables in order of appearance.

    The standard leaves the order open and engines differ; this one is what users expect.

    Args:
        text: a valid query.
        columns: the variables that ``*`` stands for.
    """
    verb = _query_form(text)
    if verb is None or verb.text.upper() != "SELECT":
        return text
    found = tokens(text, verb.start + len(verb.text))
    star = next(found, None)
    if star and star.text.upper() in ("DISTINCT", "REDUCED"):
        star = next(found, None)
    if star is None or star.text != "*":
        return text
    names = dict.fromkeys(token.text[1:] for token in found if token.kind == "variable")
    ordered = [name for name in names if name in columns]
    if len(ordered) != len(columns) or ordered == list(columns):
        return text
    listed = " ".join(f"?{name}" for name in ordered)
    return f"{text[: star.start]} {listed} {text[star.start + 1 :]}"


def kind(text: str) -> str | None:
    """The kind of answer: ``table``, ``boolean`` or ``graph``; None if this is not a query."""
    verb = _query_form(text)
    return KINDS.get(verb.text.upper()) if verb else None


def closing_index(found: Sequence[Token], index: int, opens: str = "{", closes: str = "}") -> int:
    """The index of the token that closes the one at ``index``; the number of tokens if none."""
    depth = 0
    for place in range(index, len(found)):
        depth += {opens: 1, closes: -1}.get(found[place].text, 0)
        if not depth:
            return place
    return len(found)


def line_column(text: str, position: int) -> tuple[int, int]:
    """Line and column, both counted from 1, of an offset in ``text``."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)

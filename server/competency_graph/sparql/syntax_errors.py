"""Explains syntax errors in queries: where they are, and what the grammar expects instead.

The engine only reports that parsing failed. A second parser, precise but slow, finds the first
token that the grammar does not allow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from competency_graph.errors import QuerySyntaxError
from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.sparql.query_text import ABSOLUTE, is_prefix_word, line_column, tokens

if TYPE_CHECKING:
    from lark import Lark
    from lark.load_grammar import PackageResource

_IMPORTED = "common.lark"
_MAX_EXPLAINED_LENGTH = 5_000
"""The maximum length of a query that is explained; the precise parser is too slow for more."""
_NUMBERS = frozenset(
    f"{n}{s}" for n in ("INTEGER", "DECIMAL", "DOUBLE") for s in ("", "_POSITIVE", "_NEGATIVE")
)
_TERMINAL_NAMES = {
    "a variable": {"VAR1", "VAR2"},
    "an IRI or prefixed name": {"IRIREF", "PNAME_LN", "PNAME_NS"},
    "a text": {f"STRING_LITERAL{sort}" for sort in ("1", "2", "_LONG1", "_LONG2")},
    "a number": _NUMBERS,
    "a blank node": {"ANON", "BLANK_NODE_LABEL"},
}
"""Readable names of the grammar's terminals, other than keywords and signs."""


def prepare() -> None:
    """Read what the precise parser needs, for a process that will later be unable to open files."""
    import lark.load_grammar
    import lark.parsers.xearley
    import lark.tree_matcher  # noqa: F401

    _grammar()
    _imported_grammar()


def build_parser() -> None:
    """Build the precise parser now rather than for the first error, which takes longer then."""
    _parser()


@cache
def _grammar() -> str:
    # Importing sparqlib would build three parsers; only its grammar is needed here.
    place = find_spec("sparqlib")
    return Path(str(place and place.origin)).with_name("grammar.lark").read_text()


@cache
def _imported_grammar() -> str:
    """The grammar of Lark's that the other one imports."""
    place = find_spec("lark")
    folder = Path(str(place and place.origin)).parent
    return (folder / "grammars" / _IMPORTED).read_text()


def _load_imported(base_path: str | None, path: str) -> tuple[PackageResource, str]:
    """What Lark calls to read an imported grammar, as it cannot open files in a worker."""
    from lark.load_grammar import PackageResource

    if path != _IMPORTED:
        raise FileNotFoundError(path)
    return PackageResource("lark", f"grammars/{path}"), _imported_grammar()


@cache
def _parser() -> Lark:
    from lark import Lark  # slow to import, and seldom needed

    return Lark(
        _grammar(),
        start="query_unit",
        propagate_positions=True,
        import_paths=[_load_imported],  # which may be loaders
    )


def explain(text: str, message: str, base: str = "") -> QuerySyntaxError:
    """Explain why the engine could not parse a query, and how to fix it.

    Args:
        text: the query.
        message: the engine's error message.
        base: the base of its relative IRIs, unless it declares BASE.

    Returns:
        The error to raise, with line and column if they are known.
    """
    relative = None if base else _relative_iri_error(text)
    return undeclared(text) or _unexpected_token_error(text) or relative or _other_error(message)


def undeclared(text: str) -> QuerySyntaxError | None:
    """The error for the first prefix that is used but not declared."""
    found = list(tokens(text))
    declared = {name.text for word, name in pairwise(found) if is_prefix_word(word)}
    for token, following in pairwise([*found, *found[-1:]]):
        prefix, _, local = token.text.partition(":")
        if token.kind != "name" or f"{prefix}:" in declared:
            continue
        if not local and following.text == "/":
            return None  # the scheme of a broken IRI, not a prefix
        return QuerySyntaxError(
            f"the prefix “{prefix}:” is not declared",
            _declaration_remedy(prefix),
            "query",
            *line_column(text, token.start),
        )
    return None


def _unexpected_token_error(text: str) -> QuerySyntaxError | None:
    """The error for the first token that the grammar does not allow."""
    from lark.exceptions import UnexpectedEOF, UnexpectedInput

    if len(text) > _MAX_EXPLAINED_LENGTH:
        return None
    try:
        _parser().parse(text)
    except UnexpectedEOF as error:
        return _early_end_error(text, error.expected)
    except UnexpectedInput as error:
        line, column = error.line, error.column
        rest = text.splitlines()[line - 1][column - 1 :]
        first = next(tokens(rest), None)
        if first is None:  # the engine and the grammar do not see the same tokens
            return None
        token = first.text if rest[0] != "<" else rest.split()[0]
        remedy = f"Expected here: {_readable_terminals(getattr(error, 'allowed', ()))}"
        if rest.startswith("<") and ">" in rest:
            remedy = "IRIs in <…> cannot contain spaces, quotes or braces; write %20 for a space"
        return QuerySyntaxError(
            f"the query cannot be parsed from “{token[:40]}” on", remedy, "query", line, column
        )
    except RecursionError:
        return None
    return (
        None if text.strip() else _early_end_error(text, {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
    )


def _relative_iri_error(text: str) -> QuerySyntaxError | None:
    """The error for the first relative IRI in a query without a base."""
    found = list(tokens(text))
    if any(token.kind == "word" and token.text.upper() == "BASE" for token in found):
        return None
    for token in found:
        if token.kind == "iri" and not ABSOLUTE.match(token.text):
            return QuerySyntaxError(
                f"the IRI {token.text[:80]} is relative, but the query declares no base IRI",
                "Write it in full, or declare the base IRI at the head of the query: "
                "BASE <https://…/>",
                "query",
                *line_column(text, token.start),
            )
    return None


def _early_end_error(text: str, expected: Iterable[str]) -> QuerySyntaxError:
    return QuerySyntaxError(
        "the query ends before it is complete",
        f"Expected next: {_readable_terminals(expected)}",
        "query",
        *line_column(text, len(text)),
    )


def _other_error(message: str) -> QuerySyntaxError:
    """An error outside the grammar, with the position or reason that the engine reports."""
    place = re.match(r"error at (\d+):(\d+): (?:expected )?(?:one of )?", message)
    said = message[place.end() :] if place else message
    reasons = [part for part in re.split(r", (?=\[|[A-Z])", said) if not part.startswith("[_")]
    if place and reasons and re.fullmatch("[A-Z_]+", reasons[0]):  # a keyword that could follow
        return QuerySyntaxError(
            "the query cannot be parsed from here on",
            "Check what is written here, and whether brackets and quotes are closed",
            "query",
            *map(int, place.groups()),
        )
    return QuerySyntaxError(
        f"the query is not valid: {reasons[0].rstrip('.')}"
        if reasons
        else "the query is not valid",
        "Check that no variable is assigned twice, and that a SELECT with grouping names only "
        "variables of its GROUP BY and aggregates",
        "query",
        *(map(int, place.groups()) if place else ()),
    )


def _readable_terminals(terminals: Iterable[str]) -> str:
    """Readable names of terminals, at most twelve."""
    patterns = {terminal.name: terminal.pattern.value for terminal in _parser().terminals}
    wanted = set(terminals)
    sorts = [name for name, members in _TERMINAL_NAMES.items() if members & wanted]
    special = set().union(*_TERMINAL_NAMES.values()) | {"LANGTAG", "NIL"}
    words = sorted(
        {patterns.get(name, name) for name in wanted - special if "IGNORE" not in name}
        - {"SERVICE"}
    )
    listed = [*sorts, *words]
    return ", ".join(listed[:12]) + (" and others" if len(listed) > 12 else "")


def _declaration_remedy(prefix: str) -> str:
    """The remedy for an undeclared prefix."""
    if prefix in PREFIXES:
        return f"Add this line at the head of the query: PREFIX {prefix}: <{PREFIXES[prefix]}>"
    return (
        f"Declare it at the head of the query: PREFIX {prefix}: <…>; known prefixes are "
        + ", ".join(f"{known}:" for known in PREFIXES)
    )

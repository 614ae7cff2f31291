"""Writes the values of parameters into a query, where engines plan well with them.

An engine that evaluates only texts needs all of them. The embedded one gets them separately, but
plans without them: it may read all entries of a class before those of one role.
`docs/engine-notes.md` has its plans.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from competency_graph.sparql.query_text import Token, closing_index, tokens


def with_values(text: str, terms: Mapping[str, str]) -> str:
    """Insert terms for some variables into a query, for an engine that accepts only text.

    Each group that uses a variable gets a ``VALUES`` block (SPARQL 1.1, section 10.2); the first
    group has one for a variable that is used only outside of groups, as in ORDER BY. An OPTIONAL
    whose filters use a variable gets none: they see the one of the group around it (section 18.6,
    LeftJoin), and Oxigraph would evaluate the OPTIONAL for all entries.

    Args:
        text: the query.
        terms: variables, without question mark, and their terms as the engine's library writes
            them, which is as in N-Triples.
    """
    found = list(tokens(text))
    groups = []
    for index, token in enumerate(found):
        if token.text == "{" and _opens_group(found, index):
            inside = found[index + 1 : closing_index(found, index)]
            if index and found[index - 1].text.upper() == "OPTIONAL":
                inside = _without_filters(inside)
            groups.append((token.start + 1, _variables(inside)))
    within = set().union(*(names for _, names in groups))
    for number, (place, names) in reversed([*enumerate(groups)]):
        used = [name for name in terms if name in names or (number == 0 and name not in within)]
        text = _with_blocks(text, place, used, terms)
    return text


def with_planned_values(text: str, terms: Mapping[str, str]) -> str:
    """Insert terms that the engine is also given separately, so that it plans with them.

    Only the outermost group gets ``VALUES`` blocks, for variables that it uses itself. As each
    solution there has these terms already, its solutions stay the same. The result may be invalid
    if the query assigns one of the variables.

    Args:
        text: the query.
        terms: as of `with_values`.
    """
    if not terms:
        return text
    place, names = _planned_place(text)
    return _with_blocks(text, place, [name for name in terms if name in names], terms)


@lru_cache(256)
def _planned_place(text: str) -> tuple[int, Collection[str]]:
    """Where the outermost group begins, and the variables that it uses itself."""
    found = list(tokens(text))
    index = _outermost_group(found)
    if index is None:
        return 0, ()
    depth, own = 0, []
    for token in found[index : closing_index(found, index)]:
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 1:
            own.append(token)
    return found[index].start + 1, _variables(own)


def _with_blocks(text: str, place: int, names: Iterable[str], terms: Mapping[str, str]) -> str:
    blocks = "".join(f" VALUES ?{name} {{ {terms[name]} }}" for name in names)
    return text[:place] + blocks + text[place:]


def _variables(found: Iterable[Token]) -> Collection[str]:
    return {token.text[1:] for token in found if token.kind == "variable"}


def _without_filters(found: list[Token]) -> list[Token]:
    """The tokens of a group, without the conditions of its own filters that contain no groups."""
    kept, index, depth = [], 0, 0
    while index < len(found):
        depth += {"{": 1, "}": -1}.get(found[index].text, 0)
        if not depth and found[index].text.upper() == "FILTER":
            start = index + 1
            while start < len(found) and found[start].text not in ("(", "{"):
                start += 1
            end = closing_index(found, start, "(", ")")
            if start < len(found) and not any(t.text == "{" for t in found[start:end]):
                index = end + 1
                continue
        kept.append(found[index])
        index += 1
    return kept


def _outermost_group(found: list[Token]) -> int | None:
    """The index of the brace of the WHERE clause; None if that is a subquery or missing."""
    index, brackets = 0, 0
    while index < len(found):
        text = found[index].text
        brackets += {"(": 1, ")": -1}.get(text, 0)
        if text == "{" and not brackets:
            if _opens_group(found, index):
                return index
            if index and found[index - 1].text.upper() != "CONSTRUCT":
                return None
            index = closing_index(found, index)
        index += 1
    return None


def _opens_group(found: list[Token], index: int) -> bool:
    """Whether a brace opens a group graph pattern, not a data block, template or subquery."""
    before = [token.text.upper() for token in found[:index]]
    after = found[index + 1].text.upper() if index + 1 < len(found) else ""
    if after == "SELECT" or (before and before[-1] == "CONSTRUCT"):
        return False
    while before and (before[-1].startswith(("?", "$")) or before[-1] in "()"):
        before.pop()
    return not (before and before[-1] == "VALUES")

"""Rewrites queries that the engine would not answer as SPARQL 1.1 requires.

Each rewriting is correct for every query it is applied to; a query for which that is not certain is
left unchanged. `docs/serving.md` lists the remaining deviations of the engine.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

from competency_graph.sparql import query_text
from competency_graph.sparql.query_text import Token, closing_index, masked, tokenized, tokens

_MAX_LENGTH = 50_000
"""The maximum length of a query after rewriting, in characters."""
_MAX_COPIED_GROUPS = 10
"""The maximum number of groups that are copied for each graph."""
_MAX_TRIPLE_TOKENS = 200
"""The number of tokens examined for a triple with a path."""
_TERM_KINDS = frozenset(("iri", "name", "variable", "string"))
"""The kinds of tokens that are terms on their own."""
_GRAPH_VARIABLE = re.compile(rf"GRAPH{query_text.GAP}*[?$]", re.IGNORECASE)
_PATH_MARK: Final = re.compile(r"\*|\?(?!\w)")
"""What every path of length zero contains, and few other queries; much faster than tokenizing."""
_MAX_PATH_MARKS: Final = 20
"""The number of these that are looked at before the query is tokenized."""
_WINDOW: Final = 120
"""How many characters before one are looked at."""
_VARIABLE_LAST: Final = re.compile(r"(?:^|[^\w.-])[?$]\w+$")
_NAME: Final = re.compile(r"(?:[^\W\d_][\w-]*)?:[\w-]*")
_NO_FIX_AFTER: Final = re.compile(
    r"""
    (?: (?: ^ | [^\w.-] ) [?$]\w+  # a product of variables
      | (?: ^ | \( ) [\d.]+        # or of numbers
      | \(
      | (?: ^ | [^\w?$:.%-] ) (?:SELECT|DISTINCT|REDUCED)
      | [/|] (?:[^\W\d_][\w-]*)? : [\w-]*  # a further step of a path
    ) $
    """,
    re.VERBOSE | re.IGNORECASE,
)
_VARIABLE_FIRST: Final = re.compile(r"\s*[?$]\w")
_MISEVALUATED_KEYWORDS = frozenset(("MINUS", "SELECT", "VALUES", "BIND"))
"""Keywords that the engine evaluates wrongly in a group whose graph is a variable."""
_NOT_STARTING_WITH_TRIPLES = frozenset(("OPTIONAL", "FILTER", "}"))


def corrected(text: str, graphs: Sequence[str], base: str = "") -> str:
    """Rewrite a query so that the engine answers it as the standard requires.

    Args:
        text: the query.
        graphs: the names of the graphs that ``GRAPH ?g`` ranges over.
        base: the base of its relative IRIs, unless it declares BASE.
    """
    graphs, lower = tuple(dict.fromkeys(graphs)), text.lower()
    if "group_concat" in lower:
        text = _strip_group_concat_language(text)
    if "graph" in lower and _GRAPH_VARIABLE.search(text):
        text = _expand_graph_variables(text, graphs)
    return _add_zero_length_paths(text, graphs, base)


def _strip_group_concat_language(text: str) -> str:
    """Make GROUP_CONCAT return a plain string, even if all texts have one language (18.5.1.7)."""
    found = tokenized(text)
    for index in reversed(range(len(found) - 1)):
        if found[index].text.upper() != "GROUP_CONCAT" or found[index + 1].text != "(":
            continue
        last = closing_index(found, index + 1, "(", ")")
        if last < len(found):
            begin, end = found[index].start, found[last].start + 1
            text = f"{text[:begin]}STR({text[begin:end]}){text[end:]}"
    return text


def _expand_graph_variables(text: str, graphs: Sequence[str]) -> str:
    """Expand ``GRAPH ?g { … }`` to the union over its graphs (section 18.6)."""
    place = len(text)
    for _ in range(_MAX_COPIED_GROUPS if place <= _MAX_LENGTH else 0):
        found = tokenized(text)
        starts = [
            i
            for i in range(len(found) - 2)
            if _is_graph_variable_clause(found, i) and found[i].start < place
        ]
        if not starts:
            break
        index = starts[-1]
        place = found[index].start
        variable, end = found[index + 1].text, closing_index(found, index + 2)
        if end == len(found) or not _may_be_misevaluated(found[index + 2 : end + 1], variable):
            continue
        group = text[found[index + 2].start : found[end].start + 1]
        parts = [
            f"{{ VALUES {variable} {{ <{graph}> }} GRAPH <{graph}> {_relabelled(group, number)} }}"
            for number, graph in enumerate(graphs)
        ]
        whole = " UNION ".join(parts) or f"{{ FILTER(false) GRAPH {variable} {group} }}"
        if len(text) + len(whole) <= _MAX_LENGTH:
            text = f"{text[:place]}{whole}{text[found[end].start + 1 :]}"
    return text


def _is_graph_variable_clause(found: Sequence[Token], index: int) -> bool:
    """Whether ``GRAPH ?g {`` begins at a token."""
    word, variable, brace = found[index : index + 3]
    return word.text.upper() == "GRAPH" and variable.kind == "variable" and brace.text == "{"


def _may_be_misevaluated(group: Sequence[Token], variable: str) -> bool:
    """Whether the engine may not answer a group as the standard requires.

    A group that uses its own graph variable is left to the engine, in which the variable is bound
    in the group's filters. Use in VALUES does not count.
    """
    own, listing = 0, False
    for token in group:
        listing = token.text.upper() == "VALUES" or (
            listing and (token.kind == "variable" or token.text == "(")
        )
        own += token.text[1:] == variable[1:] and token.kind == "variable" and not listing
    if own:
        return False
    words = {token.text.upper() for token in group if token.kind == "word"}
    opened = {after.text.upper() for brace, after in pairwise(group) if brace.text == "{"}
    return bool(
        words & _MISEVALUATED_KEYWORDS or opened & _NOT_STARTING_WITH_TRIPLES
    ) or _may_have_zero_length_path(group)


def _relabelled(group: str, number: int) -> str:
    """Copy a group and number its blank node labels, as a label belongs to a single group."""
    found = [token for token in tokens(group) if token.kind == "blank"]
    for token in reversed(found):
        end = token.start + len(token.text)
        group = f"{group[:end]}_{number}{group[end:]}"
    return group


def _may_have_zero_length_path(found: Sequence[Token]) -> bool:
    """Whether a path may have length zero; a product of two numbers looks the same."""
    return any(
        after.text in ("*", "?") and (before.kind in ("iri", "name") or before.text in (")", "a"))
        for before, after in pairwise(found)
    )


def _add_zero_length_paths(text: str, graphs: Collection[str], base: str) -> str:
    """Add the matches of zero-length paths, which link every term to itself (section 18.4).

    The engine finds them only for terms that occur in the graph.
    """
    if not _may_need_path_fix(text) or not _may_have_zero_length_path(tokenized(text)):
        return text
    read = list(query_text.iris(text, base))
    found, iris = [token for token, _ in read], [iri for _, iri in read]
    known, groups = [True], []  # known: for each open group, whether its graph exists
    for index, token in enumerate(found):
        if token.text == "{":
            named = index > 1 and found[index - 2].text.upper() == "GRAPH"
            known.append(iris[index - 1] in graphs if named else known[-1])
        elif token.text == "}" and len(known) > 1:
            known.pop()
        if known[-1] and token.text in ("{", "}", ".", ")"):
            groups.append(
                _zero_length_path_fix(text, found[index + 1 : index + _MAX_TRIPLE_TOKENS])
            )
    for start, end, group in reversed([each for each in groups if each]):
        text = text[:start] + group + text[end:]
    return text


def _may_need_path_fix(text: str) -> bool:
    """Whether a query may contain what `_zero_length_path_fix` applies to; without tokenizing it.

    That needs a term, one path element and another term, of which at least one is a constant.
    """
    if not _PATH_MARK.search(text):
        return False
    text = masked(text)
    for number, mark in enumerate(_PATH_MARK.finditer(text)):
        start = mark.start()
        before = text[max(0, start - _WINDOW) : start]
        if number == _MAX_PATH_MARKS or "\\" in before:
            return True
        if not (_is_no_path(before) or _is_between_variables(before, text, mark.end())):
            return True
    return False


def _is_no_path(before: str) -> bool:
    """Whether what is before a mark of a path says that it is none, or not the only element."""
    words = before.split()
    if not words or (len(words) == 1 and not before[0].isspace()):
        return False  # the word may have begun before that
    return _NO_FIX_AFTER.search(words[-1]) is not None


def _is_between_variables(before: str, text: str, end: int) -> bool:
    """Whether a path element with a mark is between two variables.

    Args:
        before: what is before the mark.
        text: the query.
        end: the offset after the mark.
    """
    if before.endswith(")"):
        start = before.rfind("(")
        element, before = before[start + 1 : -1], before[: max(start, 0)]
        is_element = start > 0 and ")" not in element
        words = before.split()
    else:
        words = before.split()
        is_element = bool(words and not before[-1].isspace() and _NAME.fullmatch(words.pop()))
    return bool(
        is_element
        and words
        and _VARIABLE_LAST.search(words[-1])
        and _VARIABLE_FIRST.match(text, end)
    )


def _zero_length_path_fix(text: str, found: Sequence[Token]) -> tuple[int, int, str] | None:
    """A lone triple with a possibly zero-length path and a constant at one end.

    Returns:
        Its start and end, and a group that also finds what the engine leaves out; None if no such
        triple begins here.
    """
    if len(found) < 5 or found[0].kind not in _TERM_KINDS:
        return None
    step = 2 if found[1].text == "^" else 1
    if found[step].text == "(":
        step = closing_index(found, step, "(", ")")
    elif found[step].kind not in ("iri", "name") and found[step].text != "a":
        return None
    if step + 3 >= len(found) or found[step + 1].text not in ("*", "?"):
        return None
    one, other, after = found[0], found[step + 2], found[step + 3]
    if other.kind not in _TERM_KINDS or not (after.kind == "word" or after.text in (".", "{", "}")):
        return None
    constants = [term.text for term in (one, other) if term.kind != "variable"]
    variables = [term.text for term in (one, other) if term.kind == "variable"]
    if not constants:
        return None
    same, end = constants[0], other.start + len(other.text)
    path = text[found[1].start : found[step + 1].start + 1]
    lacking = f"FILTER NOT EXISTS {{ {same} {path} {same} }}"
    if variables:
        added = f"VALUES {variables[0]} {{ {same} }} {lacking}"
    else:
        added = f"FILTER(sameTerm({one.text}, {other.text})) {lacking}"
    return one.start, end, f"{{ {{ {text[one.start : end]} }} UNION {{ {added} }} }}"

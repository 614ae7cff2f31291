"""Where the engine departs from SPARQL 1.1: queries put so that it answers what the standard says.

Each of these is a rewriting that is right for every query it is applied to; a query that it may not
be right for stays as it is. `docs/serving.md` lists what the engine does otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from competency_graph.sparql import query_text
from competency_graph.sparql.query_text import Token, closing, tokens

_LONGEST_MADE = 50_000
"""Characters of a query that copies of a part of it may come to."""
_MOST_COPIED = 10
"""Parts of a query that copies are made of."""
_LONGEST_TRIPLE = 200
"""Tokens of a triple whose path is looked at."""
_ENDS = frozenset(("iri", "name", "variable", "string"))
"""The sorts of tokens that are a term each."""
_GRAPH = re.compile(rf"GRAPH{query_text.GAP}*[?$]", re.IGNORECASE)
_APART = frozenset(("MINUS", "SELECT", "VALUES", "BIND"))
"""What the engine evaluates wrongly for a graph that is a variable."""
_WITHOUT_TRIPLES = frozenset(("OPTIONAL", "FILTER", "}"))


def corrected(text: str, graphs: Sequence[str], base: str = "") -> str:
    """The query as the engine has to be asked it.

    Args:
        text: a query.
        graphs: the names of the graphs that ``GRAPH`` ranges over.
        base: what its relative IRIs resolve against where it declares no BASE.
    """
    graphs = tuple(dict.fromkeys(graphs))
    if "group_concat" in text.lower():
        text = _untagged(text)
    if _GRAPH.search(text):
        text = _graph_by_graph(text, graphs)
    return _with_empty_paths(text, graphs, base)


def _untagged(text: str) -> str:
    """GROUP_CONCAT gives a plain string, also of texts in one language (section 18.5.1.7)."""
    found = list(tokens(text))
    for index in reversed(range(len(found) - 1)):
        if found[index].text.upper() != "GROUP_CONCAT" or found[index + 1].text != "(":
            continue
        last = closing(found, index + 1, "(", ")")
        if last < len(found):
            begin, end = found[index].start, found[last].start + 1
            text = f"{text[:begin]}STR({text[begin:end]}){text[end:]}"
    return text


def _graph_by_graph(text: str, graphs: Sequence[str]) -> str:
    """``GRAPH ?g { … }`` as the union over the graphs that it stands for (section 18.6)."""
    place = len(text)
    for _ in range(_MOST_COPIED if place <= _LONGEST_MADE else 0):
        found = list(tokens(text))
        starts = [i for i in range(len(found) - 2) if _ranges(found, i) and found[i].start < place]
        if not starts:
            break
        index = starts[-1]
        place = found[index].start
        variable, end = found[index + 1].text, closing(found, index + 2)
        if end == len(found) or not _evaluated_wrongly(found[index + 2 : end + 1], variable):
            continue
        group = text[found[index + 2].start : found[end].start + 1]
        parts = [
            f"{{ VALUES {variable} {{ <{graph}> }} GRAPH <{graph}> {_copy(group, number)} }}"
            for number, graph in enumerate(graphs)
        ]
        whole = " UNION ".join(parts) or f"{{ FILTER(false) GRAPH {variable} {group} }}"
        if len(text) + len(whole) <= _LONGEST_MADE:
            text = f"{text[:place]}{whole}{text[found[end].start + 1 :]}"
    return text


def _ranges(found: list[Token], index: int) -> bool:
    """Whether ``GRAPH ?g {`` begins here."""
    word, variable, brace = found[index : index + 3]
    return word.text.upper() == "GRAPH" and variable.kind == "variable" and brace.text == "{"


def _evaluated_wrongly(group: list[Token], variable: str) -> bool:
    """Whether the engine may answer a group otherwise than the standard says.

    A group that names the variable of its own graph keeps the engine's reading, in which the graph
    is known in the group's filters; but in VALUES, it is a name like others.
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
    return bool(words & _APART or opened & _WITHOUT_TRIPLES) or _has_empty_path(group)


def _copy(group: str, number: int) -> str:
    """A group to stand beside others like it: a blank node's label belongs to one group."""
    found = [token for token in tokens(group) if token.kind == "blank"]
    for token in reversed(found):
        end = token.start + len(token.text)
        group = f"{group[:end]}_{number}{group[end:]}"
    return group


def _has_empty_path(found: list[Token]) -> bool:
    """Whether there may be a path that may have no step; a product of two numbers looks like it."""
    return any(
        after.text in ("*", "?") and (before.kind in ("iri", "name") or before.text in (")", "a"))
        for before, after in pairwise(found)
    )


def _with_empty_paths(text: str, graphs: Collection[str], base: str) -> str:
    """A path of no steps leads from a term to itself, be it in the graph or not (section 18.4).

    The engine finds that only for terms of the graph.
    """
    if not _has_empty_path(list(tokens(text))):
        return text
    read = list(query_text.iris(text, base))
    found, iris = [token for token, _ in read], [iri for _, iri in read]
    known, groups = [True], []  # whether the graph of each group that is open is there
    for index, token in enumerate(found):
        if token.text == "{":
            named = index > 1 and found[index - 2].text.upper() == "GRAPH"
            known.append(iris[index - 1] in graphs if named else known[-1])
        elif token.text == "}" and len(known) > 1:
            known.pop()
        if known[-1] and token.text in ("{", "}", ".", ")"):
            groups.append(_triple(text, found[index + 1 : index + _LONGEST_TRIPLE]))
    for start, end, group in reversed([each for each in groups if each]):
        text = text[:start] + group + text[end:]
    return text


def _triple(text: str, found: list[Token]) -> tuple[int, int, str] | None:
    """A triple that stands by itself, with a path that may be empty and a constant at an end.

    Returns:
        Where it starts and ends, and a group that finds what the engine leaves out, only where the
        engine leaves it out; none where no such triple begins here.
    """
    if len(found) < 5 or found[0].kind not in _ENDS:
        return None
    step = 2 if found[1].text == "^" else 1
    if found[step].text == "(":
        step = closing(found, step, "(", ")")
    elif found[step].kind not in ("iri", "name") and found[step].text != "a":
        return None
    if step + 3 >= len(found) or found[step + 1].text not in ("*", "?"):
        return None
    one, other, after = found[0], found[step + 2], found[step + 3]
    if other.kind not in _ENDS or not (after.kind == "word" or after.text in (".", "{", "}")):
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

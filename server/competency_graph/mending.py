"""Where the engine departs from SPARQL 1.1: queries put so that it answers what the standard says.

Each of these is a rewriting that is right for every query it is applied to; a query that it may not
be right for stays as it is. `docs/serving.md` lists what the engine does otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from typing import Any, Protocol

from competency_graph import diagnosis, sparql
from competency_graph.sparql import Token, closing, tokens

_LONGEST_READ = 5_000
"""Characters of a query whose paths are looked at; the exact parser is too slow for more."""
_LONGEST_MADE = 100_000
"""Characters of a query that copies of a part of it may come to."""
_GRAPH = re.compile(rf"GRAPH{sparql.GAP}*[?$]", re.IGNORECASE)
_CONSTANT = re.compile(r"""<|["'\d+.-]|(?:true|false)\Z|(?!_:)[^\s:()\[\]]*:""")
"""How an IRI or a literal begins."""
_APART = frozenset(("MINUS", "SELECT", "VALUES", "BIND"))
"""What the engine evaluates wrongly for a graph that is a variable."""
_WITHOUT_TRIPLES = frozenset(("OPTIONAL", "FILTER", "}"))


class _Node(Protocol):
    """A part of a query's tree: the grammar's name for it, its parts, and its place."""

    data: str
    children: list[Any]

    @property
    def meta(self) -> Any:  # noqa: ANN401  (not typed)
        ...


def mend(text: str, graphs: Sequence[str], base: str = "") -> str:
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
        if found[index].text.upper() == "GROUP_CONCAT" and found[index + 1].text == "(":
            end = found[closing(found, index + 1, "(", ")")].start + 1
            begin = found[index].start
            text = f"{text[:begin]}STR({text[begin:end]}){text[end:]}"
    return text


def _graph_by_graph(text: str, graphs: Sequence[str]) -> str:
    """``GRAPH ?g { … }`` as the union over the graphs that it stands for (section 18.6)."""
    place = len(text)
    while True:
        found = list(tokens(text))
        starts = [i for i in range(len(found) - 2) if _ranges(found, i) and found[i].start < place]
        if not starts:
            return text
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
    if len(text) > _LONGEST_READ or not _has_empty_path(list(tokens(text))):
        return text
    tree = diagnosis.read(text)
    if tree is None:
        return text
    names = {token.start: iri for token, iri in sparql.iris(text, base)}
    blocks = _blocks(tree, lambda place: names.get(place) in graphs)
    for block in sorted(blocks, key=lambda block: -block.meta.start_pos):
        begin, end = block.meta.start_pos, block.meta.end_pos
        text = text[:begin] + _block(block, text) + text[end:]
    return text


def _blocks(tree: _Node, known: Callable[[int], bool], sound: bool = True) -> Iterator[_Node]:
    """The blocks of triples whose graph is known to be there."""
    if tree.data == "triples_block":
        if sound:
            yield tree
        return
    if tree.data == "graph_graph_pattern":
        sound = known(tree.children[1].meta.start_pos)
    for child in tree.children:
        if hasattr(child, "data"):
            yield from _blocks(child, known, sound)


def _block(block: _Node, text: str) -> str:
    """A block of triples, its paths that may be empty in groups of their own."""
    plain: list[str] = []
    apart: list[str] = []
    for subject in _subjects(block):
        triples = list(_triples(subject, text))
        groups = [_group(*triple) for triple in triples]
        if not any(groups):
            plain.append(_span(subject, text))
            continue
        for (one, path, other, _), group in zip(triples, groups, strict=True):
            (apart if group else plain).append(group or f"{one} {path} {other}")
    return " ".join([" . ".join(plain), *apart])


def _subjects(block: _Node) -> Iterator[_Node]:
    """Each subject of a block, with its properties."""
    subject, *others = block.children
    yield subject
    for other in others:
        yield from _subjects(other)


def _triples(subject: _Node, text: str) -> Iterator[tuple[str, str, str, bool]]:
    """Each triple of a subject that can be written again, and whether its path may be empty."""
    one, *listed = subject.children
    if one.data != "var_or_term":
        return
    while listed:
        verb, objects, *others = listed.pop(0).children
        for other in _objects(objects):
            yield _span(one, text), _span(verb, text), _span(other, text), _may_be_empty(verb)
        listed += [rest for each in others for rest in each.children]


def _objects(listed: _Node) -> Iterator[_Node]:
    for child in listed.children:
        if child.data == "object_list_path_other":
            yield from child.children
        else:
            yield child


def _may_be_empty(path: _Node) -> bool:
    """Whether a path is one of no steps or more, or of no step or one, as a whole."""
    while len(path.children) == 1:
        path = path.children[0]
        if not hasattr(path, "data"):
            return False
    if path.data == "path_elt_or_inverse":  # of no steps backwards is of no steps
        return _may_be_empty(path.children[1])
    return path.data == "path_elt" and str(path.children[1].children[0]) in ("*", "?")


def _group(one: str, path: str, other: str, empty: bool) -> str:
    """A triple whose path may be empty, as a group that knows it; "" where none is needed.

    The second part adds what the engine leaves out, only where it leaves it out.
    """
    constants = [term for term in (one, other) if _CONSTANT.match(term)]
    variables = [term for term in (one, other) if term[0] in "?$"]
    if not empty or not constants or len(constants) + len(variables) < 2:
        return ""
    start = constants[0]
    ends = (
        f"VALUES {variables[0]} {{ {start} }}" if variables else f"FILTER(sameTerm({one}, {other}))"
    )
    lacking = f"FILTER NOT EXISTS {{ {start} {path} {start} }}"
    return f"{{ {{ {one} {path} {other} }} UNION {{ {ends} {lacking} }} }}"


def _span(node: _Node, text: str) -> str:
    return text[node.meta.start_pos : node.meta.end_pos]

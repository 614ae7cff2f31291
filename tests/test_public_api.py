"""The public API is the recorded one: ``public_api.txt`` changes when it is meant to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import griffe

import competency_graph
from conftest import ROOT

INHERITED = {
    "Changes": ("changes", "counts", "of"),
    "Dictionary": (
        "__init__", "asserted", "explainer", "from_bytes", "iri", "links", "ontology", "own", "quads",
        "reloaded", "store", "version",
    ),
    "Explanation": ("all_axioms", "axioms", "conclusion", "facts", "is_stated", "premises"),
    "Finding": (
        "edits", "focus", "label", "message", "patch", "path", "place", "remedy", "rule",
        "severity", "value",
    ),
}  # fmt: skip
"""The inherited members that are public, which docs/api.md lists."""
RECORDED = Path(__file__).with_name("public_api.txt")


def public(package: griffe.Object | griffe.Alias, name: str) -> Iterator[str]:
    """The signature of a public name, and those of its public members."""
    yield from _lines(name, package[f"{competency_graph._HOMES[name]}.{name}"])


def _lines(name: str, found: griffe.Object | griffe.Alias) -> Iterator[str]:
    match found.kind:
        case griffe.Kind.FUNCTION:
            yield f"{name}({', '.join(map(_parameter, found.parameters))}) -> {found.returns}"
        case griffe.Kind.CLASS:
            yield f"{name}({', '.join(map(str, found.bases))})"
            inherited = INHERITED.get(found.name, ())
            known = found.members | {each: found.all_members[each] for each in inherited}
            for member, its in sorted(known.items()):
                if not member.startswith("_") or member == "__init__":
                    yield from _lines(f"{name}.{member}", its)
        case _:
            yield f"{name}: {found.annotation}"


def _parameter(found: griffe.Parameter) -> str:
    annotation = f": {found.annotation}" if found.annotation is not None else ""
    return f"{found.name}{annotation}" + (
        f" = {found.default}" if found.default is not None else ""
    )


def test_it_is_the_recorded_one() -> None:
    package = griffe.load("competency_graph", search_paths=[ROOT / "server"], resolve_aliases=True)
    found = [line for name in competency_graph.__all__ for line in public(package, name)]
    assert found == RECORDED.read_text().splitlines(), "record it anew if that is meant"


def test_each_name_can_be_imported() -> None:
    for name in competency_graph.__all__:
        assert getattr(competency_graph, name).__name__ == name

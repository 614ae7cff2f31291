"""Findings about whole files: syntax, encoding, namespaces, and the absence of entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from competency_graph.errors import UnreadableInputError
from competency_graph.rdf.vocabulary import CG, PREFIXES
from competency_graph.validation.checks.check_result import (
    NEAR_NAMESPACE,
    NOTHING_JUDGED,
    PREFIX,
    SYNTAX,
    UNREADABLE,
)
from competency_graph.validation.checks.near_namespaces import nearest
from competency_graph.validation.findings import Edit, Finding, Place
from competency_graph.validation.remedies.patches import edits_everywhere
from competency_graph.validation.sources.author_files import Source

_UNDECLARED: Final = re.compile(r"[Tt]he prefix (\S*?):? has not been declared")


def syntax_fault(source: Source, error: UnreadableInputError) -> Finding:
    """Report a syntax error."""
    place = source.error_place(error)
    undeclared = _UNDECLARED.search(error.what)
    if undeclared is None:
        what = sentence(f"{error.what[:1].upper()}{error.what[1:]}")
        return Finding(SYNTAX, SYNTAX.severity, what, f"{error.remedy}.", place)
    prefix = undeclared[1]
    known = PREFIXES.get(prefix)
    line = f"PREFIX {prefix}: <{known or '…'}>"
    remedy = f"Declare it at the head of the file: {line}"
    finding = Finding(
        PREFIX, PREFIX.severity, f"The prefix {prefix}: is not declared.", f"{remedy}.", place
    )
    if not known:
        return finding
    newline = "\r\n" if "\r\n" in source.text else "\n"
    edit = Edit(source.name, 0, 0, line + newline)
    return replace(finding, patch=line, edits=(edit,))


def unreadable(source: Source, error: UnreadableInputError) -> Finding:
    """Report that a file is not UTF-8 text, or has an unknown format."""
    what = sentence(f"{error.what[:1].upper()}{error.what[1:]}")
    return Finding(
        UNREADABLE, UNREADABLE.severity, what, f"{error.remedy}.", source.error_place(error)
    )


def near_namespaces(source: Source, terms: Iterable[str]) -> Iterator[Finding]:
    """Report namespaces that differ only slightly from those of a known vocabulary.

    Args:
        source: the file.
        terms: the predicates and classes that it uses.
    """
    declared = dict.fromkeys(source.prefixes.values(), True)
    used = {_namespace(term): False for term in terms}
    for space, written in (used | declared).items():
        meant = nearest(space)
        if not meant:
            continue
        edits = edits_everywhere(source, space, meant, whole=written)
        start = edits[0].start if edits else max(source.text.find(space), 0)
        yield Finding(
            NEAR_NAMESPACE,
            NEAR_NAMESPACE.severity,
            f"The namespace <{space}> is almost, but not exactly, <{meant}>.",
            f"Write <{meant}>.",
            source.place(start, start + len(space)),
            edits=edits,
        )


def nothing_judged(sources: Sequence[Source], statements: int) -> Finding:
    """Report that the statements describe no entry."""
    return Finding(
        NOTHING_JUDGED,
        NOTHING_JUDGED.severity,
        f"None of the {statements:,} statements describes an entry of a competency dictionary, "
        "so nothing was checked.",
        f"Give the entries classes such as {CG.Role}, or see the rule's page for files with none.",
        Place(sources[0].name if sources else ""),
    )


def _namespace(term: str) -> str:
    return term[: max(term.rfind("#"), term.rfind("/")) + 1]


def sentence(text: str) -> str:
    """Add a full stop to ``text`` unless it ends a sentence already."""
    return text if text.endswith((".", "!", "?")) else f"{text}."

"""What a new name of an entry changes: every mention, or those that should lead to the new one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from rdflib.namespace import SKOS

from competency_graph.authoring.live_store import LiveStore
from competency_graph.authoring.mentions import (
    Mention,
    is_mapping_file,
    is_query,
    is_turtle,
    mentions,
    prefixes_in,
)
from competency_graph.errors import BadValueError
from competency_graph.rdf.rdflib_graphs import read_graph
from competency_graph.rdf.short_names import local_name
from competency_graph.rdf.turtle_names import Names, spelled_like
from competency_graph.rdf.turtle_reading import SUBJECT, Reading, resolved
from competency_graph.validation.findings import Edit
from competency_graph.validation.sources.author_files import Source
from competency_graph.versions.deprecation import Deprecation, deprecate

_LOCAL: Final = re.compile(r"\w(?:[\w-]*\w)?")
_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_NOTATION: Final = str(SKOS.notation)


def new_iri(name: str, old: str, prefixes: Mapping[str, str]) -> str:
    """The IRI that an author means by a new name.

    Args:
        name: the last part of the IRI, a prefixed name, or an IRI, which may stand in ``<>``.
        old: the old IRI.
        prefixes: the prefixes of the file, with their namespaces.

    Raises:
        BadValueError: the name is not one of these.
    """
    given = name.strip()
    if _LOCAL.fullmatch(given):
        return old.removesuffix(local_name(old)) + given
    iri = resolved(given, dict(prefixes)) if ":" in given else ""
    local = given.partition(":")[2]
    if iri and not given.startswith("<") and not _LOCAL.fullmatch(local):
        iri = ""
    iri = iri or given.removeprefix("<").removesuffix(">")
    if not _IRI.fullmatch(iri):
        raise BadValueError(
            f"“{given}” is not a name for an entry",
            "Write it such as role:analyst, in letters, digits and hyphens",
        )
    return iri


def mentioning(texts: Mapping[str, str], iri: str) -> Iterator[tuple[str, Mention]]:
    """Yield the mentions of a term in some files, by their names."""
    last = local_name(iri)
    for name, text in texts.items():
        if last in text:
            yield from ((name, each) for each in mentions(name, text) if each.iri == iri)


def rename(texts: Mapping[str, str], old: str, new: str) -> list[Edit]:
    """The edits that give an entry another IRI, in all files.

    Args:
        texts: the texts of the files, by name.
        old: the IRI.
        new: the other one.

    Raises:
        BadValueError: a mapping file has no prefix for the new IRI.
    """
    return [
        Edit(name, each.start, each.end, _spelled(name, texts[name], each, old, new))
        for name, each in mentioning(texts, old)
    ]


def _spelled(name: str, text: str, mention: Mention, old: str, new: str) -> str:
    before = text[mention.start : mention.end]
    if not is_mapping_file(name):
        after = spelled_like(before, old, new)
        if after.startswith("<") and not before.startswith("<"):
            names = Names(prefixes_in(name, text))
            shortened = names.iri(new)
            after = after if names.used else shortened
        return after
    for prefix, namespace in prefixes_in(name, text).items():
        if namespace and new.startswith(namespace):
            return f"{prefix}:{new.removeprefix(namespace)}"
    raise BadValueError(
        f"this mapping file has no prefix for <{new}>", "Add one to its curie_map", name
    )


def rename_keeping(
    store: LiveStore, texts: Mapping[str, str], base: Mapping[Path, bytes], old: str, new: str
) -> dict[str, str]:
    """The texts after an entry got another IRI and kept the old one as deprecated.

    A copy of its description gets the new IRI, without the code, which stays with the old one; the
    rest is as of `versions.deprecation`. Mappings lead from the new IRI, and queries ask for it.

    Args:
        store: the statements.
        texts: the texts of the files, by name.
        base: the files that they extend, with their contents.
        old: the IRI.
        new: the other one; if there is such an entry already, it replaces the old one.

    Raises:
        BadValueError: the files do not describe the entry, or the new one does not fit.
        UnreadableInputError: a file has a syntax error.
    """
    changed = dict(texts)
    if new not in store.known:
        changed |= _with_copy(texts, old, new)
    turtle = {name: text.encode() for name, text in changed.items() if is_turtle(name)}
    asserted = read_graph({**base, **{Path(name): content for name, content in turtle.items()}})
    sources = [
        Source(name, content, number) for number, (name, content) in enumerate(turtle.items())
    ]
    found: Deprecation = deprecate(sources, asserted, old, new)
    changed |= {str(path): content.decode("utf-8-sig") for path, content in found.contents.items()}
    others = {name: text for name, text in texts.items() if not is_turtle(name)}
    for edit in sorted(rename(others, old, new), key=lambda each: -each.start):
        text = changed[edit.file]
        changed[edit.file] = text[: edit.start] + edit.text + text[edit.end :]
    return {name: text for name, text in changed.items() if text != texts[name]}


def _with_copy(texts: Mapping[str, str], old: str, new: str) -> dict[str, str]:
    """The files that describe an entry, with a copy after each block of the description."""
    found: dict[str, list[Mention]] = defaultdict(list)
    for name, mention in mentioning({n: t for n, t in texts.items() if is_turtle(n)}, old):
        if mention.role == SUBJECT and not mention.depth:
            found[name].append(mention)
    if not found:
        raise BadValueError(
            "your files do not describe this entry", "Rename it where it is described", old
        )
    return {name: _copied(name, texts[name], blocks, old, new) for name, blocks in found.items()}


def _copied(name: str, text: str, blocks: Sequence[Mention], old: str, new: str) -> str:
    prefixes, result = prefixes_in(name, text), text
    for mention in reversed(blocks):
        reading = Reading(text, mention.start)
        for _ in reading.terms():
            if reading.blocks:
                break
        end = reading.blocks[0][1] if reading.blocks else len(text)
        copy = _spelled(name, text, mention, old, new) + text[mention.end : end]
        result = f"{result[:end]}\n\n{_without_code(copy, prefixes)}{result[end:]}"
    return result


def _without_code(block: str, prefixes: Mapping[str, str]) -> str:
    for term in Reading(block).terms():
        if not term.depth and resolved(term.text, dict(prefixes)) == _NOTATION:
            line = re.compile(r"[^;\n]*;[ \t]*(?:\r?\n[ \t]*)?").match(block, term.start)
            if line:
                return block[: term.start] + block[line.end() :]
    return block


def is_editable(name: str) -> bool:
    """Whether names of entries are changed in a file."""
    return is_turtle(name) or is_mapping_file(name) or is_query(name)

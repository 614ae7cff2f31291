"""Entries without a class, links to undescribed entries, and redefined entries of the base."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib.namespace import SKOS

from competency_graph.rdf.vocabulary import BASE, CG, PUBLISHED
from competency_graph.validation.checks.author_statements import (
    DEFINITION,
    LABEL,
    TYPE,
    AuthorStatements,
    Text,
    class_of_folder,
)
from competency_graph.validation.checks.check_result import (
    NEAR_DICTIONARY,
    REDEFINED,
    UNDEFINED,
    UNTYPED,
    CheckResult,
)
from competency_graph.validation.checks.near_namespaces import differs_only_in_punctuation
from competency_graph.validation.checks.nearest_names import Names, split_iri

_CORRECT_LINK = "Correct the link, or describe the entry"
_CORRECT_NAME = "Correct the name, or describe an entry in your own namespace"
_PROPERTY_NAMES = {LABEL: "label", DEFINITION: "definition", str(SKOS.notation): "code"}
"""Readable names of the properties that identify an entry."""


def untyped(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report each entry in the author's files that has no class."""
    names = Names(draft.types)
    for entry in filter(draft.lacks_class, draft.own):
        if draft.in_published_namespace(entry):
            near = names.nearest(entry)
            yield CheckResult(
                UNTYPED,
                entry,
                f"The published dictionary has no entry {entry}, and the entry has no class here",
                f"Write {near} if you mean that" if near else _CORRECT_NAME,
                replaced=entry,
                replacement=near or "",
            )
            continue
        guess = class_of_folder(entry)
        hint = f"as “a {guess}”" if guess else f"such as “a {CG.Role}”"
        yield CheckResult(UNTYPED, entry, "The entry has no class", f"Say what it is, {hint}")


def near_dictionaries(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report references to a dictionary whose IRI differs only slightly from the published one."""
    for link in draft.built_on:
        if differs_only_in_punctuation(link.object, PUBLISHED):
            yield CheckResult(
                NEAR_DICTIONARY,
                link.subject,
                f"{link.object} is almost, but not exactly, the name of the published dictionary",
                f"Write {PUBLISHED}",
                link.predicate,
                f"<{link.object}>",
                link.object,
                PUBLISHED,
            )


def undefined(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report each of the author's links to an entry without any statement about it."""
    spaces = {
        split_iri(entry)[0]
        for entry, ours in draft.own.items()
        if ours and not draft.described_elsewhere(entry)
    } | {split_iri(entry)[0] for entry in draft.base if entry.startswith(BASE)}
    names = Names([*draft.own, *draft.base])
    for link in draft.links():
        if split_iri(link.object)[0] not in spaces or draft.described(link.object):
            continue  # entries of other namespaces are described elsewhere
        kind = next(iter(draft.types.get(link.object, ())), None)
        if kind is None:
            near = names.nearest(link.object)
            yield CheckResult(
                UNDEFINED,
                link.subject,
                f"{link.predicate} leads to {link.object}, but nothing describes it",
                f"Link to {near} if you mean that" if near else _CORRECT_LINK,
                link.predicate,
                f"<{link.object}>",
                link.object,
                near or "",
            )


def redefined(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report each of the author's statements that changes the identity of an entry of the base."""
    base_values: dict[tuple[str, str, str], str] = {}
    for text in draft.base_texts:
        base_values[_key(text)] = text.value.value
    for text in draft.own_texts:
        before = base_values.get(_key(text))
        if before is not None and before != text.value.value:
            what = _PROPERTY_NAMES[text.predicate]
            yield CheckResult(
                REDEFINED,
                text.entry,
                f"The base already has this entry, with another {what}, “{before}”",
                "Remove it, or create your own entry"
                + (", or write it as skos:altLabel" if text.predicate == LABEL else ""),
                text.predicate,
                str(text.value),
            )
    for link in draft.own_schema:
        yield CheckResult(
            REDEFINED,
            link.subject,
            f"{link.subject} is a term of the ontology, which does not state this: "
            f"{link.predicate} {link.object}",
            "Remove it, or define a term in your own namespace",
            link.predicate,
            f"<{link.object}>",
        )
    for link in draft.own_classes:
        if link.object.startswith(str(CG)) and not link.subject.startswith(str(CG)):
            yield CheckResult(
                REDEFINED,
                link.subject,
                f"The base already has this entry, without the class {link.object}",
                "Remove it, or create your own entry",
                TYPE,
                f"<{link.object}>",
            )


def _key(text: Text) -> tuple[str, str, str]:
    return text.entry, text.predicate, text.value.language or ""

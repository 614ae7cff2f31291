"""Entries without a class, links to what nothing describes, entries of the base redefined."""

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
from competency_graph.validation.checks.near_namespaces import same_but_for_signs
from competency_graph.validation.checks.nearest_names import Names, divided

_CORRECT = "Correct the link, or describe the entry"
_CORRECT_NAME = "Correct the name, or describe an entry in a namespace of your own"
_CALLED = {LABEL: "label", DEFINITION: "definition", str(SKOS.notation): "code"}
"""What a person calls what makes an entry the entry that it is."""


def untyped(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Each entry that the author's files speak of and that has no class."""
    names = Names(draft.types)
    for entry in filter(draft.untyped, draft.own):
        if draft.beside_published(entry):
            near = names.nearest(entry)
            yield CheckResult(
                UNTYPED,
                entry,
                f"The published dictionary has no entry {entry}, and here it has no class",
                f"Write {near} if you mean that" if near else _CORRECT_NAME,
                replaced=entry,
                replacement=near or "",
            )
            continue
        guess = class_of_folder(entry)
        say = f"as “a {guess}”" if guess else f"such as “a {CG.Role}”"
        yield CheckResult(UNTYPED, entry, "The entry has no class", f"Say what it is, {say}")


def nearly_built_on(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Each dictionary that the author's files lead to, and that is nearly the published one."""
    for link in draft.built_on:
        if same_but_for_signs(link.object, PUBLISHED):
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
    """Each link of the author's that leads to an entry of which nothing is said."""
    spaces = {
        divided(entry)[0]
        for entry, ours in draft.own.items()
        if ours and not draft.described_elsewhere(entry)
    } | {divided(entry)[0] for entry in draft.base if entry.startswith(BASE)}
    names = Names([*draft.own, *draft.base])
    for link in draft.links():
        if divided(link.object)[0] not in spaces or draft.described(link.object):
            continue  # what is in another namespace is another's to describe
        kind = next(iter(draft.types.get(link.object, ())), None)
        if kind is None:
            near = names.nearest(link.object)
            yield CheckResult(
                UNDEFINED,
                link.subject,
                f"{link.predicate} leads to {link.object}, and nothing is said of it",
                f"Link to {near} if you mean that" if near else _CORRECT,
                link.predicate,
                f"<{link.object}>",
                link.object,
                near or "",
            )


def redefined(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Each statement of the author's that makes an entry of the base another one."""
    held: dict[tuple[str, str, str], str] = {}
    for text in draft.base_texts:
        held[_key(text)] = text.value.value
    for text in draft.own_texts:
        before = held.get(_key(text))
        if before is not None and before != text.value.value:
            what = _CALLED[text.predicate]
            yield CheckResult(
                REDEFINED,
                text.entry,
                f"The base has this entry already, and with another {what}, “{before}”",
                "Leave it out, or make an entry of your own"
                + (", or write it as skos:altLabel" if text.predicate == LABEL else ""),
                text.predicate,
                str(text.value),
            )
    for link in draft.own_schema:
        yield CheckResult(
            REDEFINED,
            link.subject,
            f"{link.subject} is a term of the ontology, which does not say of it: "
            f"{link.predicate} {link.object}",
            "Leave it out, or define a term in a namespace of your own",
            link.predicate,
            f"<{link.object}>",
        )
    for link in draft.own_classes:
        if link.object.startswith(str(CG)) and not link.subject.startswith(str(CG)):
            yield CheckResult(
                REDEFINED,
                link.subject,
                f"The base has this entry already, and not with the class {link.object}",
                "Leave it out, or make an entry of your own",
                TYPE,
                f"<{link.object}>",
            )


def _key(text: Text) -> tuple[str, str, str]:
    return text.entry, text.predicate, text.value.language or ""

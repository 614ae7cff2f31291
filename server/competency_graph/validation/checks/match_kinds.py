"""Links whose predicate does not fit what they relate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from rdflib.namespace import SKOS

from competency_graph.mappings import frameworks
from competency_graph.mappings.match_kinds import NONE, allowed, fits
from competency_graph.mappings.skos_graph import CLOSE, EXACT, Relation
from competency_graph.rdf.vocabulary import CG
from competency_graph.validation.checks.author_statements import AuthorStatements
from competency_graph.validation.checks.check_result import CLOSE_MANY, MATCH_KINDS, CheckResult

MAX_CLOSE: Final = 3
"""The number of close matches of an entry in a framework from which on more are doubtful."""
_OUTPUT: Final = "cg:Output"


def many_close(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report entries with many close matches in one framework.

    Close matches are not transitive (SKOS, section 10.6.3), but each can replace the entry in some
    uses; that many things do is unlikely.
    """
    linked = {link.subject for link in draft.own_matches.links}
    close: dict[tuple[str, str], list[Relation]] = defaultdict(list)
    for link in draft.matches.links:
        if link.predicate == CLOSE and link.subject in linked:
            framework = frameworks.framework_of(link.object)
            if framework:
                close[link.subject, framework.title].append(link)
    for (entry, title), links in close.items():
        own = [link for link in links if link in draft.own_matches.links]
        if len(links) > MAX_CLOSE and own:
            yield CheckResult(
                CLOSE_MANY,
                entry,
                f"The entry closely matches {len(links)} things of {title}, which cannot all be "
                "used in its place",
                "Keep skos:closeMatch for the closest ones, and write skos:narrowMatch, "
                "skos:broadMatch or skos:relatedMatch for the others",
                CLOSE,
                f"<{own[-1].object}>",
            )


def unfitting(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report links whose predicate the table of kinds does not allow.

    Links that shapes report are left out: those of roles, abilities and knowledge to what they
    cannot be linked to at all (CG522 to CG524), and exact matches of knowledge and skills (CG526).
    """
    for link in draft.own_matches.links:
        concept = draft.matches.kind(link.object)
        entry = _class(draft, link.subject)
        if not entry or not concept or fits(entry, concept, link.predicate):
            continue
        permitted = allowed(entry, concept)
        if entry != _OUTPUT and (permitted == NONE or link.predicate == EXACT):
            continue
        name = link.predicate.removeprefix(str(SKOS))
        yield CheckResult(
            MATCH_KINDS,
            link.subject,
            f"An entry of class {entry} is mapped to a concept of kind “{concept}” with "
            f"skos:{name}, but things of such different kinds are at most related",
            "Remove the mapping, or map the role or job title that you meant"
            if permitted == NONE
            else "Write skos:relatedMatch, or map to a concept of the same kind as the entry",
            link.predicate,
            f"<{link.object}>",
        )


def _class(draft: AuthorStatements, entry: str) -> str:
    """The class of an entry as a prefixed name; "" if it has none or several."""
    space = str(CG)
    found = [
        f"cg:{kind.removeprefix(space)}"
        for kind in draft.types.get(entry, ())
        if kind.startswith(space)
    ]
    return found[0] if len(found) == 1 else ""

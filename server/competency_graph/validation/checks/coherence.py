"""Links that contradict each other through chains of other links and hierarchies.

The chains lead through all mapping sets, the dictionary's hierarchy and those of frameworks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from competency_graph.mappings import skos_graph
from competency_graph.mappings.skos_graph import (
    EXACT,
    NARROW,
    RELATED,
    Chain,
    Relation,
    SkosGraph,
    is_exact,
)
from competency_graph.validation.checks.author_statements import AuthorStatements
from competency_graph.validation.checks.check_result import (
    EXACT_CHAIN,
    MATCH_AND_ANCESTOR,
    MATCH_CYCLE,
    RELATED_AND_BROADER,
    CheckResult,
)
from competency_graph.validation.checks.match_statements import MatchStatements
from competency_graph.validation.findings import Rule

_LOCAL_NAME: Final = re.compile(r"(/element/[0-9][.][A-Z]|[/#])[^/#]*$")
"""The part of an IRI that differs between things of one kind in a scheme, as in rule CG531."""
_MAX_CYCLES: Final = 100
"""The maximum number of cycles looked at."""
_MAX_NAMED: Final = 8
"""The maximum number of steps named of a chain."""


def cycles(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report each cycle in what is broader at one of the author's links.

    SKOS permits cycles (sections 8.6.8 and 10.6.5), but no thing is really broader than itself. It
    excludes those with a single hierarchical link and exact matches (S46).
    """
    if not draft.matches.links:
        return
    graph = SkosGraph(draft.matches.relations())
    own = {relation: number for number, relation in enumerate(draft.own_matches.relations())}
    for _ in range(_MAX_CYCLES):
        cycle = graph.cycle()
        if not cycle:
            return
        link = min(cycle, key=lambda relation: own.get(relation, len(own)))
        low, high = link.upward
        chain = graph.chain(high, low) or ()
        graph.remove(link)  # so that each other cycle is found at another link
        if draft.matches.links.keys().isdisjoint((link, *chain)):
            continue  # rule CG041 reports it, or no one can change it
        if link not in own or _concerns_same(link, chain):
            continue
        section = "S46" if is_exact(chain) else "section 10.6.5"
        yield _result(
            MATCH_CYCLE, link,
            f"{draft.matches.name(low)} becomes broader than itself (SKOS, {section}): it "
            f"{_told(draft.matches, low, (link, *chain))}",
            "Remove one of these statements, or write skos:relatedMatch or skos:closeMatch for the "
            "link that is least certain",
        )  # fmt: skip


def related_and_broader(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report links that make two things related, and also one broader (SKOS, S27) or both the same.

    The latter is excluded by S46.
    """
    if not any(draft.own_matches.relations()):
        return
    graph = SkosGraph(draft.matches.relations())
    for link in draft.matches.links:
        if link.predicate != RELATED:
            continue
        ends = link.subject, link.object
        for low, high in (ends, ends[::-1]):
            chain = graph.chain(low, high)
            if not chain or _concerns_same(link, chain):
                continue
            blamed = _first_own(draft, (link, *chain))
            if blamed is None:
                break
            section = "S46" if is_exact(chain) else "S27"
            yield _result(
                RELATED_AND_BROADER, blamed,
                f"{draft.matches.name(low)} and {draft.matches.name(high)} are related by "
                f"skos:relatedMatch, which excludes that the former (SKOS, {section}) "
                f"{_told(draft.matches, low, chain)}",
                "Remove the link that says less, or the one that is wrong",
            )  # fmt: skip
            break


def exact_chains(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report chains of exact matches that equate two things of one scheme (SKOS, S44 and S45).

    Chains of two links from one thing, or to one thing, break rules CG531 and CG532.
    """
    starts = {end: None for link in draft.own_matches.links for end in (link.subject, link.object)}
    pairs = skos_graph.exact_chains(draft.matches.links, starts)
    for start, thing, chain in pairs:
        if _scheme(draft, start) != _scheme(draft, thing) or _is_direct(chain):
            continue
        if {start, thing} & draft.deprecated:
            continue
        own = _first_own(draft, chain)
        if own is not None:
            yield _result(
                EXACT_CHAIN, own,
                f"Exact matches make two different things the same (SKOS, S45): "
                f"{draft.matches.name(start)} {_told(draft.matches, start, chain)}",
                "Write skos:closeMatch for the link of which the two ends differ",
            )  # fmt: skip


def ancestors(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report links that a link of the same entry to a broader or narrower thing makes needless.

    What is broader than something broader than an entry is broader than the entry (SKOS, S24).
    """
    hierarchy = SkosGraph(draft.matches.hierarchy)
    targets: dict[tuple[str, str], dict[str, Relation]] = defaultdict(dict)
    for link in draft.matches.links:
        targets[link.subject, link.predicate][link.object] = link
    for (entry, predicate), links in targets.items():
        if len(links) == 1:
            continue
        for low in links:
            for high, _ in hierarchy.above(low):
                needless, other = (low, high) if predicate == NARROW else (high, low)
                if high not in links or links[needless] not in draft.own_matches.links:
                    continue
                yield _result(
                    MATCH_AND_ANCESTOR, links[needless],
                    f"{draft.matches.name(entry)} has the same relation to "
                    f"{draft.matches.name(needless)} and to {draft.matches.name(other)}, which is "
                    f"{'broader' if predicate == NARROW else 'narrower'}",
                    "Remove the mapping, unless it says something that the other does not",
                )  # fmt: skip


def _scheme(draft: AuthorStatements, thing: str) -> str:
    """What contains a thing once: a part of a framework, or all entries of dictionaries."""
    return "entries" if draft.has_class(thing) else _LOCAL_NAME.sub(r"\1", thing)


def _is_direct(chain: Chain) -> bool:
    """Whether a chain consists of one link, or of two from or to the thing in the middle."""
    if len(chain) == 1:
        return True
    one, two = chain[0], chain[-1]
    return len(chain) == 2 and (one.subject == two.subject or one.object == two.object)


def _concerns_same(link: Relation, chain: Chain) -> bool:
    """Whether a chain is a single link between the same two things, which rule CG533 reports."""
    return len(chain) == 1 and chain[0].subject == link.subject and chain[0].object == link.object


def _first_own(draft: AuthorStatements, relations: Iterable[Relation]) -> Relation | None:
    """The first of some statements that is in the author's files."""
    own = draft.own_matches
    return next((each for each in relations if each in own.links or each in own.hierarchy), None)


def _result(rule: Rule, link: Relation, what: str, remedy: str) -> CheckResult:
    return CheckResult(rule, link.subject, what, remedy, link.predicate, f"<{link.object}>")


def _told(matches: MatchStatements, start: str, chain: Chain) -> str:
    """A chain as a clause: “is narrower than X, which is exactly Y”."""
    parts, thing = [], start
    for relation in chain[:_MAX_NAMED]:
        verb = "is exactly" if relation.predicate == EXACT else "is narrower than"
        thing = relation.object if relation.subject == thing else relation.subject
        parts.append(f"{verb} {matches.name(thing)}")
    if len(chain) > _MAX_NAMED:
        parts.append(f"leads on through {len(chain) - _MAX_NAMED:,} more")
    return ", which ".join(parts)

"""What is right: the published links, and judgments of candidates of several methods.

The entries are split in halves by a hash of their IRI. Everything is found on one half; all figures
are those of the other. The published links are what a curator linked among candidates that a search
by words had found. The judgments (``judgments``, described in their heads) are of 60 entries drawn
by lot and of three small dictionaries of other trades, for which the candidates of all methods were
judged; there, what was judged a match by any predicate is right, and everything else wrong.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from competency_graph import linking, mappings, resources
from competency_graph.linking import Concept

HERE = Path(__file__).parent
SALES = "sales"
TRADES = ("nursing", "software", "logistics")
Links = dict[str, set[str]]
"""Of each entry that was looked at, the concepts that it is linked to."""


def held_out(iri: str) -> bool:
    """Whether an entry is of the half that nothing was tuned on."""
    return hashlib.sha256(iri.encode()).digest()[-1] % 2 == 1


def half(links: Links, which: bool) -> Links:
    return {iri: things for iri, things in links.items() if held_out(iri) is which}


def read(folder: Path) -> dict[str, tuple[Links, Links]]:
    """The links and the denied links, by framework."""
    found: dict[str, tuple[Links, Links]] = {}
    for path in sorted(folder.glob("*.sssom.tsv")):
        given = mappings.read(path)
        made, denied = found.setdefault(
            given.texts("object_source")[0].rpartition(":")[2],
            (defaultdict(set), defaultdict(set)),
        )
        for each in given.mappings:
            subject = given.expand(each.subject_id)
            right, wrong = made[subject], denied[subject]
            if each.object_id != mappings.NO_TERM:
                (wrong if each.negated else right).add(given.expand(each.object_id))
    return found


@dataclass(frozen=True)
class Gold:
    """What is right in a framework.

    Args:
        things: its concepts.
        dictionaries: the entries of each dictionary, by its name.
        links: the published links.
        right: the pairs that were judged a match.
        wrong: the pairs that were judged to be none.
    """

    things: list[Concept]
    dictionaries: dict[str, list[Concept]]
    links: Links
    right: Links
    wrong: Links

    def all_right(self, iri: str) -> set[str]:
        """The links and matches of an entry."""
        return self.links.get(iri, set()) | self.right.get(iri, set())

    def judged(self, dictionary: str, which: bool | None = None) -> list[Concept]:
        """The entries of a dictionary whose candidates were judged, of one half or of both."""
        return [
            each for each in self.dictionaries[dictionary]
            if each.iri in self.right and which in (None, held_out(each.iri))
        ]  # fmt: skip

    def linked(self, which: bool) -> list[tuple[Concept, set[str]]]:
        """The entries of one half with published links."""
        return [
            (each, self.links[each.iri]) for each in self.dictionaries[SALES]
            if self.links.get(each.iri) and held_out(each.iri) is which
        ]  # fmt: skip


def gold(graphs: dict[str, Path], links: Path) -> dict[str, Gold]:
    """What is right, by framework."""
    dictionaries = {SALES: linking.entries(resources.turtle_files(resources.DATA), (), "en")}
    for name in TRADES:
        dictionaries[name] = linking.entries([HERE / "trades" / f"{name}.ttl"], (), "en")
    published, judged = read(links), read(HERE / "judgments")
    return {
        name: Gold(linking.target([path], "en"), dictionaries, published[name][0], *judged[name])
        for name, path in graphs.items()
    }

"""The kinds of entries in the words of the trade, and which of them a dictionary has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import pyoxigraph as ox
from flask import Blueprint

from competency_graph.dictionary.publications import (
    DICTIONARY_TYPE,
    Publication,
    read_publications,
)
from competency_graph.errors import CompetencyError
from competency_graph.rdf.short_names import shorten
from competency_graph.rdf.vocabulary import KINDS, PREFIXES
from competency_graph.web.http.kept import kept
from competency_graph.web.http.responses import query_rows

blueprint = Blueprint("kinds", __name__)


class Words(NamedTuple):
    """What pages call a kind of entry.

    Args:
        one: a single entry.
        many: several entries, as a heading.
    """

    one: str
    many: str


WORDS: Final = {
    "role": Words("Role", "Roles"),
    "title": Words("Job title", "Job titles"),
    "area": Words("Area of expertise", "Areas of expertise"),
    "cluster": Words("Cluster", "Clusters"),
    "competency": Words("Competency", "Competencies"),
    "action": Words("Key action", "Key actions"),
    "knowledge": Words("Knowledge", "Knowledge"),
    "ability": Words("Ability", "Abilities"),
    "output": Words("Output", "Outputs"),
}
"""The words for each of `vocabulary.KINDS`."""
_NOUNS: Final = {
    "area": ("area", "areas"),
    "knowledge": ("knowledge entry", "knowledge entries"),
}
"""The nouns for counted entries, where they differ from `WORDS`."""
KIND_OF_CLASS: Final = {str(class_): kind for kind, class_ in KINDS.items()}
_COUNTS_QUERY: Final = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
SELECT ?class (COUNT(DISTINCT ?entry) AS ?entries) WHERE {{
  VALUES ?class {{ {" ".join(f"<{class_}>" for class_ in KINDS.values())} }}
  ?entry a ?class
}} GROUP BY ?class"""


@dataclass(frozen=True)
class Contents:
    """What is served, for the navigation of all pages.

    Args:
        dictionaries: the dictionaries, an extension before what it extends.
        counts: the number of entries of each kind that has any, in the order of `WORDS`.
    """

    dictionaries: tuple[Publication, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()

    @property
    def title(self) -> str:
        """The title of the first dictionary."""
        return self.dictionaries[0].title if self.dictionaries else "Competency graph"

    def count(self, kind: str) -> int:
        """The number of entries of a kind."""
        return dict(self.counts).get(kind, 0)


@blueprint.app_template_global()
def contents() -> Contents:
    """What is served; queried once for each version of the data."""
    try:
        return kept("contents", _query_contents)
    except CompetencyError:
        return Contents()  # the backend does not answer, which the page itself reports


@blueprint.app_template_global()
def kind_words(kind: str) -> Words:
    """The words for a kind."""
    return WORDS[kind]


@blueprint.app_template_global()
def counted(number: int, kind: str) -> str:
    """A number of entries of a kind in words, such as “1 area”."""
    one, many = _NOUNS.get(kind) or (word.lower() for word in WORDS[kind])
    return f"{number:,} {one if number == 1 else many}"


def _query_contents() -> Contents:
    numbers = {
        KIND_OF_CLASS[term.value]: int(shorten(number))
        for term, number in query_rows(_COUNTS_QUERY, {})
        if isinstance(term, ox.NamedNode)
    }
    published = read_publications(query_rows)
    dictionaries = tuple(each for each in published if each.type == DICTIONARY_TYPE)
    counts = tuple((kind, numbers[kind]) for kind in WORDS if numbers.get(kind))
    return Contents(dictionaries, counts)

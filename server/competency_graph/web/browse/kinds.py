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
from competency_graph.rdf.vocabulary import CLASS_OF_KIND, KIND_OF_CLASS, PREFIXES
from competency_graph.web.http.kept import kept_by_language
from competency_graph.web.http.responses import query_rows
from competency_graph.web.languages.texts import N_, current_language, gettext, ngettext

blueprint = Blueprint("kinds", __name__)


class Words(NamedTuple):
    """What pages call a kind of entry.

    Args:
        one: a single entry, as a heading.
        many: several entries, as a heading.
        noun: a single entry, within a sentence.
        nouns: several entries, within a sentence.
    """

    one: str
    many: str
    noun: str
    nouns: str


WORDS: Final = {
    "role": Words(N_("Role"), N_("Roles"), N_("role"), N_("roles")),
    "title": Words(N_("Job title"), N_("Job titles"), N_("job title"), N_("job titles")),
    "area": Words(
        N_("Area of expertise"), N_("Areas of expertise"),
        N_("area of expertise"), N_("areas of expertise"),
    ),
    "cluster": Words(N_("Cluster"), N_("Clusters"), N_("cluster"), N_("clusters")),
    "competency": Words(
        N_("Competency"), N_("Competencies"), N_("competency"), N_("competencies")
    ),
    "action": Words(N_("Key action"), N_("Key actions"), N_("key action"), N_("key actions")),
    "knowledge": Words(N_("Knowledge"), N_("Knowledge"), N_("knowledge entry"), N_("knowledge")),
    "ability": Words(N_("Ability"), N_("Abilities"), N_("ability"), N_("abilities")),
    "output": Words(N_("Output"), N_("Outputs"), N_("output"), N_("outputs")),
}  # fmt: skip
"""The words for each of `vocabulary.CLASS_OF_KIND`, to be translated by `kind_words`."""
_COUNTS_QUERY: Final = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
SELECT ?class (COUNT(DISTINCT ?entry) AS ?entries) WHERE {{
  VALUES ?class {{ {" ".join(f"<{class_}>" for class_ in CLASS_OF_KIND.values())} }}
  ?entry a ?class
}} GROUP BY ?class"""


@dataclass(frozen=True)
class Contents:
    """What is served, for the navigation of all pages.

    Args:
        dictionaries: the dictionaries, an extension before what it extends.
        counts: the number of entries of each kind that has any, in the order of `WORDS`.
        language: the language of texts without a tag: that of the first dictionary, if it says one.
    """

    dictionaries: tuple[Publication, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    language: str = ""

    @property
    def title(self) -> str:
        """The title of the first dictionary."""
        return self.dictionaries[0].title if self.dictionaries else "Competency graph"

    def count(self, kind: str) -> int:
        """The number of entries of a kind."""
        return dict(self.counts).get(kind, 0)


@blueprint.app_template_global()
def contents() -> Contents:
    """What is served, in the language of the page; queried once for each version of the data."""
    try:
        return kept_by_language("contents", _query_contents)
    except CompetencyError:
        return Contents()  # the backend does not answer, which the page itself reports


@blueprint.app_template_global()
def kind_words(kind: str) -> Words:
    """The words for a kind in the language of the page."""
    return Words(*map(gettext, WORDS[kind]))


@blueprint.app_template_global()
def noun_of(kind: str, number: int) -> str:
    """The word for a number of entries of a kind, in the language of the page."""
    words = kind_words(kind)
    return words.noun if number == 1 else words.nouns


@blueprint.app_template_global()
def counted(number: int, kind: str) -> str:
    """A number of entries of a kind in words, such as “1 area”."""
    match kind:
        case "role":
            return ngettext("%(number)s role", "%(number)s roles", number)
        case "title":
            return ngettext("%(number)s job title", "%(number)s job titles", number)
        case "area":
            return ngettext("%(number)s area", "%(number)s areas", number)
        case "cluster":
            return ngettext("%(number)s cluster", "%(number)s clusters", number)
        case "competency":
            return ngettext("%(number)s competency", "%(number)s competencies", number)
        case "action":
            return ngettext("%(number)s key action", "%(number)s key actions", number)
        case "knowledge":
            return ngettext("%(number)s knowledge entry", "%(number)s knowledge entries", number)
        case "ability":
            return ngettext("%(number)s ability", "%(number)s abilities", number)
        case "output":
            return ngettext("%(number)s output", "%(number)s outputs", number)
    raise KeyError(kind)


def _query_contents() -> Contents:
    numbers = {
        KIND_OF_CLASS[term.value]: int(shorten(number))
        for term, number in query_rows(_COUNTS_QUERY, {})
        if isinstance(term, ox.NamedNode)
    }
    published = read_publications(query_rows, current_language())
    dictionaries = tuple(each for each in published if each.type == DICTIONARY_TYPE)
    counts = tuple((kind, numbers[kind]) for kind in WORDS if numbers.get(kind))
    declared = dictionaries[0].texts("language") if dictionaries else ()
    return Contents(dictionaries, counts, declared[0] if len(declared) == 1 else "")

"""What the page about a dictionary shows in addition to its statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from competency_graph.dictionary.publications import (
    DICTIONARY_TYPE,
    Publication,
    read_publications,
)
from competency_graph.rdf.short_names import shorten, text_of
from competency_graph.rdf.vocabulary import KIND_OF_CLASS, KINDS, PREFIXES
from competency_graph.sparql.entry_view import Item
from competency_graph.sparql.label_language import LABEL_ORDER, in_language
from competency_graph.web.browse.kinds import WORDS
from competency_graph.web.http.responses import query_rows
from competency_graph.web.languages.texts import current_language

LISTED: Final = ("role", "area", "competency")
"""The kinds whose entries the page lists."""
MAX_LISTED: Final = 60
"""The most entries of a kind that the page lists; the list of the kind has all."""
_COUNTS_QUERY: Final = f"""\
PREFIX skos: <{PREFIXES["skos"]}>
SELECT ?dictionary ?class (COUNT(DISTINCT ?entry) AS ?entries) WHERE {{
  VALUES ?class {{ {" ".join(f"<{class_}>" for class_ in KINDS.values())} }}
  ?entry skos:inScheme ?dictionary ; a ?class
}} GROUP BY ?dictionary ?class"""
_ENTRIES_QUERY: Final = f"""\
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT ?dictionary ?class ?language ?entry ?label ?code WHERE {{
  ?entry skos:inScheme ?dictionary ; a ?class
  OPTIONAL {{ ?entry skos:prefLabel ?label }}
  OPTIONAL {{ ?entry skos:notation ?code }}
}} ORDER BY STRLEN(?code) ?code ?entry {LABEL_ORDER} ?label LIMIT {4 * MAX_LISTED}"""


@dataclass(frozen=True)
class DictionaryPage:
    """What is known about a dictionary.

    Args:
        publication: its title, licence and so on.
        counts: the number of its entries by kind, for the kinds that it has.
        entries: entries of each of `LISTED`, at most `MAX_LISTED`.
        extends: the dictionaries that it extends.
        extensions: the extensions of it that are served.
    """

    publication: Publication
    counts: dict[str, int]
    entries: dict[str, list[Item]]
    extends: list[Publication]
    extensions: list[Publication]


def read_dictionary_page(iri: str) -> DictionaryPage | None:
    """Query what the page about a dictionary shows; None for anything else."""
    publications = read_publications(query_rows, current_language())
    own = next((p for p in publications if p.iri == iri and p.type == DICTIONARY_TYPE), None)
    if own is None:
        return None
    given = {ox.Variable("dictionary"): ox.NamedNode(iri)}
    numbers = {
        KIND_OF_CLASS[class_.value]: int(shorten(number))
        for *_, class_, number in query_rows(_COUNTS_QUERY, given)
        if isinstance(class_, ox.NamedNode)
    }
    counts = {kind: numbers[kind] for kind in WORDS if numbers.get(kind)}
    return DictionaryPage(
        own,
        counts,
        {kind: _entries(iri, kind) for kind in LISTED if counts.get(kind)},
        [p for p in publications if p.iri in _imports(own) and p.type == DICTIONARY_TYPE],
        [p for p in publications if iri in _imports(p)],
    )


def _imports(publication: Publication) -> set[str]:
    return {term.value for term in publication.of("imports") if isinstance(term, ox.NamedNode)}


def _entries(iri: str, kind: str) -> list[Item]:
    given = {
        ox.Variable("dictionary"): ox.NamedNode(iri),
        ox.Variable("class"): ox.NamedNode(KINDS[kind]),
        **in_language(current_language()),
    }
    found: dict[object, Item] = {}
    for *_, entry, label, code in query_rows(_ENTRIES_QUERY, given):
        if entry is not None:
            found.setdefault(entry, Item(entry, text_of(label), shorten(code)))
    return list(found.values())[:MAX_LISTED]

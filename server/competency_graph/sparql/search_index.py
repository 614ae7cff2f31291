"""Full-text search for entries, tolerant of word forms and typos, with ranked results.

The index is SQLite's FTS5 with its Porter stemmer, in memory. A word that occurs in no entry is
replaced by the most similar words that do.
"""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import pyoxigraph as ox
from rapidfuzz import fuzz, process
from rdflib.namespace import SKOS

from competency_graph.errors import BadValueError
from competency_graph.rdf.rows import Rows
from competency_graph.rdf.short_names import abridged, shorten
from competency_graph.rdf.vocabulary import KINDS, PREFIXES
from competency_graph.sparql.evaluator import Answer
from competency_graph.sparql.saved_queries import SavedQuery

_FIELD_WEIGHTS: Final = {
    str(SKOS.prefLabel): 10.0,
    str(SKOS.notation): 10.0,
    str(SKOS.altLabel): 6.0,
    str(SKOS.example): 2.0,
    str(SKOS.definition): 2.0,
}
"""The indexed properties, and the weight of a word in each."""
_LINKED_WEIGHT: Final = 1.0
"""The weight of a word in the label of a linked concept."""
_TEXTS_QUERY: Final = f"""\
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT ?entry ?kind ?property ?value WHERE {{
  VALUES ?kind {{ {" ".join(f"<{kind}>" for kind in KINDS.values())} }}
  ?entry a ?kind .
  {{
    VALUES ?property {{ {" ".join(f"<{field}>" for field in _FIELD_WEIGHTS)} }}
    ?entry ?property ?value .
  }}
  UNION
  {{
    VALUES ?property {{ skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch }}
    ?entry ?property ?concept .
    ?concept skos:prefLabel ?value .
  }}
}}"""
_NAME_PROPERTIES: Final = tuple(str(SKOS[name]) for name in ("prefLabel", "notation", "altLabel"))
_SIMILARITY_BONUS: Final = 20.0
"""The bonus for a name equal to the search text, in proportion for similar names."""
_ALL_WORDS_BONUS: Final = 20.0
"""The bonus for a name that contains all words."""
_EXACT_MATCH_BONUS: Final = 1000.0
"""The bonus for a name or code that equals the search text."""
_MIN_SIMILARITY: Final = 78
"""The minimum similarity, in per cent, of a word that may have been meant."""
_MAX_WORDS: Final = 20
_MAX_HITS: Final = 200
"""The maximum number of entries returned."""
_TRUNCATION_WARNING: Final = (
    f"only the best {_MAX_HITS} entries are listed; add words to find fewer"
)
COLUMNS: Final = ("entry", "entryLabel", "kind", "code", "score", "property", "value")
"""The columns of a hit."""


class Hit(NamedTuple):
    """An entry that matches.

    Args:
        entry: its IRI.
        label: its label.
        kind: its kind, one of `vocabulary.KINDS`.
        code: its code, or "".
        score: how well it matches; higher is better.
        property: the IRI of the property that matches best.
        value: the text of that property.
    """

    entry: str
    label: str
    kind: str
    code: str
    score: float
    property: str
    value: str


class Found(NamedTuple):
    """The result of a search.

    Args:
        hits: the matching entries, best first.
        warning: why entries may be missing, or ""; for example, that the list was cut off.
    """

    hits: Sequence[Hit] = ()
    warning: str = ""


class Index:
    """A searchable index of the texts of a dictionary's entries; thread-safe.

    Args:
        rows: queries the dictionary.
    """

    def __init__(self, rows: Rows) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        columns = ", ".join(f"f{number}" for number in range(len(_FIELD_WEIGHTS) + 1))
        self._database.execute(
            f"CREATE VIRTUAL TABLE texts USING fts5({columns}, entry UNINDEXED, "
            "tokenize='porter unicode61 remove_diacritics 2')"
        )
        self._texts_by_entry: dict[str, dict[str, list[tuple[str, str]]]] = {}
        self._kinds: dict[str, str] = {}
        kinds = {str(iri): name for name, iri in KINDS.items()}
        for entry, kind, prop, value in rows(_TEXTS_QUERY, {}):
            if isinstance(entry, ox.NamedNode) and isinstance(value, ox.Literal):
                by_property = self._texts_by_entry.setdefault(entry.value, {})
                texts = by_property.setdefault(shorten(prop) and prop.value, [])  # type: ignore[union-attr]
                texts.append((value.value, value.language or ""))
                self._kinds[entry.value] = kinds[kind.value]  # type: ignore[union-attr]
        self._fill()

    def _fill(self) -> None:
        marks = ", ".join("?" * (len(_FIELD_WEIGHTS) + 2))
        for entry, by_property in self._texts_by_entry.items():
            linked = [
                text
                for prop, texts in by_property.items()
                if prop not in _FIELD_WEIGHTS
                for text, _ in texts
            ]
            fields = [
                " | ".join(text for text, _ in by_property.get(field, ()))
                for field in _FIELD_WEIGHTS
            ]
            self._database.execute(
                f"INSERT INTO texts VALUES ({marks})",  # noqa: S608  (only question marks)
                [*fields, " | ".join(linked), entry],
            )
        self._words = sorted(
            {
                word
                for by_property in self._texts_by_entry.values()
                for texts in by_property.values()
                for text, _ in texts
                for word in re.findall(r"\w+", text.casefold())
            }
        )

    def search(self, text: str, kind: str = "", language: str = "en") -> Found:
        """Find entries, best first; those that contain all words come before others.

        Args:
            text: words, in any form, or a code.
            kind: one of `vocabulary.KINDS`, to find only that kind.
            language: the language of the returned labels, if there are several.

        Raises:
            BadValueError: the text is empty.
        """
        words = re.findall(r"\w+", text)[:_MAX_WORDS]
        if not text.strip():
            raise BadValueError("the search text is empty", "Enter a word or a code")
        if not words:
            return Found((), f"there is no word in “{abridged(text, 100)}” to look for")
        with self._lock:
            expressions = [self._word_expression(word) for word in words]
            found: dict[str, float] = {}
            for between in (" AND ", " OR "):
                for entry, rank in self._run_match(between.join(expressions)):
                    found.setdefault(entry, -rank - (1000 if between == " OR " else 0))
        for entry in found:
            found[entry] += self._name_bonus(entry, text.strip().casefold(), words)
        best = sorted(found, key=lambda entry: (-found[entry], entry))
        matching = [entry for entry in best if kind in ("", self._kinds[entry])]
        hits = [
            self._to_hit(entry, found[entry], words, language) for entry in matching[:_MAX_HITS]
        ]
        return Found(hits, _TRUNCATION_WARNING if len(matching) > _MAX_HITS else "")

    def _name_bonus(self, entry: str, text: str, words: Sequence[str]) -> float:
        """The bonus for a name or code that equals the search text or is similar to it."""
        best = 0.0
        for prop in _NAME_PROPERTIES:
            for text_of_name, _ in self._texts(entry, prop):
                name = text_of_name.casefold()
                has_all = all(
                    fuzz.partial_ratio(w.casefold(), name) > _MIN_SIMILARITY for w in words
                )
                similarity = (
                    fuzz.ratio(text, name) / 100 * _SIMILARITY_BONUS + has_all * _ALL_WORDS_BONUS
                )
                best = max(best, _EXACT_MATCH_BONUS if name == text else similarity)
        return best

    def _word_expression(self, word: str) -> str:
        """A word in FTS5 syntax (SQLite, section 3): as a prefix, or as one of similar words."""
        if self._run_match(f'"{word}"*'):
            return f'"{word}"*'
        near = process.extract(
            word.casefold(), self._words, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY, limit=3
        )
        options = [f'"{term}"' for term, _, _ in near]
        return f"({' OR '.join(options)})" if options else f'"{word}"'

    def _run_match(self, query: str) -> list[tuple[str, float]]:
        weights = ", ".join(str(weight) for weight in (*_FIELD_WEIGHTS.values(), _LINKED_WEIGHT))
        return self._database.execute(
            f"SELECT entry, bm25(texts, {weights}) AS rank FROM texts "  # noqa: S608  (numbers)
            "WHERE texts MATCH ? ORDER BY rank",
            (query,),
        ).fetchall()

    def _texts(self, entry: str, prop: str) -> list[tuple[str, str]]:
        return self._texts_by_entry[entry].get(prop, [])

    def _text_in_language(self, entry: str, prop: str, language: str) -> str:
        texts = self._texts(entry, prop)
        matching = [
            text for text, tag in texts if tag.partition("-")[0] == language.partition("-")[0]
        ]
        return next(iter(matching or [text for text, _ in texts]), "")

    def _to_hit(self, entry: str, score: float, words: Sequence[str], language: str) -> Hit:
        prop, value = self._best_matching_text(entry, words)
        return Hit(
            entry,
            self._text_in_language(entry, str(SKOS.prefLabel), language),
            self._kinds[entry],
            self._text_in_language(entry, str(SKOS.notation), ""),
            round(score, 3),
            prop,
            value,
        )

    def _best_matching_text(self, entry: str, words: Sequence[str]) -> tuple[str, str]:
        """The property and text that match best; equally good ones are ranked by weight."""
        best = ("", "", -1.0)
        for prop, texts in self._texts_by_entry[entry].items():
            for text, _ in texts:
                similarity = sum(
                    fuzz.partial_ratio(w.casefold(), text.casefold()) > _MIN_SIMILARITY
                    for w in words
                )
                score = similarity * 100 + _FIELD_WEIGHTS.get(prop, _LINKED_WEIGHT)
                if score > best[2]:
                    best = (prop, text, score)
        return best[0], best[1]


def answer(found: Found, columns: Sequence[str] = COLUMNS) -> Answer:
    """Present a search result as the answer to a query.

    Args:
        found: the search result.
        columns: the columns to include, of `COLUMNS`.
    """
    text = json.dumps(
        {
            "head": {"vars": list(columns)},
            "results": {"bindings": [dict(_bindings(hit, columns)) for hit in found.hits]},
        }
    )
    return Answer(
        ox.parse_query_results(text.encode(), format=ox.QueryResultsFormat.JSON),
        warnings=(found.warning,) if found.warning else (),
    )


def answer_search(
    query: SavedQuery, bound: Mapping[ox.Variable, ox.NamedNode | ox.Literal], index: Index
) -> Answer:
    """Answer a saved query that searches, using the index.

    Args:
        query: the query; its columns are those of `COLUMNS` that it names.
        bound: the terms bound to its parameters.
        index: the index.
    """
    values = {variable.value: term.value for variable, term in bound.items()}
    found = index.search(values[query.search], "", values.get("language", "en"))
    columns = [name for name in COLUMNS if re.search(rf"\?{name}\b", query.text)]
    return answer(found, columns)


def _bindings(hit: Hit, columns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    for name, value in zip(COLUMNS, hit, strict=True):
        if name not in columns:
            continue
        if name in ("entry", "property"):
            yield name, {"type": "uri", "value": str(value)}
        elif name == "score":
            number = PREFIXES["xsd"] + "decimal"
            yield name, {"type": "literal", "value": f"{value:.3f}", "datatype": number}
        elif value:
            yield name, {"type": "literal", "value": str(value)}

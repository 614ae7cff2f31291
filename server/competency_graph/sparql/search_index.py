"""Finding entries by words: in any form, with a slip of the pen, ranked, each entry once.

The index is SQLite's FTS5 with its Porter stemmer, in memory. For a word that no entry has, those
are taken that are nearest to it among the words of all entries.
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

_FIELDS: Final = {
    str(SKOS.prefLabel): 10.0,
    str(SKOS.notation): 10.0,
    str(SKOS.altLabel): 6.0,
    str(SKOS.example): 2.0,
    str(SKOS.definition): 2.0,
}
"""The properties whose texts are found, and what a word in each counts for."""
_LINKED: Final = 1.0
"""What a word in the label of a linked concept counts for."""
_TEXTS: Final = f"""\
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT ?entry ?kind ?property ?value WHERE {{
  VALUES ?kind {{ {" ".join(f"<{kind}>" for kind in KINDS.values())} }}
  ?entry a ?kind .
  {{
    VALUES ?property {{ {" ".join(f"<{field}>" for field in _FIELDS)} }}
    ?entry ?property ?value .
  }}
  UNION
  {{
    VALUES ?property {{ skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch }}
    ?entry ?property ?concept .
    ?concept skos:prefLabel ?value .
  }}
}}"""
_NAMES: Final = tuple(str(SKOS[name]) for name in ("prefLabel", "notation", "altLabel"))
_ALIKE: Final = 20.0
"""What a name counts for that is just like what was looked for; others, by how like they are."""
_IN_NAME: Final = 20.0
"""What a name counts for that has all words."""
_EXACT: Final = 1000.0
"""What a name or code counts for that is just what was looked for."""
_NEAR: Final = 78
"""Per cent of likeness from which a word may have been meant."""
_MOST_WORDS: Final = 20
_MOST: Final = 200
"""Entries that are found at most."""
_CUT_OFF: Final = f"only the best {_MOST} entries are listed; more words find fewer"
COLUMNS: Final = ("entry", "entryLabel", "kind", "code", "score", "property", "value")
"""What is said of each hit."""


class Hit(NamedTuple):
    """An entry that was found.

    Args:
        entry: its IRI.
        label: its label.
        kind: its kind, one of `vocabulary.KINDS`.
        code: its code, or "".
        score: how well it fits; higher is better.
        property: the property, by IRI, in which the words were found that count for most.
        value: what that says.
    """

    entry: str
    label: str
    kind: str
    code: str
    score: float
    property: str
    value: str


class Found(NamedTuple):
    """What was found.

    Args:
        hits: the entries, best first.
        warning: why there may be more, or can be none; "" where there is nothing to say.
    """

    hits: Sequence[Hit] = ()
    warning: str = ""


class Index:
    """The texts of a dictionary's entries, ready to be searched by several threads.

    Args:
        rows: asks the dictionary.
    """

    def __init__(self, rows: Rows) -> None:
        self._lock = threading.Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        columns = ", ".join(f"f{number}" for number in range(len(_FIELDS) + 1))
        self._base.execute(
            f"CREATE VIRTUAL TABLE texts USING fts5({columns}, entry UNINDEXED, "
            "tokenize='porter unicode61 remove_diacritics 2')"
        )
        self._said: dict[str, dict[str, list[tuple[str, str]]]] = {}
        self._kinds: dict[str, str] = {}
        kinds = {str(iri): name for name, iri in KINDS.items()}
        for entry, kind, prop, value in rows(_TEXTS, {}):
            if isinstance(entry, ox.NamedNode) and isinstance(value, ox.Literal):
                said = self._said.setdefault(entry.value, {})
                texts = said.setdefault(shorten(prop) and prop.value, [])  # type: ignore[union-attr]
                texts.append((value.value, value.language or ""))
                self._kinds[entry.value] = kinds[kind.value]  # type: ignore[union-attr]
        self._fill()

    def _fill(self) -> None:
        marks = ", ".join("?" * (len(_FIELDS) + 2))
        for entry, said in self._said.items():
            linked = [
                text for prop, texts in said.items() if prop not in _FIELDS for text, _ in texts
            ]
            fields = [" | ".join(text for text, _ in said.get(field, ())) for field in _FIELDS]
            self._base.execute(
                f"INSERT INTO texts VALUES ({marks})",  # noqa: S608  (question marks alone)
                [*fields, " | ".join(linked), entry],
            )
        self._words = sorted(
            {
                word
                for said in self._said.values()
                for texts in said.values()
                for text, _ in texts
                for word in re.findall(r"\w+", text.casefold())
            }
        )

    def search(self, text: str, kind: str = "", language: str = "en") -> Found:
        """The entries that a text may mean, best first; those with all words before others.

        Args:
            text: words, in any form, or a code.
            kind: one of `vocabulary.KINDS`, to find that alone.
            language: the language of the labels that are given, where there are several.

        Raises:
            BadValueError: the text is empty.
        """
        words = re.findall(r"\w+", text)[:_MOST_WORDS]
        if not text.strip():
            raise BadValueError("there is nothing to look for", "Give a word, or a code")
        if not words:
            return Found((), f"there is no word in “{abridged(text, 100)}” to look for")
        with self._lock:
            meant = [self._meant(word) for word in words]
            found: dict[str, float] = {}
            for between in (" AND ", " OR "):
                for entry, rank in self._matching(between.join(meant)):
                    found.setdefault(entry, -rank - (1000 if between == " OR " else 0))
        for entry in found:
            found[entry] += self._named(entry, text.strip().casefold(), words)
        best = sorted(found, key=lambda entry: (-found[entry], entry))
        ours = [entry for entry in best if kind in ("", self._kinds[entry])]
        hits = [self._hit(entry, found[entry], words, language) for entry in ours[:_MOST]]
        return Found(hits, _CUT_OFF if len(ours) > _MOST else "")

    def _named(self, entry: str, text: str, words: Sequence[str]) -> float:
        """What counts beside the words: that they are the entry's name or code, or most of it."""
        best = 0.0
        for prop in _NAMES:
            for said, _ in self._texts(entry, prop):
                name = said.casefold()
                has_all = all(fuzz.partial_ratio(w.casefold(), name) > _NEAR for w in words)
                like = fuzz.ratio(text, name) / 100 * _ALIKE + has_all * _IN_NAME
                best = max(best, _EXACT if name == text else like)
        return best

    def _meant(self, word: str) -> str:
        """A word in the syntax of FTS5 (SQLite, section 3): it, what begins so, or what is near."""
        if self._matching(f'"{word}"*'):
            return f'"{word}"*'
        near = process.extract(
            word.casefold(), self._words, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=3
        )
        options = [f'"{term}"' for term, _, _ in near]
        return f"({' OR '.join(options)})" if options else f'"{word}"'

    def _matching(self, query: str) -> list[tuple[str, float]]:
        weights = ", ".join(str(weight) for weight in (*_FIELDS.values(), _LINKED))
        return self._base.execute(
            f"SELECT entry, bm25(texts, {weights}) AS rank FROM texts "  # noqa: S608  (numbers)
            "WHERE texts MATCH ? ORDER BY rank",
            (query,),
        ).fetchall()

    def _texts(self, entry: str, prop: str) -> list[tuple[str, str]]:
        return self._said[entry].get(prop, [])

    def _in(self, entry: str, prop: str, language: str) -> str:
        texts = self._texts(entry, prop)
        ours = [text for text, tag in texts if tag.partition("-")[0] == language.partition("-")[0]]
        return next(iter(ours or [text for text, _ in texts]), "")

    def _hit(self, entry: str, score: float, words: Sequence[str], language: str) -> Hit:
        prop, value = self._shown(entry, words)
        return Hit(
            entry,
            self._in(entry, str(SKOS.prefLabel), language),
            self._kinds[entry],
            self._in(entry, str(SKOS.notation), ""),
            round(score, 3),
            prop,
            value,
        )

    def _shown(self, entry: str, words: Sequence[str]) -> tuple[str, str]:
        """The text that is most like what was looked for, of the field that counts for most."""
        best = ("", "", -1.0)
        for prop, texts in self._said[entry].items():
            for text, _ in texts:
                like = sum(fuzz.partial_ratio(w.casefold(), text.casefold()) > _NEAR for w in words)
                score = like * 100 + _FIELDS.get(prop, _LINKED)
                if score > best[2]:
                    best = (prop, text, score)
        return best[0], best[1]


def answer(found: Found, columns: Sequence[str] = COLUMNS) -> Answer:
    """What was found as the answer of a query.

    Args:
        found: what was found.
        columns: those of `COLUMNS` that are wanted.
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


def answered(
    query: SavedQuery, bound: Mapping[ox.Variable, ox.NamedNode | ox.Literal], index: Index
) -> Answer:
    """The answer to a saved query that searches, from the index.

    Args:
        query: the query; its columns are those of `COLUMNS` that it names.
        bound: terms for its parameters.
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

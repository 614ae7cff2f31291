"""Full-text search for entries, tolerant of word forms and typos, with ranked results.

An entry is the better, the more prominent the texts are that hold all the words (its label, other
names, its definition and examples, the labels of linked concepts), and the more similar its name is
to the search text.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from competency_graph.errors import BadValueError
from competency_graph.rdf.short_names import TaggedText, abridged
from competency_graph.sparql.search.databases import ALL_TEXTS
from competency_graph.sparql.search.excerpts import Places, covered
from competency_graph.sparql.search.normalization import plain, plain_words
from competency_graph.sparql.search.tables import (
    LABELS,
    NAMES,
    OWN_TEXTS,
    Stored,
    Tables,
    any_form,
)
from competency_graph.sparql.search.texts import (
    CODE,
    DEFINITION,
    LABEL,
    OWN_PROPERTIES,
    Text,
)
from competency_graph.sparql.search.words import Meaning

_SCORES: Final = {LABELS: 60.0, NAMES: 50.0, OWN_TEXTS: 20.0, ALL_TEXTS: 10.0}
"""The columns that hold the words, best first, with the score of an entry found there."""
_SIMILARITY_SCORE: Final = 30.0
"""What a name adds that equals the search text, in proportion if it is similar."""
_EXACT_SCORE: Final = 100.0
"""The score of an entry whose name or code equals the search text."""
_SOME_WORDS_FACTOR: Final = 0.5
"""What the score is multiplied by if no entry has all words."""
MAX_HITS: Final = 200
"""The maximum number of entries returned."""
_MAX_WORDS: Final = 20
_MAX_COMBINED: Final = 6
"""Of so many words, one may be left out if no entry has all."""
_MIN_CANDIDATES: Final = 30
"""So many entries of each kind and each group of columns are compared with the search text."""
_MAX_FACETS: Final = 8
_TRUNCATION_WARNING: Final = f"only the best {MAX_HITS} entries are listed; add words to find fewer"


class Hit(NamedTuple):
    """An entry that matches.

    Args:
        entry: its IRI.
        label: its label, or "".
        kind: its kind, one of `vocabulary.KINDS`.
        code: its code, or "".
        score: how well it matches, at most 100.
        property: the IRI of the property that matches best.
        value: the text of that property.
        concept: the IRI of the linked concept whose label that text is, or "".
        definition: its definition, or "".
    """

    entry: str
    label: str
    kind: str
    code: str
    score: float
    property: str
    value: str
    concept: str = ""
    definition: str = ""


class Facet(NamedTuple):
    """An area or cluster that entries belong to.

    Args:
        entry: its IRI.
        label: its label, or "".
        kind: its kind.
        entries: how many of the entries found belong to it.
    """

    entry: str
    label: str
    kind: str
    entries: int


class Found(NamedTuple):
    """The result of a search.

    Args:
        hits: the matching entries, best first.
        warning: why entries may be missing, or ""; for example, that the list was cut off.
        words: what each word of the search text means.
        has_all: whether the hits have all words; else each has some of them.
        counts: the number of matching entries of each kind that has any, whichever kind is listed.
        facets: the areas and clusters that most of the listed kinds' entries belong to.
    """

    hits: Sequence[Hit] = ()
    warning: str = ""
    words: Sequence[Meaning] = ()
    has_all: bool = True
    counts: Mapping[str, int] = {}
    facets: Sequence[Facet] = ()

    @property
    def total(self) -> int:
        """The number of matching entries of all kinds."""
        return sum(self.counts.values())

    @property
    def places(self) -> Places:
        """The words that match, for `excerpts.excerpt`."""
        return _places(self.words)

    @property
    def corrected(self) -> str:
        """The words that were looked for, if any was replaced; else ""."""
        if not any(word.replaced_by for word in self.words):
            return ""
        return " ".join(word.replaced_by or word.given for word in self.words)

    @property
    def unknown(self) -> list[str]:
        """The words that occur nowhere and resemble none that do."""
        return [word.given for word in self.words if not word.terms]


class Index:
    """A searchable index of the texts of a dictionary's entries; thread-safe.

    Args:
        found: its databases, as of `databases.databases`.
    """

    def __init__(self, found: Iterable[sqlite3.Connection]) -> None:
        self._lock = threading.Lock()
        self._tables = Tables(found)

    def search(
        self,
        text: str,
        kind: str = "",
        language: str = "en",
        within: str = "",
        per_kind: int = MAX_HITS,
    ) -> Found:
        """Find entries that have all words of a text or, if none has, some of them; best first.

        Args:
            text: words, in any form, or a code.
            kind: one of `vocabulary.KINDS`, to find only that kind.
            language: the language of the returned labels, if there are several.
            within: the IRI of an area or cluster, to find only what belongs to it.
            per_kind: the maximum number of entries of each kind.

        Raises:
            BadValueError: the text is empty.
        """
        if not text.strip():
            raise BadValueError("the search text is empty", "Enter a word or a code")
        given = list(dict.fromkeys(plain_words(text)))[:_MAX_WORDS]
        if not given:
            return Found((), f"there is no word in “{abridged(text, 100)}” to look for")
        with self._lock:
            words = [self._tables.vocabulary.meaning(word) for word in given]
            has_all, expression, counts = self._matching(words, within)
            if not counts:
                return Found(words=words)
            kinds = [each for each in counts if kind in ("", each)]
            scores = self._scores(text, words, expression, within, kinds, per_kind)
            best = _best(scores)[:MAX_HITS]
            factor = 1.0 if has_all else _SOME_WORDS_FACTOR
            places = _places(words)
            hits = [
                _to_hit(self._tables.entry(row), scores[row] * factor, places, language)
                for row in best
            ]
            facets = self._facets(expression, kinds, within, language)
        truncated = per_kind >= MAX_HITS and sum(counts[each] for each in kinds) > len(hits)
        warning = _TRUNCATION_WARNING if truncated else ""
        return Found(hits, warning, words, has_all, counts, facets)

    def suggest(self, text: str, language: str = "en", limit: int = 8) -> list[Hit]:
        """Entries whose names contain all words, the last of which may be unfinished; best first.

        Args:
            text: what has been typed so far.
            language: the language of the labels.
            limit: the maximum number of entries.
        """
        given = list(plain_words(text))[:_MAX_WORDS]
        if not given:
            return []
        beginning = plain(text.strip())
        with self._lock:
            vocabulary = self._tables.vocabulary
            words = [vocabulary.meaning(word) for word in given[:-1]]
            words.append(vocabulary.meaning(given[-1], unfinished=True))
            rows = dict.fromkeys(self._tables.rows_beginning(beginning, _MIN_CANDIDATES))
            for complete, expression in _expressions(words):
                for columns in (LABELS, NAMES) if complete or not rows else ():
                    matching = self._tables.matching(columns, expression)
                    for kind in self._tables.counts(matching):
                        rows |= dict.fromkeys(self._tables.rows(matching, kind, 2 * limit))
                if rows:
                    break
            names = self._tables.names(list(rows))
            meant = _meant(text, words)
            likeness = {
                row: max(name.startswith(beginning) + _similarity(meant, name) for name in of_row)
                for row, of_row in names.items()
            }
            best = _best(likeness)[:limit]
            places = _places(words)
            return [_to_hit(self._tables.entry(row), 0.0, places, language) for row in best]

    def label(self, iri: str, language: str = "en") -> str:
        """The label of an entry, or ""."""
        with self._lock:
            entry = self._tables.entry_with(iri)
        return _in_language(entry, LABEL, language) if entry else ""

    def _matching(self, words: Sequence[Meaning], within: str) -> tuple[bool, str, dict[str, int]]:
        """What to look for: whether it requires all words, the words, and the matches by kind."""
        for has_all, expression in _expressions(words):
            everywhere = self._tables.matching(ALL_TEXTS, expression, within)
            if counts := self._tables.counts(everywhere):
                return has_all, expression, counts
        return False, "", {}

    def _scores(
        self,
        text: str,
        words: Sequence[Meaning],
        expression: str,
        within: str,
        kinds: Sequence[str],
        limit: int,
    ) -> dict[int, float]:
        """The best rows of each kind with their scores, before `_SOME_WORDS_FACTOR`."""
        exact, meant = plain(text.strip()), _meant(text, words)
        candidates = self._candidates(exact, expression, within, kinds, limit)
        names = self._tables.names([row for of_kind in candidates.values() for row in of_kind])
        scores: dict[int, float] = {}
        for of_kind in candidates.values():
            found = {}
            for row, score in of_kind.items():
                likeness = max(_similarity(meant, name) for name in names[row])
                found[row] = (
                    _EXACT_SCORE if exact in names[row] else score + _SIMILARITY_SCORE * likeness
                )
            scores |= {row: found[row] for row in _best(found)[:limit]}
        return scores

    def _candidates(
        self, exact: str, expression: str, within: str, kinds: Sequence[str], limit: int
    ) -> dict[str, dict[int, float]]:
        """The first rows of each kind that match, with a score for the columns that do."""
        candidates: dict[str, dict[int, float]] = {
            kind: dict.fromkeys(self._tables.rows_named(exact, kind, within, limit), _EXACT_SCORE)
            for kind in kinds
        }
        enough = max(limit, _MIN_CANDIDATES)
        for columns, score in _SCORES.items():
            matching = self._tables.matching(columns, expression, within)
            for kind, found in candidates.items():
                if len(found) < enough:
                    for row in self._tables.rows(matching, kind, enough):
                        found.setdefault(row, score)
            if limit >= MAX_HITS <= sum(map(len, candidates.values())):
                break
        return candidates

    def _facets(
        self, expression: str, kinds: Sequence[str], within: str, language: str
    ) -> list[Facet]:
        """The areas and clusters that most of the matching entries belong to."""
        everywhere = self._tables.matching(ALL_TEXTS, expression, within)
        counts = self._tables.container_counts(everywhere, kinds, _MAX_FACETS)
        found = []
        for iri, count in counts.most_common():
            entry = self._tables.entry_with(iri)
            if entry is not None and iri != within:
                found.append(Facet(iri, _in_language(entry, LABEL, language), entry.kind, count))
        return found


def _expressions(words: Sequence[Meaning]) -> Iterator[tuple[bool, str]]:
    """What to look for, in FTS5's syntax: all words, then all but one, then any.

    Each comes with whether it requires all words.
    """
    known = [any_form(word) for word in words if word.terms]
    if not known:
        return
    yield len(known) == len(words), " AND ".join(known)
    if 2 < len(known) <= _MAX_COMBINED:
        yield (
            False,
            " OR ".join(f"({' AND '.join(some)})" for some in combinations(known, len(known) - 1)),
        )
    if len(known) > 1:
        yield False, " OR ".join(known)


def _meant(text: str, words: Sequence[Meaning]) -> str:
    """The search text as of `plain`, with typos corrected."""
    if not any(word.replaced_by for word in words):
        return plain(text.strip())
    return " ".join(word.replaced_by or word.given for word in words)


def _best(scores: Mapping[int, float]) -> list[int]:
    """The rows, best first."""
    return sorted(scores, key=lambda row: (-scores[row], row))


def _similarity(text: str, name: str) -> float:
    """How similar a name is to the search text, from 0 to 1."""
    return (fuzz.ratio(text, name) + fuzz.token_set_ratio(text, name)) / 200


def _places(words: Sequence[Meaning]) -> Places:
    found: dict[str, frozenset[int]] = {}
    for place, word in enumerate(words):
        for form in word.forms:
            found[form] = found.get(form, frozenset()) | {place}
    return found


def _to_hit(entry: Stored, score: float, places: Places, language: str) -> Hit:
    text = max(
        entry.texts,
        key=lambda each: (
            len(covered(each.value, places)),
            -_rank(each.property),
            -_preference(each.language, language),
        ),
    )
    return Hit(
        entry.iri,
        _in_language(entry, LABEL, language),
        entry.kind,
        _in_language(entry, CODE, ""),
        round(score, 3),
        text.property,
        TaggedText(text.value, text.language),
        text.concept,
        _in_language(entry, DEFINITION, language),
    )


def _rank(prop: str) -> int:
    return OWN_PROPERTIES.index(prop) if prop in OWN_PROPERTIES else len(OWN_PROPERTIES)


def _preference(tag: str, language: str) -> int:
    """0 for a text in a language, 1 for one in English, 2 for others."""
    wanted = [each.partition("-")[0].lower() for each in (language, "en")]
    found = tag.partition("-")[0].lower()
    return wanted.index(found) if found in wanted else len(wanted)


def _in_language(entry: Stored, prop: str, language: str) -> str:
    """A text of a property, in a language if it has one in it, or in English; "" without any."""
    texts: list[Text] = [text for text in entry.texts if text.property == prop]
    texts.sort(key=lambda text: _preference(text.language, language))
    return TaggedText(texts[0].value, texts[0].language) if texts else ""

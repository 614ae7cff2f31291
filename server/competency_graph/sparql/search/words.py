"""The words of a dictionary: in which forms they occur, and which of them a typo means."""

from __future__ import annotations

import sqlite3
from functools import cached_property
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

_MIN_SIMILARITY: Final = 78
"""The minimum similarity, in per cent, of a word that may have been meant."""
_SIMILARITY_RANGE: Final = 6
"""How much less similar than the nearest word another may be that is also looked for."""
_MAX_NEAR: Final = 3
"""The maximum number of words that a typo is replaced with."""
_MAX_COMPLETIONS: Final = 12
"""The maximum number of stems that a beginning of a word is completed to."""


class Meaning(NamedTuple):
    """What a word of a search text means.

    Args:
        given: the word as given.
        replaced_by: the nearest known word, if the given one is unknown; else "".
        terms: the words to look for, one for each stem; none if no known word is similar.
        forms: all known words with these stems.
    """

    given: str
    replaced_by: str
    terms: tuple[str, ...]
    forms: frozenset[str]


class Vocabulary:
    """The words of all indexed texts; its caller ensures that one thread uses it at a time.

    Args:
        database: has the tables ``vocabulary``, of how often each word occurs, and ``words``.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def meaning(self, word: str, unfinished: bool = False) -> Meaning:
        """What a word means: itself in all forms, else what it begins, else the nearest words.

        Args:
            word: a word of a search text, as of `normalization.plain_words`.
            unfinished: whether it may be the beginning of a longer word even if it is known.
        """
        if (forms := self._forms(word)) and not unfinished:
            return Meaning(word, "", (word,), forms)
        found = self._stems([*([word] if forms else []), *self._completions(word)])
        if found.terms:
            return found._replace(given=word)
        near = process.extract(
            word, self._words, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY, limit=_MAX_NEAR
        )
        if not near:
            return Meaning(word, "", (), frozenset())
        near.sort(key=lambda each: (-each[1], -self._count(each[0])))
        enough = near[0][1] - _SIMILARITY_RANGE
        return self._stems([term for term, score, _ in near if score >= enough])._replace(
            given=word, replaced_by=near[0][0]
        )

    def _forms(self, word: str) -> frozenset[str]:
        """The known words with the same stem."""
        found = self._database.execute(
            "SELECT word FROM words WHERE words MATCH ?", (f'"{word}"',)
        ).fetchall()
        return frozenset(form for (form,) in found)

    def _completions(self, beginning: str) -> list[str]:
        """The most frequent words that begin so."""
        found = self._database.execute(
            "SELECT word FROM vocabulary WHERE word >= ? AND word < ? "
            "ORDER BY count DESC, word LIMIT ?",
            (beginning, beginning + "\U0010ffff", 2 * _MAX_COMPLETIONS),
        )
        return [word for (word,) in found]

    def _count(self, word: str) -> int:
        """How often a known word occurs."""
        found = self._database.execute("SELECT count FROM vocabulary WHERE word = ?", (word,))
        return int(found.fetchone()[0])

    @cached_property
    def _words(self) -> list[str]:
        """All words in their order, from a single row, as each one may wait for other threads."""
        joined = "SELECT group_concat(word, ' ') FROM vocabulary"
        return sorted((self._database.execute(joined).fetchone()[0] or "").split())

    def _stems(self, words: list[str]) -> Meaning:
        """One word for each stem, with all forms."""
        terms: list[str] = []
        forms: set[str] = set()
        for word in words:
            if word not in forms and len(terms) < _MAX_COMPLETIONS:
                terms.append(word)
                forms |= self._forms(word)
        return Meaning("", "", tuple(terms), frozenset(forms))

"""The tables of the search index in SQLite, with the words in FTS5 and its Porter stemmer.

The number of a row begins with the number of its entry's kind, and rises with the length of the
label. So the first rows of a kind, often the only ones read, have labels with few other words.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, NamedTuple

from competency_graph.rdf.vocabulary import CLASS_OF_KIND
from competency_graph.sparql.search.texts import (
    ALTERNATIVE,
    CODE,
    DEFINITION,
    EXAMPLE,
    LABEL,
    Entry,
    Text,
)
from competency_graph.sparql.search.words import TOKENIZER, Meaning, Vocabulary, plain, plain_words

LABELS: Final = "label"
NAMES: Final = "label code alternative"
OWN_TEXTS: Final = "label code alternative example definition"
ALL_TEXTS: Final = "label code alternative example definition linked"
_COLUMNS: Final = {
    LABEL: "label", CODE: "code", ALTERNATIVE: "alternative", EXAMPLE: "example",
    DEFINITION: "definition",
}  # fmt: skip
"""The columns of an entry's own texts; those of linked concepts are in ``linked``."""
_SCHEMA: Final = (
    "CREATE TABLE entries (row INTEGER PRIMARY KEY, iri TEXT, kind TEXT, names TEXT, texts TEXT)",
    "CREATE TABLE names (name TEXT, row INTEGER)",
    f"CREATE VIRTUAL TABLE texts USING fts5({', '.join(ALL_TEXTS.split())}, belongs, "
    f"content='', tokenize='{TOKENIZER}')",
)
_INDEXES: Final = (
    "CREATE INDEX rows_of_name ON names (name, row)",
    "CREATE INDEX rows_of_iri ON entries (iri)",
    "INSERT INTO texts(texts) VALUES ('optimize')",
)
_MAX_COUNTED: Final = 100
"""So many entries of each kind are looked at for the areas and clusters that most belong to."""
_ROWS_OF_KIND: Final = 2**40
"""The rows of a kind begin at its number times this."""
_RANGES: Final = {
    kind: (number * _ROWS_OF_KIND, (number + 1) * _ROWS_OF_KIND - 1)
    for number, kind in enumerate(CLASS_OF_KIND, 1)
}


class Stored(NamedTuple):
    """An entry in the index.

    Args:
        iri: its IRI.
        kind: its kind.
        texts: its texts.
    """

    iri: str
    kind: str
    texts: Sequence[Text]


class Tables:
    """The tables; their caller ensures that one thread uses them at a time.

    Args:
        entries: the entries to index.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        for statement in _SCHEMA:
            self._database.execute(statement)
        self._containers: dict[str, int] = {}
        self._containers_of: dict[int, list[str]] = {}
        counts: Counter[str] = Counter()
        for number, entry in enumerate(entries):
            self._add(_RANGES[entry.kind][0] + number, entry, counts)
        for statement in _INDEXES:
            self._database.execute(statement)
        self.vocabulary = Vocabulary(self._database, counts)
        self._database.commit()

    def _add(self, row: int, entry: Entry, counts: Counter[str]) -> None:
        """Index an entry, and count its words."""
        words: defaultdict[str, list[str]] = defaultdict(list)
        for text in entry.texts:
            words[_COLUMNS.get(text.property, "linked")] += plain_words(text.value)
        for found in words.values():
            counts.update(found)
        belongs = [
            self._containers.setdefault(iri, len(self._containers)) for iri in entry.containers
        ]
        names = dict.fromkeys(
            plain(text.value.strip())
            for text in entry.texts
            if text.property in (LABEL, CODE, ALTERNATIVE)
        )
        self._database.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?)",
            (row, entry.iri, entry.kind, "\n".join(names), json.dumps(entry.texts)),
        )
        self._database.executemany("INSERT INTO names VALUES (?, ?)", [(n, row) for n in names])
        self._containers_of[row] = entry.containers
        self._database.execute(
            "INSERT INTO texts(rowid, label, code, alternative, example, definition, linked, "
            "belongs) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row,
                *(" ".join(words[column]) for column in ALL_TEXTS.split()),
                " ".join(map(_container_word, belongs)),
            ),
        )

    def counts(self, expression: str) -> dict[str, int]:
        """The number of rows of each kind that match, of those kinds that have any."""
        counts = {kind: self._count(expression, [kind]) for kind in _RANGES}
        return {kind: count for kind, count in counts.items() if count}

    def rows(self, expression: str, kind: str, limit: int) -> list[int]:
        """The first rows of a kind that match."""
        found = self._database.execute(
            "SELECT rowid FROM texts WHERE texts MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?",
            (expression, *_RANGES[kind], limit),
        )
        return [row for (row,) in found]

    def rows_named(self, name: str, kind: str, within: str, limit: int) -> list[int]:
        """The first rows of a kind with a name or code, as of `plain`.

        Args:
            name: the name.
            kind: the kind.
            within: the IRI of an area or cluster that the entries belong to, or "".
            limit: the maximum number of rows.
        """
        found = self._database.execute(
            "SELECT row FROM names WHERE name = ? AND row BETWEEN ? AND ? ORDER BY row",
            (name, *_RANGES[kind]),
        )
        rows = (row for (row,) in found if not within or within in self._containers_of[row])
        return list(islice(rows, limit))

    def rows_beginning(self, beginning: str, limit: int) -> list[int]:
        """Rows with a name or code that begins so, in the order of these names."""
        found = self._database.execute(
            "SELECT row FROM names WHERE name >= ? AND name < ? ORDER BY name LIMIT ?",
            (beginning, beginning + "\U0010ffff", limit),
        )
        return list(dict.fromkeys(row for (row,) in found))

    def names(self, rows: Sequence[int]) -> dict[int, list[str]]:
        """The label, alternative labels and code of entries, as of `plain`."""
        found = self._database.execute(
            "SELECT row, names FROM entries WHERE row IN (SELECT value FROM json_each(?))",
            (json.dumps(rows),),
        )
        return {row: names.split("\n") for row, names in found}

    def entry(self, row: int) -> Stored:
        """The entry in a row."""
        iri, kind, texts = self._database.execute(
            "SELECT iri, kind, texts FROM entries WHERE row = ?", (row,)
        ).fetchone()
        return Stored(iri, kind, [Text(*text) for text in json.loads(texts)])

    def entry_with(self, iri: str) -> Stored | None:
        """The entry with an IRI."""
        found = self._database.execute("SELECT row FROM entries WHERE iri = ?", (iri,)).fetchone()
        return self.entry(found[0]) if found else None

    def container_counts(self, expression: str, kinds: Sequence[str], most: int) -> Counter[str]:
        """How many matching entries of some kinds belong to each area and cluster.

        Args:
            expression: what they match.
            kinds: all kinds that have any, or one of them.
            most: the number of areas and clusters returned. If many entries match, these are the
                ones of the first entries; the numbers are always exact.
        """
        counts: Counter[str] = Counter()
        exact = True
        for kind in kinds:
            rows = self.rows(expression, kind, _MAX_COUNTED + 1)
            exact = exact and len(rows) <= _MAX_COUNTED
            for row in rows[:_MAX_COUNTED]:
                counts.update(self._containers_of[row])
        best = [iri for iri, _ in counts.most_common(most)]
        if exact:
            return Counter({iri: counts[iri] for iri in best})
        words = {iri: _container_word(self._containers[iri]) for iri in best}
        return Counter(
            {
                iri: self._count(f'{expression} AND {{belongs}} : "{word}"', kinds)
                for iri, word in words.items()
            }
        )

    def _count(self, expression: str, kinds: Sequence[str]) -> int:
        """The number of rows that match, from the first to the last kind of some in their order."""
        found = self._database.execute(
            "SELECT COUNT(*) FROM texts WHERE texts MATCH ? AND rowid BETWEEN ? AND ?",
            (expression, _RANGES[kinds[0]][0], _RANGES[kinds[-1]][1]),
        )
        return int(found.fetchone()[0])

    def matching(self, columns: str, words: str, within: str = "") -> str:
        """An expression in FTS5's syntax (SQLite, FTS5, section 3).

        Args:
            columns: the columns that the words are looked for in, such as `NAMES`.
            words: an expression of words.
            within: the IRI of an area or cluster that the entries belong to.
        """
        expression = f"{{{columns}}} : ({words})"
        if not within:
            return expression
        container = self._containers.get(within)
        return f'{expression} AND {{belongs}} : "{_container_word(container)}"'


def any_form(word: Meaning) -> str:
    """A word in FTS5's syntax; each of its terms stands for all words with the same stem."""
    return "(" + " OR ".join(f'"{term}"' for term in word.terms) + ")"


def _container_word(number: int | None) -> str:
    """An area or cluster as a word; None for one that nothing belongs to."""
    return f"in{'none' if number is None else number}"

"""What search looks up in the databases of the index."""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import Final, NamedTuple

from competency_graph.rdf.vocabulary import CLASS_OF_KIND
from competency_graph.sparql.search.databases import ROWS_OF_KIND, container_word
from competency_graph.sparql.search.texts import PROPERTIES, Text
from competency_graph.sparql.search.words import Meaning, Vocabulary

LABELS: Final = "label"
NAMES: Final = "label code alternative"
OWN_TEXTS: Final = "label code alternative example definition"
_KINDS: Final = tuple(CLASS_OF_KIND)
_MAX_COUNTED: Final = 100
"""So many entries of each kind are looked at for the areas and clusters that most belong to."""


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
        found: the databases, as of `databases.databases`.
    """

    def __init__(self, found: Iterable[sqlite3.Connection]) -> None:
        *self._databases, self._common = found
        self.vocabulary = Vocabulary(self._common)
        self._first_rows: list[int] = []
        self._of_kind: defaultdict[str, list[sqlite3.Connection]] = defaultdict(list)
        for database in self._databases:
            (first,) = database.execute("SELECT min(row) FROM entries").fetchone()
            self._first_rows.append(first)
            self._of_kind[_kind_of(first)].append(database)

    def counts(self, expression: str) -> dict[str, int]:
        """The number of rows of each kind that match, of those kinds that have any."""
        counts = {kind: self._count(expression, [kind]) for kind in self._of_kind}
        return {kind: count for kind, count in counts.items() if count}

    def rows(self, expression: str, kind: str, limit: int) -> list[int]:
        """The first rows of a kind that match."""
        rows: list[int] = []
        for database in self._of_kind[kind]:
            if len(rows) == limit:
                break
            found = database.execute(
                "SELECT rowid FROM texts WHERE texts MATCH ? LIMIT ?",
                (expression, limit - len(rows)),
            )
            rows += (row for (row,) in found)
        return rows

    def rows_named(self, name: str, kind: str, within: str, limit: int) -> list[int]:
        """The first rows of a kind with a name or code, as of `plain`.

        Args:
            name: the name.
            kind: the kind.
            within: the IRI of an area or cluster that the entries belong to, or "".
            limit: the maximum number of rows.
        """
        rows = [
            row
            for database in self._of_kind[kind]
            for (row,) in database.execute(
                "SELECT row FROM names WHERE name = ? ORDER BY row", (name,)
            )
        ]
        if within:
            container, containers = self._container(within), self._containers(rows)
            rows = [row for row in rows if container in containers[row]]
        return rows[:limit]

    def rows_beginning(self, beginning: str, limit: int) -> list[int]:
        """Rows with a name or code that begins so, in the order of these names."""
        found = (
            database.execute(
                "SELECT name, row FROM names WHERE name >= ? AND name < ? "
                "ORDER BY name, row LIMIT ?",
                (beginning, beginning + "\U0010ffff", limit),
            ).fetchall()
            for database in self._databases
        )
        return list(dict.fromkeys(row for _, row in islice(merge(*found), limit)))

    def names(self, rows: Sequence[int]) -> dict[int, list[str]]:
        """The label, alternative labels and code of entries, as of `plain`."""
        return {row: names.split("\n") for row, names in self._values("names", rows)}

    def entry(self, row: int) -> Stored:
        """The entry in a row."""
        iri, texts = (
            self._holding(row)
            .execute("SELECT iri, texts FROM entries WHERE row = ?", (row,))
            .fetchone()
        )
        read = [Text(PROPERTIES[number], *rest) for number, *rest in json.loads(texts)]
        return Stored(iri, _kind_of(row), read)

    def entry_with(self, iri: str) -> Stored | None:
        """The entry with an IRI."""
        for database in self._databases:
            found = database.execute("SELECT row FROM entries WHERE iri = ?", (iri,)).fetchone()
            if found:
                return self.entry(found[0])
        return None

    def container_counts(self, expression: str, kinds: Sequence[str], most: int) -> Counter[str]:
        """How many matching entries of some kinds belong to each area and cluster.

        Args:
            expression: what they match.
            kinds: all kinds that have any, or one of them.
            most: the number of areas and clusters returned. If many entries match, these are the
                ones of the first entries; the numbers are always exact.
        """
        counts: Counter[int] = Counter()
        exact = True
        for kind in kinds:
            rows = self.rows(expression, kind, _MAX_COUNTED + 1)
            exact = exact and len(rows) <= _MAX_COUNTED
            containers = self._containers(rows[:_MAX_COUNTED])
            for row in rows[:_MAX_COUNTED]:
                counts.update(containers[row])
        best: Counter[str] = Counter()
        for number, counted in counts.most_common(most):
            (iri,) = self._common.execute(
                "SELECT iri FROM containers WHERE number = ?", (number,)
            ).fetchone()
            belonging = f'{expression} AND {{belongs}} : "{container_word(number)}"'
            best[iri] = counted if exact else self._count(belonging, kinds)
        return best

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
        return f'{expression} AND {{belongs}} : "{container_word(self._container(within))}"'

    def _count(self, expression: str, kinds: Sequence[str]) -> int:
        """The number of rows of some kinds that match."""
        counted = "SELECT COUNT(*) FROM texts WHERE texts MATCH ?"
        return sum(
            int(database.execute(counted, (expression,)).fetchone()[0])
            for kind in kinds
            for database in self._of_kind[kind]
        )

    def _container(self, iri: str) -> int | None:
        """The number of an area or cluster; None if nothing belongs to it."""
        found = self._common.execute("SELECT number FROM containers WHERE iri = ?", (iri,))
        return next((number for (number,) in found), None)

    def _containers(self, rows: Sequence[int]) -> dict[int, list[int]]:
        """The numbers of the areas and clusters that entries belong to."""
        return {row: json.loads(numbers) for row, numbers in self._values("containers", rows)}

    def _values(self, column: str, rows: Sequence[int]) -> Iterator[tuple[int, str]]:
        """The values in a column of ``entries``, each with its row."""
        by_database: defaultdict[sqlite3.Connection, list[int]] = defaultdict(list)
        for row in rows:
            by_database[self._holding(row)].append(row)
        for database, held in by_database.items():
            yield from database.execute(
                f"SELECT row, {column} FROM entries "  # noqa: S608  (a name of this module)
                "WHERE row IN (SELECT value FROM json_each(?))",
                (json.dumps(held),),
            )

    def _holding(self, row: int) -> sqlite3.Connection:
        """The database with a row."""
        return self._databases[bisect_right(self._first_rows, row) - 1]


def any_form(word: Meaning) -> str:
    """A word in FTS5's syntax; each of its terms stands for all words with the same stem."""
    return "(" + " OR ".join(f'"{term}"' for term in word.terms) + ")"


def _kind_of(row: int) -> str:
    return _KINDS[row // ROWS_OF_KIND - 1]

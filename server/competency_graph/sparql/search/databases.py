"""Builds the databases of the search index: SQLite, with the words in FTS5 and its Porter stemmer.

Each has some entries of one kind, and the last one what belongs to no single entry. So building
needs little memory at a time, and an index can be passed on in pieces.

The number of a row begins with the number of its entry's kind, and rises with the length of the
label. So the first rows of a kind, often the only ones read, have labels with few other words.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import count, groupby
from operator import attrgetter
from typing import Final

from competency_graph.rdf.rows import Rows
from competency_graph.rdf.vocabulary import CLASS_OF_KIND
from competency_graph.sparql.search.normalization import TOKENIZER, plain, plain_words
from competency_graph.sparql.search.texts import (
    ALTERNATIVE,
    CODE,
    DEFINITION,
    EXAMPLE,
    LABEL,
    PROPERTIES,
    Entry,
    read_entries,
)

ALL_TEXTS: Final = "label code alternative example definition linked"
"""The columns of words."""
ROWS_OF_KIND: Final = 2**40
"""The rows of a kind begin at its number, from 1, times this."""
_COLUMNS: Final = {
    LABEL: "label", CODE: "code", ALTERNATIVE: "alternative", EXAMPLE: "example",
    DEFINITION: "definition",
}  # fmt: skip
"""The columns of an entry's own texts; those of linked concepts are in ``linked``."""
_ENTRIES: Final = f"""\
CREATE TABLE entries (
  row INTEGER PRIMARY KEY, iri TEXT, names TEXT, texts TEXT, containers TEXT
);
CREATE TABLE names (name TEXT, row INTEGER, PRIMARY KEY (name, row)) WITHOUT ROWID;
CREATE VIRTUAL TABLE texts USING fts5(
  {", ".join(ALL_TEXTS.split())}, belongs, content='', columnsize=0, tokenize='{TOKENIZER}'
);
"""
_HASH_SIZE: Final = "INSERT INTO texts (texts, rank) VALUES ('hashsize', 67108864)"
"""Enough for the words of a database, which FTS5 then writes only once."""
_IRIS: Final = "CREATE INDEX rows_of_iri ON entries (iri)"
_COMMON: Final = f"""\
CREATE TABLE containers (number INTEGER PRIMARY KEY, iri TEXT UNIQUE);
CREATE TABLE vocabulary (word TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(word, tokenize='{TOKENIZER}');
"""
_MAX_CHARACTERS: Final = 2**23
"""So many characters of texts are in a database, but for the last entry."""


def databases(rows: Rows) -> Iterator[sqlite3.Connection]:
    """Build the databases of a search index, in memory; the last one has what is common to all.

    Any thread may use them, one at a time.

    Args:
        rows: queries the dictionary.

    Raises:
        CompetencyError: as ``rows``.
    """
    containers: dict[str, int] = {}
    words: Counter[str] = Counter()
    numbers = count()
    for kind, entries in groupby(read_entries(rows), attrgetter("kind")):
        first = ROWS_OF_KIND * (list(CLASS_OF_KIND).index(kind) + 1)
        while (database := _some(entries, first, numbers, containers, words)) is not None:
            yield database
    yield _common(containers, words)


def container_word(number: int | None) -> str:
    """An area or cluster as a word; None for one that nothing belongs to."""
    return f"in{'none' if number is None else number}"


def opened(content: bytes | memoryview | None = None) -> sqlite3.Connection:
    """Open a database in memory, which any thread may use.

    Args:
        content: what `sqlite3.Connection.serialize` returned; None for an empty one.
    """
    database = sqlite3.connect(":memory:", check_same_thread=False)
    if content is not None:
        database.deserialize(content)
    return database


def _some(
    entries: Iterator[Entry],
    first: int,
    numbers: Iterator[int],
    containers: dict[str, int],
    words: Counter[str],
) -> sqlite3.Connection | None:
    """A database of the next entries, as many as it may have; None if there are no more."""
    entry = next(entries, None)
    if entry is None:
        return None
    database = _created(_ENTRIES)
    database.execute(_HASH_SIZE)
    left = _MAX_CHARACTERS
    while entry is not None:
        belongs = [containers.setdefault(iri, len(containers)) for iri in entry.containers]
        left -= _add(database, first + next(numbers), entry, belongs, words)
        entry = next(entries, None) if left > 0 else None
    database.execute(_IRIS)
    database.commit()
    return database


def _add(
    database: sqlite3.Connection, row: int, entry: Entry, belongs: list[int], counts: Counter[str]
) -> int:
    """Index an entry, count its words, and return the number of characters of its texts."""
    words: defaultdict[str, list[str]] = defaultdict(list)
    for text in entry.texts:
        words[_COLUMNS.get(text.property, "linked")] += plain_words(text.value)
    for found in words.values():
        counts.update(found)
    names = dict.fromkeys(
        plain(text.value.strip())
        for text in entry.texts
        if text.property in (LABEL, CODE, ALTERNATIVE)
    )
    texts = json.dumps(
        [[PROPERTIES.index(text.property), *text[1:]] for text in entry.texts], ensure_ascii=False
    )
    database.execute(
        "INSERT INTO entries VALUES (?, ?, ?, ?, ?)",
        (row, entry.iri, "\n".join(names), texts, json.dumps(belongs)),
    )
    database.executemany("INSERT INTO names VALUES (?, ?)", [(name, row) for name in names])
    database.execute(
        "INSERT INTO texts (rowid, label, code, alternative, example, definition, linked, belongs) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row,
            *(" ".join(words[column]) for column in ALL_TEXTS.split()),
            " ".join(map(container_word, belongs)),
        ),
    )
    return len(texts)


def _common(containers: dict[str, int], words: Counter[str]) -> sqlite3.Connection:
    """The database of the areas and clusters, and of the vocabulary."""
    database = _created(_COMMON)
    database.executemany("INSERT INTO containers (iri, number) VALUES (?, ?)", containers.items())
    counts = sorted(words.items())
    database.executemany("INSERT INTO vocabulary VALUES (?, ?)", counts)
    database.executemany("INSERT INTO words VALUES (?)", ((word,) for word, _ in counts))
    database.commit()
    return database


def _created(schema: str) -> sqlite3.Connection:
    database = opened()
    # Workers cannot open files for what does not fit into a cache, and nothing is rolled back.
    database.executescript("PRAGMA temp_store = MEMORY; PRAGMA journal_mode = OFF;" + schema)
    return database

"""The change files of frameworks: what replaces what.

RDF states it with ``dcterms:isReplacedBy`` and ``replaces``. Tables have a column for the old and
one for the new concept, with IRIs or codes: O*NET's crosswalks from one taxonomy to the next, and
any other table whose columns are named.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.downloads import File, gather
from competency_graph.importing.tables import ENDINGS, column_names, rows
from competency_graph.linking.concepts import Concept
from competency_graph.rdf.formats import format_of_ending
from competency_graph.rdf.parsing import format_of, opened
from competency_graph.rdf.stream_parsing import stream

Columns = tuple[str, str]
"""The names of the columns for the old and the new concept."""
_REPLACED_BY, _REPLACES = str(DCTERMS.isReplacedBy), str(DCTERMS.replaces)
_TAXONOMY: Final = re.compile(r"O\*NET-SOC (\d{4}) Code")
"""The columns of O*NET's crosswalks between its taxonomies, such as that of 2010 and of 2019."""
_OLD_NAMES: Final = frozenset(
    ("olduri", "oldconcepturi", "previousuri", "concepturi", "oldcode", "oldid", "oldelementid")
)
_NEW_NAMES: Final = frozenset(
    ("replacedby", "replacedbyuri", "isreplacedby", "newuri", "newconcepturi", "newcode", "newid",
     "newelementid")
)  # fmt: skip
_SEPARATORS: Final = re.compile(r"[\s|;,]+")


class Changes:
    """What replaces the concepts of an older version.

    Args:
        old: the concepts of the older version, by IRI.
        new: the concepts of the newer version, by IRI.
    """

    def __init__(self, old: Mapping[str, Concept], new: Mapping[str, Concept]) -> None:
        self._by_code = tuple(_by_code(concepts.values()) for concepts in (old, new))
        self.successors: dict[str, dict[str, None]] = defaultdict(dict)
        """The IRIs that replace an IRI; itself, if the concept stays as one of several."""
        self.sources: dict[str, str] = {}
        """The name of the file that says so, by the replaced IRI."""
        self.unresolved: list[str] = []
        """What files say of concepts that neither version has, in words."""

    def read(self, path: Path, columns: Columns | None = None) -> None:
        """Read a file of changes.

        Args:
            path: RDF, a table, or a zip archive of tables.
            columns: the columns of a table for the old and the new concept; None to recognise them.

        Raises:
            UnreadableInputError: it cannot be read, or its columns are not recognised.
        """
        if path.is_file() and format_of_ending(path.suffix.removeprefix(".")):
            with opened(path) as file:
                for quad in stream(file, format_of(path), str(path)):
                    self._add_quad(quad, path.name)
            return
        for table in gather([path], ENDINGS):
            self._read_table(table, columns or _recognised(table))

    def _add_quad(self, quad: ox.Quad, name: str) -> None:
        if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.NamedNode):
            return
        if quad.predicate.value == _REPLACED_BY:
            self._add(quad.subject.value, quad.object.value, name)
        elif quad.predicate.value == _REPLACES:
            self._add(quad.object.value, quad.subject.value, name)

    def _read_table(self, table: File, columns: Columns) -> None:
        for old, new in rows(table, columns):
            if not old:
                continue
            before = self._iri(old, 0)
            after = [self._iri(each, 1) for each in filter(None, _SEPARATORS.split(new))]
            if not before or not all(after):
                self.unresolved.append(f"{table.name}: {old} → {new or 'nothing'}")
            for iri in filter(None, after if before else ()):
                self._add(before, iri, table.name)

    def _add(self, old: str, new: str, name: str) -> None:
        self.successors[old][new] = None
        self.sources.setdefault(old, name)

    def _iri(self, text: str, version: int) -> str:
        """The IRI that a cell contains or whose code it is; "" if no concept has that code."""
        if re.match(r"https?://", text):
            return text
        return self._by_code[version].get(text, "")


def _by_code(concepts: Iterable[Concept]) -> dict[str, str]:
    return {concept.code: concept.iri for concept in concepts if concept.code}


def _recognised(table: File) -> Columns:
    names = column_names(table)
    years = sorted((match[1], name) for name in names if (match := _TAXONOMY.fullmatch(name)))
    if len(years) == 2:
        return years[0][1], years[1][1]
    plain = {re.sub(r"[^a-z]", "", name.casefold()): name for name in names}
    old = [plain[name] for name in plain if name in _OLD_NAMES]
    new = [plain[name] for name in plain if name in _NEW_NAMES]
    if len(old) == len(new) == 1:
        return old[0], new[0]
    found = ", ".join(f"“{name}”" for name in names if name) or "no columns"
    raise UnreadableInputError(
        "it is not clear which columns of this table contain the old and the new concept; it has "
        + found,
        "Name them with --columns, as in --columns 'Old code,New code'",
        table.where,
    )

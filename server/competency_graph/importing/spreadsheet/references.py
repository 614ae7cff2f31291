"""The entries that cells name, by label, code or IRI, in the dictionary or in a sheet."""

from __future__ import annotations

from collections import defaultdict

from rapidfuzz import process

from competency_graph.dictionary.sheets.contents import Contents, key
from competency_graph.importing.spreadsheet.findings import (
    AMBIGUOUS_REFERENCE,
    UNKNOWN_REFERENCE,
    Findings,
)
from competency_graph.importing.spreadsheet.tables import Text

_LEAST_SIMILARITY = 70


class References:
    """Finds entries by their names.

    Args:
        contents: the dictionary.
        findings: receives the names that are unknown or ambiguous.
    """

    def __init__(self, contents: Contents, findings: Findings) -> None:
        self._contents, self._findings = contents, findings
        self._new: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._old: dict[tuple[str, str], str] = {}
        self._labels: dict[str, dict[str, None]] = defaultdict(dict)

    def name(self, kind: str, iri: str, *names: str) -> None:
        """Register the names that a sheet gives to an entry, in addition to its present ones."""
        for each in names:
            if each:
                self._new[kind, key(each).casefold()][iri] = None
                self._labels[kind][each] = None

    def name_before(self, kind: str, iri: str, name: str) -> None:
        """Register the name that an entry had at the export, in case no other has it now."""
        self._old[kind, key(name).casefold()] = iri

    def find_at_export(self, kind: str, noun: str, text: Text, sheet: str) -> str:
        """As `find`, but prefer the entry that had the name at the export."""
        before = self._old.get((kind, key(text.text).casefold()))
        return before or self.find(kind, noun, text, sheet)

    def find(self, kind: str, noun: str, text: Text, sheet: str) -> str:
        """The IRI of the entry that a cell names; "" if it is not a single one, which is reported.

        Args:
            kind: its kind.
            noun: the name of the kind, for messages.
            text: the cell.
            sheet: the title of its sheet.
        """
        name = kind, key(text.text).casefold()
        present = dict.fromkeys(self._contents.by_name.get(name, ()))
        found = list(present | self._new.get(name, {})) or list(filter(None, [self._old.get(name)]))
        if len(found) == 1:
            return found[0]
        if found:
            codes = " or ".join(self._contents.code(iri) or iri for iri in found[:3])
            self._findings.add(
                AMBIGUOUS_REFERENCE, sheet, text.row, text.column,
                f"“{text.text}” is the name of {len(found)} entries ({noun}).",
                f"Write the code or IRI of the one that is meant: {codes}.",
            )  # fmt: skip
            return ""
        near = self._nearest(kind, text.text)
        self._findings.add(
            UNKNOWN_REFERENCE, sheet, text.row, text.column,
            f"There is no entry “{text.text[:200]}” ({noun}).",
            (f"Write “{near}”, if that is meant, or add" if near else "Correct it, or add")
            + " a row for it to its sheet.",
        )  # fmt: skip
        return ""

    def _nearest(self, kind: str, text: str) -> str:
        names = [self._contents.names[iri] for iri, its in self._contents.kinds.items()
                 if its == kind]  # fmt: skip
        best = process.extractOne(
            text[:200], [*names, *self._labels[kind]], score_cutoff=_LEAST_SIMILARITY
        )
        return str(best[0]) if best else ""

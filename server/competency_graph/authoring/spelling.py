"""Spells terms with the prefixes of a file."""

from __future__ import annotations

from collections.abc import Iterable

from competency_graph.authoring.live_store import LiveStore
from competency_graph.authoring.mentions import prefixes_in
from competency_graph.rdf.turtle_names import Names
from competency_graph.rdf.vocabulary import PREFIXES


class Speller:
    """Spells terms with the prefixes of a file, or with one that is still to be declared."""

    def __init__(self, store: LiveStore, name: str, text: str) -> None:
        self._declared = prefixes_in(name, text)
        others = {p: s for p, s in (PREFIXES | store.prefixes).items() if p not in self._declared}
        self._names, self._others = Names(self._declared | others), others

    def spell(self, iri: str) -> tuple[str, str]:
        """The term as written, and the line that declares its prefix, or ""."""
        written = self._names.iri(iri)
        prefix = written.partition(":")[0]
        if written.startswith("<") or prefix in self._declared:
            return written, ""
        return written, self.declaration(prefix)

    def declaration(self, prefix: str) -> str:
        """The line that declares a prefix."""
        return f"PREFIX {prefix}: <{self._others[prefix]}>"

    def is_spelled_with(self, iri: str, prefix: str) -> bool:
        """Whether a term begins with the namespace of a prefix."""
        namespace = self._declared.get(prefix) or self._others.get(prefix)
        return bool(namespace) and iri.startswith(str(namespace))

    @property
    def undeclared(self) -> Iterable[str]:
        """The known prefixes that the file does not declare."""
        return sorted(self._others)

    @property
    def declared(self) -> dict[str, str]:
        """The prefixes that the file declares."""
        return self._declared

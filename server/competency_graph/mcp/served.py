"""What assistants are served: a version of a dictionary, within the limits of each client."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, TypeVar

import pyoxigraph as ox

from competency_graph.dictionary.explanations import Explainer, queried_axioms
from competency_graph.engines.backend import Backend, rows_of, rows_request
from competency_graph.engines.kept import Kept
from competency_graph.engines.search_index import SearchIndex
from competency_graph.errors import BadValueError, CompetencyError, UnknownNameError
from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.rdf.rows import Bindings
from competency_graph.rdf.short_names import Term, local_name, shorten
from competency_graph.rdf.vocabulary import KIND_OF_CLASS
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.request import Request
from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.sparql.saved_queries import Catalogue, SavedQuery
from competency_graph.sparql.term_names import entry

Value = TypeVar("Value")
_FIND_ENTRIES: Final = "Find entries with find_entries"
_SIMILAR: Final = 3
"""How many entries with similar names an error lists."""
_CLASSES_QUERY: Final = "SELECT ?class ?entry WHERE { ?entry a ?class }"


@dataclass(frozen=True)
class Served:
    """One version of a dictionary, for all clients.

    Args:
        backend: answers the queries and validates.
        scheduler: decides which of them run.
        index: the search index.
        kept: what is queried once for this version.
        graphs: the names of all graphs that can be queried.
        catalogue: the saved queries.
    """

    backend: Backend
    scheduler: Scheduler
    index: SearchIndex
    kept: Kept
    graphs: Sequence[str]
    catalogue: Catalogue = field(default_factory=Catalogue)

    def missing(self, query: SavedQuery) -> list[str]:
        """The titles of the frameworks that a saved query needs and that are not loaded."""
        needed = [FRAMEWORKS[name] for name in query.needs]
        return [framework.title for framework in needed if framework.graph not in self.graphs]


@dataclass(frozen=True)
class Client:
    """A client of what is served.

    Args:
        served: what is served.
        name: what identifies the client to the `Scheduler`, such as its address.
    """

    served: Served
    name: str

    @contextmanager
    def ask(self, request: Request) -> Iterator[Reply]:
        """The reply to a request, within the limits of one client.

        Raises:
            CompetencyError: as `Backend.ask`.
            BusyError: it is refused, at once or after waiting, see `Scheduler.run`.
        """
        with (
            self.served.scheduler.run(self.name) as ticket,
            self.served.backend.ask(request, ticket) as reply,
        ):
            yield reply

    def rows(self, text: str, bindings: Bindings) -> Iterable[Sequence[Term | None]]:
        """Run a SELECT query of this program and return its rows."""
        with self.ask(rows_request(text, bindings)) as reply:
            return rows_of(reply)

    def kept(self, name: str, query: Callable[[], Value]) -> Value:
        """What ``query`` returned for this version of the data, see `Kept.get`."""
        return self.served.kept.get(name, query)

    def explainer(self, language: str) -> Explainer:
        """Explains the statements that are served.

        Args:
            language: the language of labels, where they are in several.
        """
        axioms = self.kept("axioms", lambda: queried_axioms(self.rows))
        return Explainer.of_queries(self.rows, axioms, language)

    def entry(self, name: str) -> tuple[ox.NamedNode, str]:
        """An entry and its kind.

        Args:
            name: its label or code in any case, or its IRI or prefixed name.

        Raises:
            BadValueError: several entries have this name, or it has no kind.
            UnknownNameError: no entry has this name, or the dictionary does not contain the IRI.
        """
        found = entry(name, self.rows)
        bindings = {ox.Variable("entry"): found}
        classes = [getattr(row[0], "value", "") for row in self.rows(_CLASSES_QUERY, bindings)]
        kind = next((KIND_OF_CLASS[each] for each in classes if each in KIND_OF_CLASS), "")
        if kind:
            return found, kind
        if classes:
            raise BadValueError(
                f"{shorten(found)} is not an entry of the dictionary", _FIND_ENTRIES
            )
        raise UnknownNameError(
            f"the dictionary does not contain {shorten(found)}", self._similar(found)
        )

    def _similar(self, iri: ox.NamedNode) -> str:
        """The remedy for an unknown IRI: the entries whose names are similar to its last part."""
        words = local_name(iri.value).replace("-", " ")
        with suppress(CompetencyError):  # the index may not be ready
            hits = self.served.index.get().search(words, per_kind=_SIMILAR).hits
            if named := [f"{hit.label} ({shorten(ox.NamedNode(hit.entry))})" for hit in hits]:
                return f"Use {' or '.join(named[:_SIMILAR])}, if you mean that"
        return _FIND_ENTRIES

"""Evaluates queries; answers can be written in any suitable format."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

import pyoxigraph as ox

from competency_graph.errors import EvaluationError, RefusedError
from competency_graph.rdf.formats import FORMATS, format_named
from competency_graph.rdf.short_names import Term, prefixes_of
from competency_graph.rdf.vocabulary import (
    GRAPH_ASSERTED,
    GRAPH_ESCO,
    GRAPH_INFERRED,
    GRAPH_LINKS,
    GRAPH_ONET,
    GRAPH_ONTOLOGY,
)
from competency_graph.sparql import query_text, syntax_errors, unknown_terms
from competency_graph.sparql.engine_corrections import corrected
from competency_graph.sparql.extensions import check_no_extensions
from competency_graph.sparql.parameter_values import with_planned_values

GRAPHS = (str(GRAPH_ONTOLOGY), str(GRAPH_ASSERTED), str(GRAPH_INFERRED), str(GRAPH_LINKS))
"""The graphs of every dictionary."""
PUBLISHED = (*GRAPHS, str(GRAPH_ESCO), str(GRAPH_ONET))
"""The graphs that a remote server may have."""
_WITHOUT_PREFIXES = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)


class StoreContents:
    """What is known about the contents of a store, as long as it does not change.

    Args:
        store: the store.

    Attributes:
        named: the names of its graphs.
        graphs: the graphs that can be queried: those of every dictionary, then any others.
        terms: whether terms occur in it, as far as queries have looked them up.
    """

    def __init__(self, store: ox.Store) -> None:
        names = (name.value for name in store.named_graphs() if isinstance(name, ox.NamedNode))
        self.named = tuple(sorted(names))
        self.graphs = tuple(dict.fromkeys([*GRAPHS, *self.named]))
        self.terms: dict[str, bool] = {}


@dataclass
class Answer:
    """The answer to a query: a table (SELECT), a boolean (ASK), or a graph.

    An answer can be read only once, with `serialize`, `write` or `rows`.

    Args:
        result: the engine's answer.
        repeated: columns to omit, because they only repeat the values of parameters.
        warnings: remarks on the query for the user, as sentences.
    """

    result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
    repeated: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """``table`` (SELECT), ``boolean`` (ASK) or ``graph`` (CONSTRUCT and DESCRIBE)."""
        match self.result:
            case ox.QueryTriples():
                return "graph"
            case ox.QueryBoolean():
                return "boolean"
        return "table"

    @property
    def columns(self) -> list[str]:
        """The columns of a table, in the order of the SELECT; fixed ones for other answers."""
        if isinstance(self.result, ox.QuerySolutions):
            names = [variable.value for variable in self.result.variables]
            return [name for name in names if name not in self.repeated]
        if isinstance(self.result, ox.QueryTriples):
            return ["subject", "predicate", "object"]
        return ["answer"]

    def rows(self) -> Iterator[list[Term | None]]:
        """Yield the rows of a table, the triples of a graph, or the boolean, under `columns`.

        Raises:
            EvaluationError: evaluation failed part way.
        """
        columns = self.columns
        try:
            if isinstance(self.result, ox.QueryBoolean):
                yield [ox.Literal(bool(self.result))]
            elif isinstance(self.result, ox.QuerySolutions):
                for solution in self.result:
                    yield [solution[name] for name in columns]
            else:
                for triple in self.result:
                    yield [triple.subject, triple.predicate, triple.object]
        except (OSError, RuntimeError, ValueError) as error:
            raise _evaluation_error(error) from None

    def serialize(self, name: str) -> bytes:
        """Serialize the answer in the format called ``name``.

        Raises:
            UnknownNameError: this kind of answer has no such format.
            EvaluationError: evaluation failed part way.
        """
        output = io.BytesIO()
        self.write(name, output)
        return output.getvalue()

    def write(self, name: str, output: IO[bytes]) -> None:
        """Write the answer to ``output``, streaming it if the format allows.

        Raises:
            UnknownNameError: this kind of answer has no such format.
            EvaluationError: evaluation failed part way.
        """
        form = format_named(name, FORMATS[self.kind])
        try:
            if isinstance(self.result, ox.QueryTriples) and form.engine not in _WITHOUT_PREFIXES:
                triples = list(self.result)
                prefixes = prefixes_of(triples)
                ox.serialize(triples, output, format=form.engine, prefixes=prefixes)
            elif callable(form.engine):
                form.engine(self.columns, self.rows(), output)
            elif isinstance(self.result, ox.QuerySolutions) and self.repeated:
                narrow = self._without_repeated(self.result)
                if form.engine == ox.QueryResultsFormat.JSON:
                    output.write(narrow)
                else:
                    parsed = ox.parse_query_results(narrow, format=ox.QueryResultsFormat.JSON)
                    parsed.serialize(output, format=form.engine)
            else:
                self.result.serialize(output, format=form.engine)
        except (OSError, RuntimeError, ValueError) as error:
            raise _evaluation_error(error) from None

    def _without_repeated(self, result: ox.QuerySolutions) -> bytes:
        """A table in JSON, without the columns that repeat parameters."""
        output = io.BytesIO()
        result.serialize(output, format=ox.QueryResultsFormat.JSON)
        document = json.loads(output.getvalue())
        kept = document["head"]["vars"] = self.columns
        rows = document["results"]["bindings"]
        document["results"]["bindings"] = [{n: row[n] for n in kept if n in row} for row in rows]
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def evaluate(
    store: ox.Store,
    text: str,
    bindings: Mapping[ox.Variable, ox.NamedNode | ox.Literal] | None = None,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    base: str = "",
    contents: StoreContents | None = None,
) -> Answer:
    """Evaluate a query on ``store``.

    Args:
        store: a store such as `Dictionary.store`.
        text: a SPARQL 1.1 query.
        bindings: terms for some of its variables.
        default_graphs: the graphs to merge into the default graph, instead of all graphs.
        named_graphs: the graphs that GRAPH can reach, instead of all graphs. If either is given,
            the two replace the query's own FROM (SPARQL 1.1 Protocol, section 2.1.4).
        base: the base of relative IRIs, unless the query declares BASE (SPARQL 1.1 Query Language,
            section 4.1.1.2); without either, relative IRIs are errors.
        contents: what earlier queries found out about the store, which must not have changed.

    Raises:
        QuerySyntaxError: the text does not follow the grammar; with place and remedy.
        RefusedError: it is an update, or reads another service or graph.
        EvaluationError: evaluation failed.
    """
    contents = contents or StoreContents(store)
    known = contents.graphs
    _check_allowed(text, known, [*default_graphs, *named_graphs], base)
    named = query_text.graphs_named(text, base)
    dataset: dict[str, Any] = {"use_default_graph_as_union": not named}
    if default_graphs or named_graphs:
        dataset = {
            "default_graph": [ox.NamedNode(graph) for graph in default_graphs],
            "named_graphs": [ox.NamedNode(graph) for graph in named_graphs],
        }
    if base:
        dataset["base_iri"] = base
    if bindings:
        dataset["substitutions"] = dict(bindings)
    scope = contents.named
    if default_graphs or named_graphs:
        scope = tuple(named_graphs)
    elif named:
        scope = tuple(iri for _, iri in query_text.graphs_named(text, base, ranged=True))

    terms = {variable.value: str(term) for variable, term in (bindings or {}).items()}

    def ask(asked: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        rewritten = corrected(with_planned_values(asked, terms), scope, base)
        if rewritten != asked:
            with suppress(SyntaxError):  # errors are reported for the original query
                query_text.check_read_only(rewritten, known, base)
                return store.query(rewritten, **dataset)
        return store.query(asked, **dataset)

    try:
        result = ask(text)
        if isinstance(result, ox.QuerySolutions) and "*" in text:
            columns = [variable.value for variable in result.variables]
            ordered = query_text.with_column_order(text, columns)
            if ordered != text:
                result = ask(ordered)
    except SyntaxError as error:
        raise syntax_errors.explain(text, str(error.msg), base) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise _evaluation_error(error) from None
    repeated = frozenset(variable.value for variable in bindings or ())
    return Answer(result, repeated, tuple(unknown_terms.warnings(text, store, contents.terms)))


def check(
    store: ox.Store,
    text: str,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    base: str = "",
) -> str:
    """Parse a query that another engine is to evaluate, and refuse extensions of SPARQL.

    Args:
        store: a store without statements, whose graphs may be queried.
        text: as of `evaluate`.
        default_graphs: as of `evaluate`.
        named_graphs: as of `evaluate`.
        base: as of `evaluate`.

    Returns:
        The kind of its answer, as of `Answer`.

    Raises:
        QuerySyntaxError: as `evaluate`.
        RefusedError: as `evaluate`.
    """
    _check_allowed(text, graphs_of(store), [*default_graphs, *named_graphs], base)
    check_no_extensions(text)
    try:
        return Answer(store.query(text, base_iri=base or None)).kind
    except SyntaxError as error:
        raise syntax_errors.explain(text, str(error.msg), base) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise _evaluation_error(error) from None


def graphs_of(store: ox.Store) -> tuple[str, ...]:
    """The graphs of a store that can be queried: those of every dictionary, then any others."""
    return StoreContents(store).graphs


def _check_allowed(text: str, graphs: tuple[str, ...], named: Sequence[str], base: str) -> None:
    """Refuse a query that is not allowed here; its syntax is not checked."""
    query_text.check_read_only(text, graphs, base)
    for graph in {*named} - set(graphs):
        raise RefusedError(
            f"<{graph}> is not a graph of this service",
            "Name one of " + ", ".join(f"<{known}>" for known in graphs),
        )


def _evaluation_error(error: Exception) -> EvaluationError:
    return EvaluationError(
        f"the query could not be evaluated ({error})", "Simplify the query, then send it again"
    )

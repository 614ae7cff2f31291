"""`Dictionary`: query, search, validate, compare and export a dictionary from Python.

Validation, comparison and exports are loaded on first use, as scripts that query need none of them.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from competency_graph.api.column_types import column_types
from competency_graph.api.entries import Entries, Entry
from competency_graph.api.explanations import Explanation
from competency_graph.api.table import Table
from competency_graph.api.terms import Terms
from competency_graph.api.values import to_term
from competency_graph.dictionary import model
from competency_graph.errors import BadValueError, EvaluationError, UnknownNameError
from competency_graph.rdf.rows import Bindings, Rows
from competency_graph.rdf.short_names import Term
from competency_graph.rdf.vocabulary import CLASS_OF_KIND, PREFIXES
from competency_graph.sparql import term_names
from competency_graph.sparql.answering import answer_saved, rows_of
from competency_graph.sparql.evaluator import Answer, evaluate
from competency_graph.sparql.parameters import no_label
from competency_graph.sparql.saved_queries import Catalogue, read_query
from competency_graph.sparql.search.answers import answer
from competency_graph.sparql.search.databases import databases
from competency_graph.sparql.search.index import Index

if TYPE_CHECKING:
    from competency_graph.api.changes import Changes
    from competency_graph.api.findings import Report
    from competency_graph.versions import Version

_QUERY_NAME: Final = re.compile(r"[\w-]+")
_FILE_NAME: Final = re.compile(r"[^\s{}?<>]+\.rq")
Parameter = Entry | str | int | float | bool
"""The value of a parameter of a query."""


def _of_kind(kind: str) -> Callable[[Dictionary, Entry | str], Entry]:
    def find(self: Dictionary, name: Entry | str) -> Entry:
        return self.entry(name, kind)

    find.__name__, find.__qualname__ = kind, f"Dictionary.{kind}"
    find.__doc__ = f"The {kind} with a name, as `entry` finds it."
    return find


class Dictionary(model.Dictionary):
    """A competency dictionary: its files, what they extend, and what follows from them.

    Everything is read on first use, and only once. The members listed in the reference are stable.

    Args:
        files: the dictionary's file, folder or pattern, or several of them, including the files of
            its links to other frameworks, which end in ``.sssom.tsv``; None means the published
            sales dictionary with its links.
        ontology: the ontology's files; None means the published ontology.
        inferring: whether to infer statements; the first time, this takes about a second per
            thousand statements.
        extra_files: files with further graphs to query together with the dictionary, such as ESCO.
            Those that use terms of the ontology are included in inference.
        base: ``sales`` if the files extend the published dictionary, which is then read as well,
            ``none`` if they do not, ``auto`` to see from the files.
        as_is: whether to load the files unchanged, in the graphs that they name, without ontology,
            base and inference.

    >>> sales = Dictionary()
    >>> sales.role("analyst").requires.knowledge[0]
    <knowledge K001 'Product or service features, benefits, and value propositions'>
    """

    def query(self, query: str | Path, **parameters: Parameter) -> Table:
        """Run a query: a saved one by its name, a file, or a text in SPARQL 1.1.

        Args:
            query: the name of a saved query, as ``competency query`` lists them; the path of an
                ``.rq`` file; or a SPARQL query. Nothing outside the dictionary is read.
            parameters: values for the parameters of a saved query or file, with entries by label,
                code or IRI; for a text, values for some of the variables that it selects, which
                the table then leaves out.

        Returns:
            The rows of SELECT; the subjects, predicates and objects of CONSTRUCT and DESCRIBE; for
            ASK, a table that is true or false.

        Raises:
            UnknownNameError: there is no such saved query.
            BadValueError: a parameter is unknown or its value invalid, or the name of a file is
                given as text.
            QuerySyntaxError: the text does not follow the grammar.
            RefusedError: it is an update, or reads another service or graph.
            EvaluationError: evaluation failed.

        >>> Dictionary().query("role-gap", present="Analyst", target="Manager").columns
        ['entry', 'entryLabel', 'kind']
        """
        if isinstance(query, str) and _FILE_NAME.fullmatch(query):
            raise BadValueError(
                f"“{query}” is the name of a file, given as text",
                f"Give a path: query(Path({query!r}), …)",
            )
        terms = {name: to_term(value) for name, value in parameters.items()}
        if isinstance(query, str) and not _QUERY_NAME.fullmatch(query.strip()):
            bound = {ox.Variable(name): term for name, term in terms.items()}
            return _table(self._evaluated(query, bound), lambda: column_types(query, self.store))
        saved = read_query(query) if isinstance(query, Path) else Catalogue()[query.strip()]
        found = answer_saved(saved, {n: term.value for n, term in terms.items()}, self.store)
        return _table(found, lambda: column_types(saved.text, self.store))

    def search(self, words: str, kind: str = "", language: str = "en") -> Table:
        """Find entries by words of their labels, definitions and examples, or by a code.

        A word is found in all its forms, and despite typos.

        Args:
            words: the words.
            kind: find only entries of this kind, such as ``role``; "" for all.
            language: the language of the labels, a tag of BCP 47.

        Returns:
            The entries, best first, with the columns ``entry``, ``entryLabel``, ``kind``, ``code``,
            ``score``, and the ``property`` and ``value`` that were found.

        Raises:
            UnknownNameError: there is no such kind.

        >>> Dictionary().search("cold calls")[0]["entryLabel"]
        'Conducts interest-building calls (cold calls) when applicable'
        """
        if kind and kind not in CLASS_OF_KIND:
            raise UnknownNameError(
                f"there is no kind “{kind}”", f"Use one of {', '.join(CLASS_OF_KIND)}"
            )
        found = answer(self._index.search(words, kind, language))
        found = replace(found, warnings=(*no_label(language, self._rows), *found.warnings))
        return _table(found, lambda: {"score": PREFIXES["xsd"] + "decimal"})

    def entry(self, name: Entry | str, kind: str = "") -> Entry:
        """The entry with a label, a code or an IRI.

        Args:
            name: its label or code in any case, or its IRI or prefixed name; with a kind, also the
                last part of its IRI; or an entry, perhaps of another version.
            kind: the kind of the entry, such as ``role``; "" for any.

        Raises:
            UnknownNameError: there is none; the remedy suggests names.
            BadValueError: several entries have this name.

        >>> Dictionary().entry("a05")
        <area A05 'Setting Sales Strategy'>
        """
        class_ = self.terms.classes.find(kind, "kind") if kind else None
        found = term_names.entry(_text(name), self._rows, class_, kind or "entry")
        if not self.terms.is_a(found, class_):
            raise UnknownNameError(
                f"the dictionary has no {kind or 'entry'} <{found.value}>",
                "Name it by label or code, which search() finds",
            )
        return Entry(self, found.value)

    role = _of_kind("role")
    title = _of_kind("title")
    area = _of_kind("area")
    cluster = _of_kind("cluster")
    competency = _of_kind("competency")
    action = _of_kind("action")
    knowledge = _of_kind("knowledge")
    ability = _of_kind("ability")
    output = _of_kind("output")

    def entries(self, kind: str) -> Entries:
        """All entries of a kind.

        Args:
            kind: the kind, such as ``role``, or the name of a class that an extension adds.

        Raises:
            UnknownNameError: there is no such kind.

        >>> Dictionary().entries("role").labels
        ['Consultant', 'Strategist', 'Developer', 'Manager', 'Analyst', 'Administrator']
        """
        class_ = self.terms.classes.find(kind, "kind")
        return Entries(self, (Entry(self, iri) for iri in self.terms.members(class_)))

    def matrix(self) -> Table:
        """Which role covers which area: a row for each area, a column of booleans for each role.

        >>> Dictionary().matrix().columns[:3]
        ['area', 'areaLabel', 'Consultant']
        """
        roles, areas = self.entries("role"), self.entries("area")
        covered = {role: {area.iri for area in role.covers_area} for role in roles}
        labels = roles.labels
        heads = [
            role.label if labels.count(role.label) == 1 else f"{role.label} ({role.iri})"
            for role in roles
        ]
        rows: Iterable[list[Term | None]] = (
            [ox.NamedNode(area.iri), ox.Literal(area.label),
             *(ox.Literal(area.iri in covered[role]) for role in roles)]
            for area in areas
        )  # fmt: skip
        return Table(["area", "areaLabel", *heads], rows)

    def why(self, subject: Entry | str, property_: str, value: Entry | str) -> Explanation:
        """The shortest explanation of a statement; the reasoner confirms it.

        Args:
            subject: an entry, or its label, code, prefixed name or IRI.
            property_: the label, prefixed name or IRI of a property; ``a`` is ``rdf:type``.
            value: the same as for the subject.

        Raises:
            BadValueError: a name is ambiguous, or nothing is inferred.
            UnknownNameError: nothing has this name, or the statement does not hold; the remedy
                names what holds instead.

        >>> found = Dictionary().why("Analyst", "requires", "Cold-calling sales techniques")
        >>> [axiom.kind for axiom in found.axioms]
        ['chain']
        """
        named = term_names.property_(property_, self._rows).value
        found = super().why(self._iri(subject), named, self._iri(value))
        return Explanation.of(found, self.explainer)

    def validate(self, shapes: Iterable[Path] = (), engine: str = "fast") -> Report:
        """Validate the dictionary's own files, as they were when they were read.

        Args:
            shapes: an organisation's own shapes, in addition to the published ones.
            engine: ``fast``, or ``pyshacl`` for the reference implementation.

        Raises:
            UnreadableInputError: a file cannot be read, or a shapes file is not RDF.
            EvaluationError: the shapes are broken, or validation failed.

        >>> text = b'<https://a.example/b> a <https://w3id.org/competency-graph/ontology#Role> .'
        >>> [each.rule.code for each in Dictionary.from_bytes(text).validate()][:1]
        ['CG104']
        """
        from competency_graph.api.findings import Report
        from competency_graph.validation import Source, base_of, read_shapes, validate_sources

        sources = [
            Source(str(path), content, number)
            for number, (path, content) in enumerate(self.own_contents.items())
        ]
        base = base_of(sources, self.base, inferring=False)
        return Report(validate_sources(sources, base, read_shapes(shapes), engine))

    def diff(self, old: model.Dictionary | Path | str) -> Changes:
        """What changed from an older version to this one, by entry and kind.

        Args:
            old: the older version: a dictionary; or a file, folder, pattern, git revision with a
                path (``v1.0:data``), or the IRI of a released version.

        Returns:
            The changes: true if there are any, with ``counts`` by kind, and ``of(kind)``.

        Raises:
            UnreadableInputError: it cannot be read.
            UnavailableError: git is needed and is not installed.

        >>> bool(Dictionary().diff(Dictionary()))
        False
        """
        from competency_graph.api.changes import Changes
        from competency_graph.versions import read_version

        before = _version(old) if isinstance(old, model.Dictionary) else read_version(old)
        return Changes.between(before, _version(self))

    def export(
        self, format_name: str, links: bool = False, area: str = "", own: bool = False
    ) -> bytes:
        """The dictionary in the format of another system.

        Args:
            format_name: a format that ``competency export`` lists, such as ``csv`` or ``sqlite``.
            links: whether to include links to other frameworks.
            area: the last part of an area's IRI, or its IRI, to export only that area.
            own: whether to leave out the entries of the dictionary that it extends.

        Raises:
            UnknownNameError: there is no such format or area.
            UnavailableError: the format needs a library that is not installed.

        >>> Dictionary().export("csv").partition(b",")[0]
        b'IRI'
        """
        from competency_graph import exporting

        return exporting.export(self, format_name, links, area, own).content

    @cached_property
    def terms(self) -> Terms:
        """The classes and properties, by the names that attributes of entries have."""
        return Terms(self.store)

    @cached_property
    def _index(self) -> Index:
        return Index(databases(self._rows))

    @cached_property
    def _rows(self) -> Rows:
        return rows_of(self.store)

    def _evaluated(self, text: str, bound: Bindings) -> Answer:
        try:
            return evaluate(self.store, text, bound)
        except EvaluationError as error:
            if not bound or "SELECT projection" not in error.what:
                raise
            raise BadValueError(
                "the query does not select all variables that parameters have values for",
                f"Add {' '.join(map(str, bound))} to its SELECT; the table leaves them out",
            ) from None

    def _iri(self, name: Entry | str) -> str:
        return name.iri if isinstance(name, Entry) else self.entry(name).iri

    def __repr__(self) -> str:
        if not self.has_own_files:
            return "<Dictionary: published>"
        return f"<Dictionary: {', '.join(self._names or ())}>"


def _text(name: object) -> str:
    """The IRI of an entry, or a name as it is."""
    if not isinstance(name, Entry | str):
        raise TypeError(f"a name is a text or an entry, not {type(name).__name__}")
    return name.iri if isinstance(name, Entry) else name


def _table(found: Answer, datatypes: Callable[[], Mapping[str, str]]) -> Table:
    """The answer as a table; its warnings become Python's."""
    for warning in found.warnings:
        warnings.warn(f"{warning}.", stacklevel=3)
    rows = list(found.rows())
    has_values = all(any(column) for column in zip(*rows, strict=True)) if rows else False
    return Table(found.columns, rows, {} if has_values else datatypes())


def _version(dictionary: model.Dictionary) -> Version:
    """A dictionary's own files as a version."""
    from competency_graph import versions

    name = str(dictionary.iri or "the dictionary")
    return versions.Version(name, {str(p): c for p, c in dictionary.own_contents.items()})

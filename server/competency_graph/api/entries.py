"""Entries as objects whose attributes are the properties of the ontology."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, overload

import pyoxigraph as ox

from competency_graph.api.display import Displayed, render
from competency_graph.api.terms import TYPE, in_python
from competency_graph.api.values import Value, python_value
from competency_graph.rdf.short_names import local_name, shorten
from competency_graph.rdf.tables import Cell
from competency_graph.rdf.vocabulary import KINDS, PREFIXES

if TYPE_CHECKING:
    from competency_graph.api.dictionary import Dictionary
    from competency_graph.api.table import Table

_SKOS: Final = PREFIXES["skos"]
_LABEL, _DEFINITION, _CODE = (
    ox.NamedNode(_SKOS + name) for name in ("prefLabel", "definition", "notation")
)
_LABELS: Final = (
    _LABEL, ox.NamedNode(PREFIXES["rdfs"] + "label"), ox.NamedNode(PREFIXES["dcterms"] + "title"),
)  # fmt: skip
_DATATYPE_PROPERTY: Final = ox.NamedNode(PREFIXES["owl"] + "DatatypeProperty")
_KIND_NAMES: Final = {str(iri): kind for kind, iri in KINDS.items()}
_MAX_VALUES: Final = 12
_MAX_ENTRIES: Final = 100
"""The number of values of a property, and of entries, that are displayed."""


class Entry(Displayed):
    """An entry of a dictionary.

    Its attributes are the properties of the ontology, and of an extension, in the style of Python:
    ``cg:coversArea`` is ``covers_area``. A property that leads to entries gives `Entries`, any
    other a tuple of values; both are empty if the entry does not have the property. Inferred
    statements count. ``dir(entry)`` lists the properties that it has; ``entry[name]`` is the same
    as the attribute, and takes IRIs as well.

    Get one from a `Dictionary`, for example by ``role`` or ``entry``.

    >>> from competency_graph import Dictionary
    >>> analyst = Dictionary().role("analyst")
    >>> analyst.label, analyst.kind, analyst.notation
    ('Analyst', 'role', 'R5')
    >>> analyst.covers_area.labels[0]
    'Creating and Closing Opportunities'
    >>> analyst.source_page
    (79,)
    """

    def __init__(self, dictionary: Dictionary, iri: str) -> None:
        self._dictionary, self._node = dictionary, ox.NamedNode(iri)

    @property
    def iri(self) -> str:
        """Its IRI."""
        return self._node.value

    @cached_property
    def kind(self) -> str:
        """Its kind, such as ``role``: the name of its class; "" if it has none."""
        types = [term.value for term in self._terms(TYPE) if isinstance(term, ox.NamedNode)]
        known = [_KIND_NAMES[each] for each in types if each in _KIND_NAMES]
        others = (in_python(local_name(each)) for each in types if not each.startswith(_SKOS))
        return known[0] if known else min(others, default="")

    @cached_property
    def label(self) -> str:
        """Its label, in English if there is one; without any, its prefixed name or IRI."""
        return next(filter(None, map(self._text, _LABELS)), shorten(self._node))

    @property
    def definition(self) -> str:
        """Its definition, in English if there is one; "" if it has none."""
        return self._text(_DEFINITION)

    @cached_property
    def notation(self) -> str:
        """Its code; "" if it has none."""
        return self._text(_CODE)

    @property
    def links(self) -> Table:
        """The concepts of other frameworks that it corresponds to.

        The columns are ``match``, ``target``, ``targetLabel``, ``code``, ``confidence`` and
        ``comment``.
        """
        return self._dictionary.query("entry-links", entry=self)

    def text(self, property_: str, language: str) -> str:
        """The value of a property in a language; "" if there is none.

        Args:
            property_: the name of the property, such as ``pref_label``.
            language: a tag of BCP 47, such as ``de``.

        Raises:
            UnknownNameError: there is no such property.
        """
        terms = self._terms(self._dictionary.terms.properties.find(property_, "property"))
        texts = (term for term in terms if isinstance(term, ox.Literal))
        wanted = language.casefold()
        return next((t.value for t in texts if (t.language or "").casefold() == wanted), "")

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (entries or values)
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __setattr__(self, name: str, value: object) -> None:
        if not name.startswith("_"):
            raise AttributeError(f"entries are read-only; to change “{name}”, edit the files")
        super().__setattr__(name, value)

    def __getitem__(self, property_: str) -> Any:  # noqa: ANN401  (entries or values)
        """The values of a property by its name or IRI, also of one that is named like a method.

        Raises:
            UnknownNameError: there is no such property.
        """
        return self._values(self._dictionary.terms.properties.find(property_, "property"))

    __iter__ = None  # it has names, but no positions

    def _values(self, property_: ox.NamedNode) -> Entries | tuple[Value, ...]:
        terms = self._terms(property_)
        literals = [term for term in terms if isinstance(term, ox.Literal)]
        if literals or (not terms and self._dictionary.terms.is_a(property_, _DATATYPE_PROPERTY)):
            return tuple(map(python_value, literals))
        iris = (term.value for term in terms if isinstance(term, ox.NamedNode))
        return Entries(self._dictionary, (Entry(self._dictionary, iri) for iri in iris))

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._properties]

    @property
    def _properties(self) -> dict[str, ox.NamedNode]:
        """The properties that it has, by name."""
        quads = self._dictionary.store.quads_for_pattern(self._node, None, None, None)
        used = {quad.predicate for quad in quads}
        return {name: p for name, p in self._dictionary.terms.properties.items() if p in used}

    def _terms(self, property_: ox.NamedNode) -> list[Any]:
        quads = self._dictionary.store.quads_for_pattern(self._node, property_, None, None)
        return sorted({quad.object for quad in quads}, key=str)

    def _text(self, property_: ox.NamedNode) -> str:
        texts = [term for term in self._terms(property_) if isinstance(term, ox.Literal)]
        texts.sort(key=lambda text: (text.language or "").partition("-")[0] != "en")
        return texts[0].value if texts else ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and other.iri == self.iri

    def __hash__(self) -> int:
        return hash(self.iri)

    def __repr__(self) -> str:
        return f"<{' '.join(filter(None, (self.kind, self.notation, repr(self.label))))}>"

    def _repr_html_(self) -> str:
        facts = []
        for name, property_ in sorted(self._properties.items()):
            values = () if property_ in _HEADING else self._values(property_)
            shown = [_shown(value) for value in values[:_MAX_VALUES]]
            if shown:
                words = name.replace("_", " ").capitalize()
                facts.append((words, shown, len(values) - len(shown)))
        return render("entry.html", entry=self, facts=facts)


_HEADING: Final = (TYPE, _LABEL, _DEFINITION, _CODE)
"""The properties that are displayed above the others."""


def _shown(value: object) -> tuple[str, str]:
    """The text and the address of a value."""
    if isinstance(value, Entry):
        return value.label, Cell(ox.NamedNode(value.iri)).address
    return str(value), ""


class Entries(Displayed, Sequence[Entry]):
    """Entries, in the order of their codes and labels.

    An attribute selects the entries of a class, such as ``knowledge``; ``dir`` lists the classes.

    >>> from competency_graph import Dictionary
    >>> required = Dictionary().role("analyst").requires
    >>> required.knowledge[0]
    <knowledge K001 'Product or service features, benefits, and value propositions'>
    """

    def __init__(self, dictionary: Dictionary, entries: Iterable[Entry]) -> None:
        self._dictionary, self._entries = dictionary, sorted(entries, key=_order)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Entries: ...
    def __getitem__(self, index: int | slice) -> Entry | Entries:
        if isinstance(index, slice):
            return Entries(self._dictionary, self._entries[index])
        return self._entries[index]

    def __len__(self) -> int:
        return len(self._entries)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entries) and other._entries == self._entries

    def __hash__(self) -> int:
        return hash(tuple(self._entries))

    @property
    def labels(self) -> list[str]:
        """The labels of the entries."""
        return [entry.label for entry in self]

    def __getattr__(self, name: str) -> Entries:
        if name.startswith("_"):
            raise AttributeError(name)
        class_ = self._dictionary.terms.classes.find(name, "class")
        chosen = (e for e in self if self._dictionary.terms.is_a(ox.NamedNode(e.iri), class_))
        return Entries(self._dictionary, chosen)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._dictionary.terms.classes]

    def __repr__(self) -> str:
        count = "1 entry" if len(self) == 1 else f"{len(self)} entries"
        first = ", ".join(self.labels[:5]) + (", …" if len(self) > 5 else "")
        return f"<{count}{': ' if first else ''}{first}>"

    def _repr_html_(self) -> str:
        rows = [
            [("", entry.kind), ("", entry.notation), _shown(entry)[::-1]]
            for entry in self[:_MAX_ENTRIES]
        ]
        return render(
            "table.html",
            heads=["Kind", "Code", "Label"],
            rows=[[(text, address, False) for address, text in row] for row in rows],
            more=max(len(self) - _MAX_ENTRIES, 0),
        )


def _order(entry: Entry) -> tuple[list[tuple[int, str]], str, str]:
    """Codes in natural order; entries without a code come first."""
    parts = re.findall(r"\d+|\D+", entry.notation)
    code = [(int(part), "") if part.isdecimal() else (0, part) for part in parts]
    return code, entry.label.casefold(), entry.iri

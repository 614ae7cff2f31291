"""Default messages for shapes that have none.

They are built from the constraint component and its parameters (SHACL, section 4). They contain
full IRIs, which are abbreviated when they are reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import RDF, SH, XSD

from competency_graph.validation.shapes.shapes_graph import Shapes, Term, node_of

_NS: Final = str(SH)
_MAX_TEXT_LENGTH: Final = 60
"""The maximum length of a quoted text, in characters."""
_MAX_LISTED: Final = 8
"""The maximum number of list values quoted, and the maximum depth of paths."""
_VALUE_MESSAGES: Final = {
    "Class": ("is not of the class {}", "Add the class, or use another value"),
    "Datatype": ("is not of the datatype {}", "Write a value of that datatype"),
    "NodeKind": ("is not {}", "Write {} instead"),
    "MinExclusive": ("is not more than {}", "Write a greater value"),
    "MinInclusive": ("is less than {}", "Write a greater value"),
    "MaxExclusive": ("is not less than {}", "Write a smaller value"),
    "MaxInclusive": ("is more than {}", "Write a smaller value"),
    "MinLength": ("has fewer characters than {}", "Write a longer value"),
    "MaxLength": ("has more characters than {}", "Write a shorter value"),
    "Pattern": ("does not match the pattern {}", "Write a value that does"),
    "LanguageIn": ("is not in one of the languages {}", "Translate it, or correct its tag"),
    "In": ("is not one of {}", "Write one of them"),
    "Equals": ("is not a value of both this and {}", "Give both the same values"),
    "Disjoint": ("is also a value of {}", "Remove it from one of them"),
    "LessThan": ("is not less than each value of {}", "Correct one of them"),
    "LessThanOrEquals": ("is more than a value of {}", "Correct one of them"),
    "Node": ("does not conform to {}", "Check what that shape requires"),
    "Not": ("conforms to {}, but must not", "Check what that shape requires"),
    "And": ("does not conform to each of {}", "Check what those shapes require"),
    "Or": ("conforms to none of {}", "Check what those shapes require"),
    "Xone": ("does not conform to exactly one of {}", "Check what those shapes require"),
}
"""For components that check a value: what is wrong with it, and the remedy."""
_NODE_KINDS: Final = {
    "IRI": "an IRI",
    "BlankNode": "a blank node",
    "Literal": "a text or number",
    "BlankNodeOrIRI": "an IRI or blank node",
    "BlankNodeOrLiteral": "a text, number or blank node",
    "IRIOrLiteral": "an IRI, text or number",
}
"""Readable names of node kinds."""
_UNQUOTED_DATATYPES: Final = frozenset(
    str(XSD[name]) for name in ("integer", "decimal", "double", "boolean", "date", "dateTime")
)
"""Datatypes whose values are shown without quotation marks."""


def default_message(shapes: Shapes, shape: str, component: str, value: str) -> tuple[str, str]:
    """The message and the remedy for a result, one sentence each.

    Args:
        shapes: the shapes graph.
        shape: the source shape, an IRI or a blank node label.
        component: the IRI of the source constraint component.
        value: the value concerned, in N-Triples, or "".
    """
    name = component.removeprefix(_NS).removesuffix("ConstraintComponent")
    words = _MessageBuilder(shapes, shape, value)
    message = words.count_message(name) or words.value_message(name)
    what, remedy = message or (
        f"The entry does not conform to {words.shape}", "Check what the shape requires",
    )  # fmt: skip
    return f"{what}.", f"{remedy}."


class _MessageBuilder:
    """Builds the message for one result."""

    def __init__(self, shapes: Shapes, shape: str, value: str) -> None:
        self._shapes, self._node, self._value = shapes, node_of(shape), value
        self.shape = "its shape" if shape.startswith("_:") else f"the shape {shape}"

    def count_message(self, component: str) -> tuple[str, str] | None:
        """The message of a component that checks the number or presence of values."""
        path = self._path
        match component, self._parameter(component):
            case "MinCount", "1":
                return f"The entry lacks {path}", "Add it"
            case "MinCount", least:
                return f"The entry has fewer than {least} values of {path}", "Add what is missing"
            case "MaxCount", "0":
                return f"The entry has {path}, which is not allowed", "Remove it"
            case "MaxCount", "1":
                return f"The entry has more than one value of {path}", "Keep one"
            case "MaxCount", most:
                return f"The entry has more than {most} values of {path}", "Remove the others"
            case "UniqueLang", _:
                return f"{path} has two values in one language", "Keep one for each language"
            case "HasValue", wanted if path:
                return f"No value of {path} is {wanted}", "Add that value"
            case "HasValue", wanted:
                return f"The entry is not {wanted}", "Use that instead"
            case "QualifiedMinCount" | "QualifiedMaxCount", number:
                order = "fewer" if component == "QualifiedMinCount" else "more"
                kept = self._parameter("QualifiedValueShape")
                which = (
                    f"value of {path} that conforms to"
                    if number == "1"
                    else f"values of {path} that conform to"
                )
                return (
                    f"The entry has {order} than {number} {which} {kept}",
                    "Check what that shape requires",
                )
            case "Closed", _:
                return (
                    f"{self._value_text} is the value of a property that "
                    f"{self.shape} does not allow",
                    "Remove it, or use a property that is allowed",
                )
        return None

    def value_message(self, component: str) -> tuple[str, str] | None:
        """The message of a component that checks a value."""
        if component not in _VALUE_MESSAGES:
            return None
        asked = self._parameter(component)
        fault, remedy = (text.format(asked) for text in _VALUE_MESSAGES[component])
        if component == "Datatype" and asked == str(RDF.langString):
            fault, remedy = "has no language", "Add the tag of its language, as in “Bread”@en"
        path = self._path
        if path:
            return f"{path} is {self._value_text}, which {fault}", remedy
        return f"The entry {fault}", remedy

    @property
    def _value_text(self) -> str:
        if not self._value:
            return "a value"
        line = f"<x:s> <x:p> {self._value} ."
        (quad,) = ox.parse(line, format=ox.RdfFormat.N_TRIPLES, lenient=True)
        return "a blank node" if isinstance(quad.object, ox.BlankNode) else _term_text(quad.object)

    def _parameter(self, component: str) -> str:
        """The values of a component's parameter, as text."""
        name = component[:1].lower() + component[1:]
        values = [v for value in self._values(name) for v in self._members(value)]
        if component == "NodeKind":
            return " and ".join(_NODE_KINDS.get(v.value.removeprefix(_NS), v.value) for v in values)
        if any(isinstance(value, ox.BlankNode) for value in values):
            return "the shapes in it" if len(values) > 1 else "the shape in it"
        more = [f"{len(values) - _MAX_LISTED:,} others"] if len(values) > _MAX_LISTED else []
        return ", ".join([*map(_term_text, values[:_MAX_LISTED]), *more])

    def _values(self, name: str) -> list[Term]:
        return self._shapes.values(self._node, ox.NamedNode(_NS + name))

    def _members(self, value: Term) -> Iterator[Term]:
        """The members of a list; a value that is not a list is returned alone."""
        seen: set[Term] = set()
        while value not in seen and not isinstance(value, ox.Literal):
            seen.add(value)
            first, rest = (
                self._shapes.values(value, ox.NamedNode(RDF[name])) for name in ("first", "rest")
            )
            yield from first
            if not rest:
                break
            value = rest[0]
        if len(seen) <= 1 and value != ox.NamedNode(RDF.nil):
            yield value

    @property
    def _path(self) -> str:
        return next((self._path_text(path) for path in self._values("path")), "")

    def _path_text(self, path: Term, depth: int = 0) -> str:
        """A path (SHACL, section 2.3.1) in words."""
        if not isinstance(path, ox.BlankNode) or depth > _MAX_LISTED:
            return path.value
        for name, words in _PATH_PHRASES.items():
            for value in self._shapes.values(path, ox.NamedNode(_NS + name)):
                ways = [self._path_text(each, depth + 1) for each in self._members(value)]
                return words.format(" or ".join(ways))
        ways = [self._path_text(each, depth + 1) for each in self._members(path)]
        return " of its ".join(reversed(ways))


_PATH_PHRASES: Final = {
    "inversePath": "a link to it by {}",
    "alternativePath": "{}",
    "zeroOrMorePath": "{}",
    "oneOrMorePath": "{}",
    "zeroOrOnePath": "{}",
}
"""Phrases for paths that are neither a single property nor a sequence."""


def _term_text(term: Term | ox.Triple) -> str:
    """A term as text: an IRI in full, a number plain, a text in quotation marks and abridged."""
    if not isinstance(term, ox.Literal):
        return term.value if isinstance(term, ox.NamedNode) else str(term)
    if term.datatype.value in _UNQUOTED_DATATYPES:
        return term.value
    short = (
        term.value if len(term.value) <= _MAX_TEXT_LENGTH else f"{term.value[:_MAX_TEXT_LENGTH]}…"
    )
    return f"“{short}”" + (f"@{term.language}" if term.language else "")

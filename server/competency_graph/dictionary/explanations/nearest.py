"""What holds instead of a statement that does not hold."""

from __future__ import annotations

from competency_graph.dictionary.explanations.explanation import Triple
from competency_graph.dictionary.explanations.labels import Naming
from competency_graph.dictionary.explanations.sentences import statement
from competency_graph.dictionary.explanations.statements import Statements
from competency_graph.errors import UnknownNameError
from competency_graph.rdf.short_names import shorten

_MAX_EXAMPLES = 3


def does_not_hold(triple: Triple, statements: Statements, name: Naming) -> UnknownNameError:
    """The error for a statement that does not hold, with what holds instead."""
    subject, property_, value = triple
    text = _text(triple, name)
    what = f"“{text}” is not stated and does not follow ({' '.join(map(shorten, triple))})"
    if any(True for _ in statements.match(value, property_, subject)):
        other = _text((value, property_, subject), name)
        return UnknownNameError(what, f"Ask for the other direction, which holds: “{other}”")
    between = sorted({p for _, p, _ in statements.match(subject, None, value)}, key=str)
    if between:
        others = "; ".join(f"“{_text((subject, p, value), name)}”" for p in between)
        return UnknownNameError(what, f"Ask for what holds of the two: {others}")
    values = sorted({v for _, _, v in statements.match(subject, property_, None)}, key=str)
    if values:
        some = ", ".join(f"“{name(each)}”" for each in values[:_MAX_EXAMPLES])
        more = f" and {len(values) - _MAX_EXAMPLES} others" * (len(values) > _MAX_EXAMPLES)
        return UnknownNameError(what, f"Ask for a value that the property has: {some}{more}")
    known = sorted({p for _, p, _ in statements.match(subject, None, None)}, key=str)
    if known:
        have = ", ".join(map(shorten, known))
        return UnknownNameError(what, f"Ask for a property that the subject has: {have}")
    return UnknownNameError(what, "Check the subject, of which nothing is stated")


def _text(triple: Triple, name: Naming) -> str:
    return "".join(part.text for part in statement(triple, name))

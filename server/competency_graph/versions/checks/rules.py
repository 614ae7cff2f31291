"""The rules for new versions. Those of a single version are in `validation`."""

from __future__ import annotations

from typing import Final, NamedTuple

from competency_graph.validation.findings import Rule

GONE: Final = Rule(
    "CG801", "entry-gone", "violation", "An entry is deprecated before it is removed"
)
RECLASSED: Final = Rule("CG802", "class-changed", "violation", "An entry keeps its class")
RECODED: Final = Rule("CG803", "notation-changed", "violation", "An entry keeps its code")
REUSED: Final = Rule(
    "CG804", "notation-reused", "violation", "A code is never given to another entry"
)
WIDENED: Final = Rule(
    "CG805", "exact-match-withdrawn", "violation", "An exact match remains an exact match"
)
NARROWED: Final = Rule(
    "CG806", "property-narrowed", "violation", "A property remains usable where it was"
)
RULES: Final = (GONE, RECLASSED, RECODED, REUSED, WIDENED, NARROWED)
"""The rules for changes, in the order of their codes."""


class Breaking(NamedTuple):
    """A change that breaks a rule, not yet located in a file.

    Args:
        rule: the rule.
        focus: the IRI of the entry.
        message: what is wrong, as a sentence.
        remedy: what to do, as a sentence.
        path: the property concerned, by IRI; "" if it is the entry as a whole.
        value: the value concerned in the new version, in N-Triples; "" for any.
        patch: statements in Turtle that would fix it, or "".
    """

    rule: Rule
    focus: str
    message: str
    remedy: str
    path: str = ""
    value: str = ""
    patch: str = ""

"""Results of checks, before they are located, and the rules that no shape states."""

from __future__ import annotations

from typing import Final, NamedTuple

from competency_graph.validation.findings import Rule

SYNTAX: Final = Rule("CG001", "syntax", "violation", "The file follows the grammar of its format")
UNREADABLE: Final = Rule("CG002", "unreadable", "violation", "The file can be read as RDF in UTF-8")
PREFIX: Final = Rule("CG003", "prefix-undeclared", "violation", "Each prefix is declared")
NEAR_NAMESPACE: Final = Rule(
    "CG004", "near-namespace", "violation", "No namespace is nearly that of a known vocabulary"
)
NOTHING_JUDGED: Final = Rule(
    "CG005", "nothing-judged", "violation", "There is at least one entry to check"
)
UNKNOWN_TERM: Final = Rule(
    "CG011", "unknown-term", "violation", "Each term of a known vocabulary exists"
)
UNTYPED: Final = Rule("CG012", "untyped-entry", "violation", "Each entry has a class")
UNDEFINED: Final = Rule(
    "CG013", "undefined-entry", "violation", "Each link leads to an entry that is described"
)
REDEFINED: Final = Rule(
    "CG014",
    "redefined-entry",
    "violation",
    "An entry of the base keeps its label, definition, code and class",
)
ADDED_TERM: Final = Rule(
    "CG015", "added-term", "violation", "Only the ontology defines terms in its namespace"
)
LANGUAGE: Final = Rule("CG021", "unknown-language", "violation", "Each language tag is valid")
GARBLED: Final = Rule(
    "CG022", "garbled-text", "violation", "Each text is read in the encoding it was written in"
)
VERSION: Final = Rule("CG023", "version-number", "violation", "A version is a text")
NEAR_DUPLICATE: Final = Rule(
    "CG031", "near-duplicate", "warning", "No two entries of a class have nearly the same label"
)
REPEATED: Final = Rule(
    "CG032", "definition-repeats-label", "warning", "A definition says more than the label"
)
PLACEHOLDER: Final = Rule(
    "CG033", "placeholder", "violation", "No label or definition is a placeholder"
)
CYCLE: Final = Rule(
    "CG041", "cycle", "violation", "No entry is broader than itself or replaces itself"
)
DEPRECATED: Final = Rule(
    "CG042", "deprecated-used", "warning", "No link leads to an entry that is deprecated"
)
MAPPING_LABEL: Final = Rule(
    "CG051", "mapping-label", "warning", "A mapping and the dictionary label an entry alike"
)
NEAR_DICTIONARY: Final = Rule(
    "CG016", "near-dictionary", "violation", "The published dictionary is named exactly"
)
UNFAMILIAR: Final = Rule(
    "CG017", "unfamiliar-terms", "info", "Classes and properties are ones that rules check"
)
MATCH_CYCLE: Final = Rule(
    "CG541", "match-cycle", "violation", "No mappings make a thing broader than itself"
)
RELATED_AND_BROADER: Final = Rule(
    "CG542",
    "related-and-broader",
    "violation",
    "No mappings make two things both related and broader or narrower",
)
EXACT_CHAIN: Final = Rule(
    "CG543", "exact-chain", "violation", "Chains of exact matches do not equate what differs"
)
CLOSE_MANY: Final = Rule(
    "CG544", "close-many", "warning", "An entry closely matches few things of a framework"
)
MATCH_KINDS: Final = Rule(
    "CG545", "match-kinds", "violation", "The predicate of a mapping fits the kinds of things"
)
MATCH_AND_ANCESTOR: Final = Rule(
    "CG546", "match-and-ancestor", "info", "Mappings of an entry say something different each"
)
IDLE_SHAPE: Final = Rule(
    "CG061", "idle-shape", "warning", "Each of your own shapes checks something"
)
UNUSED: Final = Rule(
    "CG091", "unused-silence", "warning", "Each comment that allows a rule is needed"
)
UNKNOWN_CODE: Final = Rule(
    "CG092", "unknown-code", "warning", "Each comment that allows a rule names an existing one"
)
BROKEN: Final = (SYNTAX, UNREADABLE, PREFIX)
"""The rules whose violation means that a file cannot be read, or not completely."""
RULES: Final = (
    SYNTAX, UNREADABLE, PREFIX, NEAR_NAMESPACE, NOTHING_JUDGED, UNKNOWN_TERM, UNTYPED, UNDEFINED,
    REDEFINED, ADDED_TERM, NEAR_DICTIONARY, UNFAMILIAR, LANGUAGE, GARBLED, VERSION,
    NEAR_DUPLICATE, REPEATED, PLACEHOLDER, CYCLE, DEPRECATED, MAPPING_LABEL, MATCH_CYCLE,
    RELATED_AND_BROADER, EXACT_CHAIN, CLOSE_MANY, MATCH_KINDS, MATCH_AND_ANCESTOR, IDLE_SHAPE,
    UNUSED, UNKNOWN_CODE,
)  # fmt: skip
"""The rules beyond SHACL."""


class CheckResult(NamedTuple):
    """A result of a check.

    Args:
        rule: the rule that is broken.
        focus: the entry concerned, an IRI or a blank node label.
        message: what is wrong, with full IRIs; they are abbreviated when it is reported.
        remedy: what to do, in one sentence, with full IRIs as well.
        path: the property of the statement concerned, by IRI; "" if it is about the entry.
        value: the value of the statement concerned, in N-Triples; "" for any.
        replaced: the wrong IRI in the statement, if another can replace it.
        replacement: the IRI that replaces it.
    """

    rule: Rule
    focus: str
    message: str
    remedy: str
    path: str = ""
    value: str = ""
    replaced: str = ""
    replacement: str = ""

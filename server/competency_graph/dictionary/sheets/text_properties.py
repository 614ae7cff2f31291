"""The columns of texts and facts, whose properties SKOS and Dublin Core define."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rdflib.namespace import DCTERMS, OWL, SKOS, XSD

from competency_graph.dictionary.sheets.columns import ValueColumn

LABEL: Final = str(SKOS.prefLabel)


@dataclass(frozen=True)
class TextProperty:
    """A property whose values are texts.

    Args:
        predicate: its IRI.
        name: its name in headings, which the language follows.
        note: what it means.
        many: whether an entry may have several in one language.
        always: whether it has a column before it is used.
    """

    predicate: str
    name: str
    note: str
    many: bool = False
    always: bool = True


ENTRY_TEXTS: Final = (
    TextProperty(LABEL, "Label", "The name of the entry, one in each language."),
    TextProperty(
        str(SKOS.altLabel), "Other labels", "Further names, each on a line of its own.", True
    ),
    TextProperty(str(SKOS.definition), "Definition", "What the entry means, in full sentences."),
    TextProperty(str(SKOS.example), "Examples", "Examples, each on a line of its own.", True),
    TextProperty(
        str(SKOS.scopeNote), "Scope note", "When to use the entry, and when not.", True, False
    ),
)
"""The texts of entries, which SKOS defines (sections 5 and 7)."""
DICTIONARY_TEXTS: Final = (
    TextProperty(str(DCTERMS.title), "Title", "The title of the dictionary."),
    TextProperty(
        LABEL, "Label", "The name of the dictionary among other vocabularies.", always=False
    ),
    TextProperty(str(DCTERMS.description), "Description", "Whom and what the dictionary is for."),
    TextProperty(str(DCTERMS.creator), "Creator", "Who wrote it, each on a line of its own.", True),
    TextProperty(str(DCTERMS.publisher), "Publisher", "Who publishes it.", True, False),
    TextProperty(str(DCTERMS.source), "Source", "What it is derived from.", True, False),
)
"""The texts about a dictionary, which Dublin Core defines."""
_STRING, _DATE = str(XSD.string), str(XSD.date)
DICTIONARY_VALUES: Final = (
    ValueColumn(
        "Licence",
        "The IRI of the licence, which says what others may do with it.",
        str(DCTERMS.license),
    ),
    ValueColumn(
        "Language",
        "The tags of its languages, such as en, each on a line of its own.",
        str(DCTERMS.language),
        many=True,
        datatype=_STRING,
    ),
    ValueColumn("Version", "The number of its version.", str(OWL.versionInfo), datatype=_STRING),
    ValueColumn("Created", "When it was first published.", str(DCTERMS.created), datatype=_DATE),
    ValueColumn("Modified", "When it was last changed.", str(DCTERMS.modified), datatype=_DATE),
)

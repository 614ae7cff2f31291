"""Messages of the rooms below `web`, which translate nothing: listed here to be in the catalogues.

A test compares them with their origin.
"""

from __future__ import annotations

from typing import Final

from competency_graph.web.languages.texts import N_

EXPORT_PURPOSES: Final = (
    N_("A competency framework for the Credential Registry, in JSON-LD"),
    N_("A package for learning systems, as 1EdTech CASE 1.1 in JSON"),
    N_("The same for systems that accept only CASE 1.0"),
    N_("Defined terms and occupations for search engines, in JSON-LD"),
    N_("A concept scheme for thesaurus tools, as plain SKOS in Turtle"),
    N_("CSV files with the columns of ESCO's download, in a ZIP archive"),
    N_("One table of all entries"),
    N_("A workbook of entries, relations and matches"),
    N_("The links to other frameworks, as one table of SSSOM"),
    N_("A network for Gephi, yEd, Cytoscape and similar tools"),
)
"""What each export format is for; `exporting.ABOUT`."""
VERBS: Final = (
    N_("is a"), N_("is an"), N_("is a subclass of"), N_("is a subproperty of"),
    N_("has the domain"), N_("has the range"), N_("is the same as"), N_("is the same class as"),
    N_("is the same property as"), N_("has the broader concept"), N_("has the narrower concept"),
    N_("is in the dictionary"),
    N_("covers area"), N_("is covered by role"), N_("has example title"),
    N_("is a title of the role"), N_("has competency"), N_("is in cluster"),
    N_("has key action"), N_("is key action of"),
    N_("produces output"), N_("is output of"), N_("outputs open-ended"), N_("requires"),
    N_("requires knowledge"), N_("requires ability"), N_("requires competency"), N_("is area of"),
    N_("has area"), N_("has foundational competency"), N_("has source page"),
)  # fmt: skip
"""The properties of the ontology as verbs; `explanations.labels.verb`."""
CONNECTIVES: Final = (
    N_(": this is stated."), N_(", which "), N_(" and "), N_(". Therefore "),
    N_("By definition, "),
)  # fmt: skip
"""The words between statements; `explanations.sentences`."""
AXIOM_WORDS: Final = (
    N_("by the rules for things that are the same"),
    N_("by the rules for subclasses and equivalent classes"),
    N_("by the rules for subproperties and equivalent properties"),
    N_("by the rules for domains and ranges"), N_("by the axioms of the ontology"),
    N_(" mean the same"), N_(" is the inverse of "), N_("whatever has "),
    N_(" is of the class "), N_("every value of "), N_(" applies in both directions"),
    N_("nothing has two values of "), N_("no two things have the same "), N_("the classes "),
    N_(" are the same"), N_("the class "), N_(" is what is in each of "),
    N_(" is what is in any of "), N_(" consists of "), N_("what has "), N_(" of the class "),
    N_("all "), N_(" are of the class "), N_(" is what has "), N_(" has at most one "),
    N_("no two of the class "), N_(" have the same "),
)  # fmt: skip
"""Axioms in words; `explanations.axiom_texts`."""
QUANTITIES: Final = (
    N_("at least one"), N_("only"), N_("the value"), N_("exactly {}"), N_("at least {}"),
    N_("at most {}"),
)  # fmt: skip
"""How many values a restriction demands; `ontology_terms`."""
SEVERITIES: Final = (N_("Violation"), N_("Warning"), N_("Info"))
"""The severities of findings, capitalized; `validation.findings.SEVERITIES`."""
CHANGES: Final = (
    N_("Added"), N_("Gone"), N_("Deprecated"), N_("No longer deprecated"), N_("Of another class"),
    N_("With another code"), N_("Renamed"), N_("Reworded"), N_("Translated"), N_("Moved"),
    N_("Mapped differently"), N_("With other references"), N_("Stated in the other direction"),
    N_("With other values"),
)  # fmt: skip
"""The kinds of changes; `versions.model.KINDS`."""
CHANGED_PROPERTIES: Final = (
    N_("description"), N_("replaced by"), N_("title"), N_("deprecated"), N_("any of"),
    N_("version"), N_("member"), N_("class"), N_("comment"), N_("domain"), N_("label"),
    N_("range"), N_("variant name"), N_("broader match"), N_("close match"), N_("definition"),
    N_("exact match"), N_("example"), N_("narrower match"), N_("code"), N_("related match"),
    N_("scope note"), N_("cluster"), N_("owner"), N_("role"), N_("area"), N_("dictionary"),
    N_("broader entry"), N_("superclass"), N_("superproperty"), N_("order of members"),
    N_("confidence"), N_("mapping set"),
)  # fmt: skip
"""What changed about an entry: `versions.usual_names`, `versions.relations`, and words of SSSOM."""
STATUS_PHRASES: Final = (
    N_("Bad Request"), N_("Forbidden"), N_("Not Found"), N_("Method Not Allowed"),
    N_("Not Acceptable"), N_("Request Entity Too Large"), N_("Unsupported Media Type"),
    N_("Too Many Requests"), N_("Internal Server Error"), N_("Service Unavailable"),
)  # fmt: skip
"""The titles of errors (RFC 9110, section 15)."""

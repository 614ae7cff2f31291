"""The catalogues of translations are complete and fit the source."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pyoxigraph as ox
import pytest
from babel.messages.catalog import Catalog
from rdflib.namespace import OWL, RDF, RDFS

from competency_graph import Dictionary, exporting
from competency_graph.dictionary import ontology_terms
from competency_graph.dictionary.explanations import axiom_texts
from competency_graph.dictionary.explanations.explanation import Axiom
from competency_graph.dictionary.explanations.labels import _VERBS, verb
from competency_graph.rdf.vocabulary import CG
from competency_graph.validation.findings import SEVERITIES
from competency_graph.versions import relations, usual_names
from competency_graph.versions.model import KINDS
from competency_graph.web.http import problem_documents
from competency_graph.web.languages import words_below
from competency_graph.web.languages.negotiation import LANGUAGES, SOURCE
from conftest import ROOT

PLACE = re.compile(r"%\(\w+\)s|%%|\{\}|</?[a-z]+[^>]*>")
"""What a translation keeps: places for values, and HTML."""


@pytest.fixture(scope="module")
def catalogues() -> ModuleType:
    """The tool behind `make translations`."""
    path = ROOT / "server" / "assets" / "catalogues.py"
    spec = importlib.util.spec_from_file_location("catalogues", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def template(catalogues: ModuleType) -> Catalog:
    return catalogues.extract()


def faults(catalogue: Catalog, template: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue, given the messages of the source."""
    known, wanted = ({m.id for m in each if m.id} for each in (catalogue, template))
    yield from (f"new in the source: {message}" for message in wanted - known)
    yield from (f"not in the source: {message}" for message in known - wanted)
    for message in catalogue:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.fuzzy:
            yield f"fuzzy: {message.id}"
        if not all(texts) or len(texts) != len(ids):
            yield f"not translated: {message.id}"
            continue
        for text in texts:
            if not any(places(text) == places(each) for each in ids):
                yield f"places differ: {text}"
            if edges(text) != edges(ids[0]):
                yield f"spaces differ: {text}"


def edges(text: str) -> tuple[bool, bool]:
    """Whether a text begins and ends with a space; French has a no-break one before a colon."""
    return text[:1] == " ", text[-1:] == " "


def places(text: str) -> list[str]:
    return sorted(PLACE.findall(text))


def test_each_language_has_a_catalogue(catalogues: ModuleType) -> None:
    found = {path.parents[1].name for path in catalogues.catalogue_files()}
    assert found == set(LANGUAGES) - {SOURCE} == {"de", "fr", "es"}


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_it_is_complete(catalogues: ModuleType, template: Catalog, language: str) -> None:
    path = catalogues.TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    assert list(faults(catalogues.read(path), template)) == []
    assert "Glossary" in path.read_text("utf-8").partition("msgid")[0]


def within_another(script: str) -> list[str]:
    """The messages within the parentheses of another one, which Babel does not extract."""
    found = []
    for call in re.finditer(r"(?<![\w.])(_|ngettext)\(", script):
        depth, end = 1, call.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(script[end], 0)
            end += 1
        found += re.findall(r"(?<![\w.])(?:_|ngettext)\(\s*(\"[^\"]*\")", script[call.end() : end])
    return found


def test_scripts_have_no_message_within_another() -> None:
    static = ROOT / "server" / "competency_graph" / "web" / "static"
    scripts = [path for path in static.rglob("*.js") if "vendor" not in path.parts]
    assert scripts
    assert {path.name: within_another(path.read_text("utf-8")) for path in scripts} == {
        path.name: [] for path in scripts
    }
    assert within_another('_("Checked: %(n)s", { n: ngettext("one", "many", 2) })') == ['"one"']


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_updating_changes_nothing(
    catalogues: ModuleType, template: Catalog, language: str, tmp_path: Path
) -> None:
    path = catalogues.TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    copy = tmp_path / language / "LC_MESSAGES" / "messages.po"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(path.read_bytes())
    assert catalogues.update(copy, template) == (0, 0)
    without_version = re.compile("Generated-By: .*")
    assert without_version.sub("", copy.read_text("utf-8")) == without_version.sub(
        "", path.read_text("utf-8")
    )


@pytest.mark.parametrize(
    ("message", "translation", "flags", "fault"),
    [
        ("Roles", "", (), "not translated: Roles"),
        ("Roles", "Rollen", ("fuzzy",), "fuzzy: Roles"),
        ("Areas", "Bereiche", (), "not in the source: Areas"),
        ("%(number)s in all", "insgesamt", (), "places differ: insgesamt"),
        ("%(number)s in all", "insgesamt %(nummer)s", (), "places differ: insgesamt %(nummer)s"),
        (
            'A <a href="/x">b</a>',
            'Ein <a href="/y">b</a>',
            (),
            'places differ: Ein <a href="/y">b</a>',
        ),
        (" and ", "und ", (), "spaces differ: und "),
        (("%(number)s row", "%(number)s rows"), ("%(number)s Zeile", ""), (), "not translated"),
    ],
)
def test_a_fault_is_found(
    message: str | tuple[str, ...],
    translation: str | tuple[str, ...],
    flags: tuple[str, ...],
    fault: str,
) -> None:
    template, catalogue = Catalog(), Catalog("de")
    if message != "Areas":
        template.add(message)
    catalogue.add(message, translation, flags=flags)
    assert any(each.startswith(fault) for each in faults(catalogue, template))


def test_a_new_message_is_found(template: Catalog) -> None:
    assert "new in the source: Roles" in faults(Catalog("de"), template)


def test_extraction_reads_templates_python_and_scripts(template: Catalog) -> None:
    files = {file for message in template for file, _ in message.locations}
    assert {"templates/base.html", "browse/kinds.py", "static/validate.js"} <= files
    assert not any("vendor" in file for file in files)


def test_the_words_of_rooms_below_are_theirs(sales: Dictionary) -> None:
    assert set(words_below.EXPORT_PURPOSES) == set(exporting.ABOUT.values())
    assert set(words_below.QUANTITIES) == set(ontology_terms._QUANTITIES.values())
    assert set(words_below.CHANGES) == set(KINDS.values())
    names = {*usual_names._NAMES.values(), *(each.name for each in relations._RELATIONS)}
    assert set(words_below.CHANGED_PROPERTIES) == names | {
        "order of members",
        "confidence",
        "mapping set",
    }
    assert {each.lower() for each in words_below.SEVERITIES} == set(SEVERITIES)
    assert {s.phrase for s in problem_documents._STATUS_BY_ERROR.values()} <= set(
        words_below.STATUS_PHRASES
    )


def test_each_property_of_the_ontology_has_a_verb(sales: Dictionary) -> None:
    labels = {
        ox.NamedNode(str(term)): str(sales.ontology.value(term, RDFS.label))
        for type_ in (OWL.ObjectProperty, OWL.DatatypeProperty)
        for term in sales.ontology.subjects(RDF.type, type_)
        if str(term).startswith(CG)
    }
    assert len(labels) > 15
    verbs = {verb(each, lambda term: labels[term]) for each in labels}
    assert verbs | set(_VERBS.values()) | {"is an"} == set(words_below.VERBS)


AXIOMS = (
    "equivalent properties", "inverse", "domain", "range", "symmetric", "functional",
    "inverse functional", "equivalent classes", "intersection", "union", "enumeration",
    "some values", "all values", "value", "at most one", "key", *axiom_texts._GENERAL,
)  # fmt: skip


def test_the_words_of_axioms_are_listed() -> None:
    terms = tuple(ox.NamedNode(f"https://x.example/{n}") for n in range(3))
    words = {part for kind in AXIOMS for part in axiom_texts.notation(Axiom(kind, terms))}
    texts = {each for each in words if isinstance(each, str) and re.search(r"\w", each)}
    assert texts - {" and "} == set(words_below.AXIOM_WORDS)

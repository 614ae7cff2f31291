"""Surveys the consequences of the links in files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from competency_graph import resources
from competency_graph.linking.check import concept_facts
from competency_graph.linking.concepts import Concept, Progress, entries, target
from competency_graph.linking.consequences.entailments import Links, entailments
from competency_graph.linking.consequences.surprise import MOST, Surprise, most_surprising
from competency_graph.mappings import ENDING, frameworks, read
from competency_graph.mappings.skos_graph import HIERARCHICAL, Relation
from competency_graph.rdf.input_files import files_named
from competency_graph.rdf.parsing import parse


@dataclass(frozen=True)
class Survey:
    """What was found.

    Args:
        chosen: the most surprising consequences, most surprising first.
        number: the number of all consequences.
        links: the links that they follow from.
        things: entries and concepts by IRI.
        unseen: what was not looked at, in sentences.
    """

    chosen: Sequence[Surprise]
    number: int
    links: Links
    things: Mapping[str, Concept]
    unseen: Sequence[str] = ()


def survey(
    names: Sequence[str] = (), framework_files: Sequence[Path] = (), most: int = MOST,
    language: str = "en", progress: Progress = lambda doing, number: None,
) -> Survey:  # fmt: skip
    """Find the most surprising consequences of the links in files.

    Args:
        names: mapping files, RDF files of the dictionary, and folders with both; none means the
            published ones.
        framework_files: RDF of the frameworks that the links lead to.
        most: how many to choose.
        language: the language of the texts.
        progress: is called with the progress.

    Raises:
        UnreadableInputError: a file cannot be read.
        UnavailableError: the libraries that compare texts are not installed.
    """
    files = [Path(file) for name in names or (str(resources.DATA),) for file in files_named(name)]
    links, hierarchy = Links(), list[Relation]()
    for file in files:
        if file.name.endswith(ENDING):
            links.add_set(read(file), file.name)
        else:
            links.add_quads(parse(file), file.name)
    rdf = [file for file in files if not file.name.endswith(ENDING)]
    published = resources.turtle_files(resources.DATA)
    around = list(dict.fromkeys([*published, *rdf]))
    for file in around:
        hierarchy += _hierarchical(parse(file))
    concepts = target(framework_files, language, progress, True, True) if framework_files else []
    hierarchy += concept_facts(concepts).relations
    known = {each.iri: each for each in (*entries(around, (), language, progress), *concepts)}
    things = links.described | known
    found = list(entailments(links, hierarchy))
    progress("comparing", 0)
    chosen = most_surprising(found, links, things, language, most)
    return Survey(chosen, len(found), links, things, _unseen(links, concepts))


def _hierarchical(quads: Iterable[ox.Quad]) -> Iterator[Relation]:
    for quad in quads:
        if quad.predicate.value in HIERARCHICAL and isinstance(quad.object, ox.NamedNode):
            subject = str(quad.subject).strip("<>")
            yield Relation(subject, quad.predicate.value, quad.object.value)


def _unseen(links: Links, concepts: Iterable[Concept]) -> list[str]:
    """What could not be looked at, by framework."""
    known = {concept.iri for concept in concepts}
    missing: Counter[str] = Counter()
    for link in links.places:
        framework = frameworks.framework_of(link.object)
        if framework and link.object not in known:
            missing[framework.title] += 1
    return [
        f"the hierarchy and the texts of {title}, to which {number:,} links lead. Name its RDF "
        "with --with."
        for title, number in missing.items()
    ]

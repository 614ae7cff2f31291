"""Suggests links of a dictionary, as mappings to be reviewed."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from importlib.metadata import version
from itertools import islice
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz

from competency_graph.errors import UnavailableError
from competency_graph.linking.concepts import Concept, Progress
from competency_graph.linking.word_stems import Words
from competency_graph.mappings import Mapping, MappingSet, curie_map

if TYPE_CHECKING:
    from competency_graph.linking.matching import Candidate, Matcher
    from competency_graph.linking.matching.meaning_features import Linked

    _Row = tuple[Concept, Candidate, Matcher]

MAX_CANDIDATES: Final = 10
"""The maximum number of candidates for an entry in a framework."""
TOOL: Final = "competency-graph"
_MEASURE: Final = "cosine of the TF-IDF of the words of labels, definitions and what is broader"
_MEANT: Final = 0.4
"""The minimum similarity in meaning to be mentioned."""
_PREPROCESSING: Final = "semapv:CaseNormalization|semapv:StopWordRemoval|semapv:Stemming"
_COLUMN_ORDER: Final = (
    "subject_id", "subject_label", "subject_category", "predicate_id", "object_id",
    "object_label", "object_category", "object_source", "object_source_version",
    "mapping_justification", "mapping_tool",
    "mapping_tool_version", "confidence", "similarity_score", "match_string",
    "subject_match_field", "object_match_field", "subject_preprocessing", "object_preprocessing",
    "comment",
)  # fmt: skip
_SET_NAMESPACE: Final = "https://w3id.org/sssom/mappings/"
"""The namespace of sets without a name of their own, the same as in sssom-py."""
_MAX_LABELS: Final = 50
"""The number of an entry's labels compared to explain a candidate."""
_CONCEPT: Final = "skos:Concept"
"""The category of concepts in schemes without kinds."""
_MANY_OCCUPATIONS: Final = 20
"""The minimum number of occupations to be mentioned."""


def suggest(
    entries: Sequence[Concept], targets: Iterable[Sequence[Concept]], language: str = "en",
    threshold: float | None = None, most: int = MAX_CANDIDATES, name: str = "",
    decided: Callable[[Concept, Concept], bool] = lambda entry, thing: False,
    progress: Progress = lambda doing, number: None, linked: Sequence[Linked] = (),
) -> MappingSet:  # fmt: skip
    """Suggest links for each entry, best first, with explanations.

    These are not decisions yet; those are made in a `review`.

    Args:
        entries: a dictionary's entries.
        targets: the concepts of each framework.
        language: the language of the texts.
        threshold: the minimum probability of a candidate; None means the best one measured.
        most: the maximum number of candidates for an entry in each framework.
        name: the IRI of the mapping set; "" for a new one.
        decided: whether an entry and a concept have been decided on already.
        progress: is called with the progress.
        linked: entries that are linked already, with the IRIs of what they are linked to.

    Raises:
        UnavailableError: the required libraries are not installed, or not as expected.
    """
    try:
        from competency_graph.linking.matching import THRESHOLD, Matcher
    except ImportError as error:
        raise UnavailableError(
            f"the libraries that compare texts are not installed ({error.name})",
            "Install it: pip install 'competency-graph[link]'",
        ) from None
    least = THRESHOLD if threshold is None else threshold
    found: dict[str, list[_Row]] = {each.iri: [] for each in entries}
    for things in targets:
        matcher = Matcher(things, entries, language, progress, linked)
        for entry, candidates in matcher.candidates(entries):
            likely = (each for each in candidates if each.chance >= least)
            undecided = (each for each in likely if not decided(entry, each.thing))
            found[entry.iri] += [(entry, each, matcher) for each in islice(undecided, most)]
    return _mapping_set([row for rows in found.values() for row in rows], name)


def suggest_from(matcher: Matcher, entries: Sequence[Concept], most: int) -> MappingSet:
    """Suggest links as `suggest` does, by a matcher that is kept for several calls.

    Args:
        matcher: compares with the concepts of a framework, in the field of a dictionary.
        entries: what to link.
        most: the maximum number of candidates for each.
    """
    from competency_graph.linking.matching import THRESHOLD

    found = [
        (entry, candidate, matcher)
        for entry, candidates in matcher.candidates(entries)
        for candidate in islice((each for each in candidates if each.chance >= THRESHOLD), most)
    ]
    return _mapping_set(found, "")


def prepare() -> None:
    """Load what `suggest_from` would load on first use, if its libraries are installed.

    They run in one thread, as other threads would not survive a fork.
    """
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    with suppress(ImportError):
        from competency_graph.linking.matching import Matcher

        sample = [Concept("urn:sample", "sample", kind=_CONCEPT)]
        suggest_from(Matcher(sample, sample, "en"), sample, 1)
        _version()


@cache
def _version() -> str:
    return version("competency-graph")


def _mapping_set(rows: Sequence[_Row], name: str) -> MappingSet:
    prefixes = curie_map(
        iri for entry, each, _ in rows for iri in (entry.iri, each.thing.iri, each.thing.source)
    )
    head: dict[str, object] = {
        "sssom_version": "1.1",
        "mapping_set_id": name or f"{_SET_NAMESPACE}{uuid.uuid4()}",
        "mapping_set_title": "Candidates for links, not yet reviewed",
        "license": "https://w3id.org/sssom/license/unspecified",
        "mapping_date": date.today().isoformat(),
        "similarity_measure": _MEASURE,
        "comment": "A confidence is the chance that a reviewer would make the link, as far as that "
        "was measured on the published dictionary. Look at each candidate before you use "
        "it: competency link review.",
        "curie_map": prefixes,
    }
    names = MappingSet(head)
    return MappingSet(head, tuple(_mapping(*row, names) for row in rows), _COLUMN_ORDER)


def _mapping(entry: Concept, candidate: Candidate, matcher: Matcher, names: MappingSet) -> Mapping:
    thing, words = candidate.thing, matcher.words
    own, label = nearest(entry, thing, words)
    equal = words.key(own) == words.key(label) != ""
    shared = _shared(own, label, words)
    others = {
        "object_source": names.curie(thing.source),
        "object_source_version": thing.version,
        "mapping_tool_version": _version(),
        "similarity_score": f"{candidate.feature('text'):.3f}",
        "match_string": "|".join(shared),
    }
    if equal:
        others |= {
            "subject_match_field": _label_property(own, entry),
            "object_match_field": _label_property(label, thing),
            "subject_preprocessing": _PREPROCESSING,
            "object_preprocessing": _PREPROCESSING,
        }
    return Mapping(
        subject_id=names.curie(entry.iri),
        subject_label=entry.label,
        subject_category=entry.kind,
        predicate_id=f"skos:{relation(own, label, words)}Match",
        object_id=names.curie(thing.iri),
        object_label=thing.label,
        object_category=thing.kind or _CONCEPT,
        mapping_justification="semapv:LexicalMatching" if equal else "semapv:CompositeMatching",
        mapping_tool=TOOL,
        confidence=f"{candidate.chance:.2f}",
        comment=" ".join(_reasons(entry, candidate, own, label, matcher))
        or _faint_reason(candidate, label),
        others={name: value for name, value in others.items() if value},
    )


def nearest(entry: Concept, thing: Concept, words: Words) -> tuple[str, str]:
    """The most similar pair of labels, the first of equally similar ones."""
    pairs = [(own, label) for own in entry.labels[:_MAX_LABELS] for label in thing.labels]

    def similarity(pair: tuple[str, str]) -> tuple[bool, float]:
        own, label = map(words.key, pair)
        return own == label != "", fuzz.token_sort_ratio(own, label)

    return max(pairs[: _MAX_LABELS**2], key=similarity)


def relation(own: str, label: str, words: Words) -> str:
    """The apparent relation of two concepts, going by their labels alone.

    Equal labels are not taken for an exact match, since their meanings can differ.
    """
    ours, theirs = set(words.key(own).split()), set(words.key(label).split())
    if ours == theirs:
        return "close"
    if ours > theirs and theirs:
        return "broad"
    return "narrow" if ours < theirs and ours else "related"


def _reasons(
    entry: Concept, candidate: Candidate, own: str, label: str, matcher: Matcher
) -> Iterator[str]:
    """Explain a candidate in plain words."""
    thing, words = candidate.thing, matcher.words
    ours = "" if own == entry.label else f" of its other label “{own}”"
    theirs = "the label" if label == thing.label else f"the other label “{label}”"
    shared = _shared(own, label, words)
    if candidate.feature("equal"):
        yield f"The label{ours} is the same as {theirs}."
    elif shared:
        spelled = {words.stem(word.casefold()) for word in shared} <= words.spelled(own).keys()
        also = "" if spelled else ", or of what it abbreviates,"
        yield f"Words{ours or ' of its label'}{also} in {theirs}: {', '.join(shared)}."
    if (meaning := candidate.feature("meaning")) >= _MEANT:
        yield f"Similar in meaning ({meaning:.2f})."
    if candidate.feature("linked") >= _MEANT:
        yield f"The similar entry “{matcher.precedent(entry, thing)}” is linked to it."
    in_definition = [
        word
        for word in _shared(f"{entry.label} {entry.definition}", thing.definition, words)
        if words.stem(word.casefold()) not in map(words.stem, map(str.casefold, shared))
    ]
    if in_definition:
        yield f"In the definition: {', '.join(in_definition[:8])}."
    for place in thing.within:
        common = _shared(f"{entry.label} {' '.join(entry.within)}", place, words)
        if common:
            yield f"It is within “{place}”: {', '.join(common)}."
            break
    around = _shared(" ".join(entry.within), f"{thing.label} {thing.definition}", words)
    if around:
        yield f"Words from its broader entries: {', '.join(around[:8])}."
    if len(thing.users) >= _MANY_OCCUPATIONS:
        yield f"{len(thing.users):,} occupations require it."
    if candidate.feature("kind") < 1 and thing.kind and entry.kind:
        yield f"But its kind is {thing.kind}."


def _faint_reason(candidate: Candidate, label: str) -> str:
    if candidate.feature("letters"):
        return f"Its label has groups of letters of “{label}”, and no whole word."
    return f"Only faintly similar in meaning ({candidate.feature('meaning'):.2f})."


def _shared(own: str, other: str, words: Words) -> list[str]:
    """The words that two texts share, as spelled in the second, in its order."""
    ours = set(words(own))
    spelled = {stem: word for stem, word in words.spelled(other).items() if stem in ours}
    kept = set(words(other))
    return [word.casefold() if not word.isupper() else word for stem, word in spelled.items()
            if stem in kept]  # fmt: skip


def _label_property(label: str, thing: Concept) -> str:
    return "skos:prefLabel" if label == thing.label else "skos:altLabel"

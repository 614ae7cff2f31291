"""What is compared: the entries of a dictionary and the things of a framework, as texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from competency_graph.errors import UnreadableInputError
from competency_graph.mappings import frameworks
from competency_graph.rdf.parsing import format_of, opened
from competency_graph.rdf.stream_parsing import stream
from competency_graph.rdf.vocabulary import CG, KINDS, ONET, PREFIXES

Progress = Callable[[str, int], None]
"""Is told what is being done, and how many statements or entries it has come to."""
CLASSES: Final = {str(iri): prefix for prefix, iri in KINDS.items()}
"""The kinds of a dictionary's entries, by their classes."""
_FRAMEWORKS: Final = tuple(each.namespace for each in frameworks.FRAMEWORKS.values())
"""Where things of the known frameworks are, beside those that mappings can lead to."""
_TYPE, _CONCEPT, _SCHEME = str(RDF.type), str(SKOS.Concept), str(SKOS.ConceptScheme)
_PREFERRED, _NAME = str(SKOS.prefLabel), str(RDFS.label)
_OTHER = frozenset((str(SKOS.altLabel), str(SKOS.hiddenLabel)))
_DEFINING = (str(SKOS.definition), str(DCTERMS.description), str(SKOS.scopeNote), str(SKOS.example))
_BROADER, _NARROWER = str(SKOS.broader), str(SKOS.narrower)
_DEPRECATED, _VERSION = str(OWL.deprecated), str(OWL.versionInfo)
_IN_SCHEME = str(SKOS.inScheme)
_NOTE_TEXT = PREFIXES["esco"] + "nodeLiteral"
_SKILL_TYPE = PREFIXES["esco"] + "skillType"
_CALLING = frozenset(
    (*(PREFIXES["esco"] + f"related{need}Skill" for need in ("Essential", "Optional")),
     ONET + "callsFor")
)  # fmt: skip
_CALLED = frozenset(PREFIXES["esco"] + f"is{need}SkillFor" for need in ("Essential", "Optional"))
_ISCO = PREFIXES["esco"] + "memberOfISCOGroup"
_PLACES: Final = frozenset(
    str(term) for term in (CG.Role, CG.AreaOfExpertise, CG.CompetencyCluster, CG.Competency)
)
"""The classes of entries that others are in."""
_BLANK: Final = "_:"
_MOST_ABOVE: Final = 20
"""Broader things of one level that are looked at."""
_STEP: Final = 50_000


@dataclass(frozen=True)
class Concept:
    """An entry of a dictionary, or a thing of a framework.

    Args:
        iri: its IRI.
        label: its label.
        others: its other labels.
        definition: what it is.
        kind: an entry's class, as ``cg:Knowledge``; what mappings call a thing of a framework in
            ``object_category``; "" where it is not known.
        within: the labels of what it is in: what is broader, or the areas that it is of.
        users: the IRIs of the occupations that call for it.
        source: the IRI of the framework or scheme that it is of; "" where that is not known.
        version: the version of that, as its file tells it.
        language: the language of its label, as BCP 47 tag; "" where that is not told.
    """

    iri: str
    label: str
    others: tuple[str, ...] = ()
    definition: str = ""
    kind: str = ""
    within: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    source: str = ""
    version: str = ""
    language: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """All its labels, each once."""
        return tuple(dict.fromkeys((self.label, *self.others)))


@dataclass
class _Raw:
    """What files say of one thing."""

    types: set[str] = field(default_factory=set)
    labels: list[ox.Literal] = field(default_factory=list)
    others: list[ox.Literal] = field(default_factory=list)
    texts: list[tuple[str, ox.Literal]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    broader: dict[str, None] = field(default_factory=dict)
    near: dict[str, None] = field(default_factory=dict)
    users: dict[str, None] = field(default_factory=dict)
    skill_type: str = ""
    scheme: str = ""
    version: str = ""
    deprecated: bool = False


def entries(
    paths: Iterable[Path], base: Iterable[Path], language: str,
    progress: Progress = lambda doing, number: None,
) -> list[Concept]:  # fmt: skip
    """The entries that files describe, in the order of their IRIs.

    Those of a dictionary are of the classes of `vocabulary.KINDS`; where there is none of them, all
    concepts of SKOS are taken.

    Args:
        paths: RDF files.
        base: the files of what they extend, which names the areas that their entries are in.
        language: the language of the texts to take.
        progress: is told now and then how far it is.

    Raises:
        UnreadableInputError: a file cannot be read, or none describes an entry with a label.
    """
    own = list(paths)
    described = _read(own, progress)
    around = described
    if base:
        around = _read([*base, *own], progress)
    chosen = {iri: raw for iri, raw in described.items() if raw.types & CLASSES.keys()} or {
        iri: raw for iri, raw in described.items() if _CONCEPT in raw.types
    }
    found = []
    for iri in sorted(chosen):
        raw = chosen[iri]
        kinds = sorted(CLASSES.keys() & raw.types)
        kind = "cg:" + kinds[0].removeprefix(str(CG)) if kinds else ""
        places = (*raw.broader, *sorted(_places(iri, around)))
        within = (_label(around[place], language) for place in places if place in around)
        thing = _thing(iri, raw, kind, within, language)
        if thing and not raw.deprecated:
            found.append(thing)
    return _some(found, own, "no entry with a label", "Give each entry a class and skos:prefLabel")


def target(
    paths: Iterable[Path], language: str, progress: Progress = lambda doing, number: None
) -> list[Concept]:
    """The things of frameworks that files describe, in the order of their IRIs.

    Args:
        paths: RDF files of ESCO, of O*NET or of any concept scheme of SKOS.
        language: the language of the texts to take.
        progress: is told now and then how far it is.

    Raises:
        UnreadableInputError: a file cannot be read, or none describes a concept with a label.
    """
    own = list(paths)
    described = _read(own, progress)
    found = []
    for iri in sorted(described):
        raw = described[iri]
        if _CONCEPT not in raw.types or raw.deprecated or _SCHEME in raw.types:
            continue
        kind = _kind(iri, raw)
        if kind is None:
            continue
        above = (_label(described[b], language) for b in _above(iri, described))
        framework = frameworks.framework_of(iri)
        source = framework.graph if framework else raw.scheme
        version = described[source].version if source in described else ""
        thing = _thing(iri, raw, kind, above, language, source, version)
        if thing:
            found.append(thing)
    return _some(
        found,
        own,
        "no concept with a label",
        "Name RDF of ESCO, O*NET or another scheme of SKOS; “competency import” makes it from "
        "ESCO's and O*NET's downloads",
    )


def _some(found: list[Concept], paths: Iterable[Path], what: str, remedy: str) -> list[Concept]:
    if not found:
        raise UnreadableInputError(f"there is {what} here", remedy, ", ".join(map(str, paths)))
    return found


def _read(paths: Iterable[Path], progress: Progress) -> dict[str, _Raw]:
    """What the files say, by subject."""
    found: dict[str, _Raw] = defaultdict(_Raw)
    notes: dict[str, list[ox.Literal]] = defaultdict(list)
    number = 0
    for path in paths:
        for quad in _quads(path):
            if number % _STEP == 0:
                progress(f"reading {path.name}", number)
            number += 1
            _take(quad, found, notes)
    for raw in found.values():
        raw.texts += [(_DEFINING[1], text) for note in raw.notes for text in notes.get(note, ())]
    return dict(found)


def _quads(path: Path) -> Iterator[ox.Quad]:
    form = format_of(path)
    with opened(path) as file:
        yield from stream(file, form, str(path))


def _take(quad: ox.Quad, found: dict[str, _Raw], notes: dict[str, list[ox.Literal]]) -> None:
    subject, predicate, value = quad.subject, quad.predicate.value, quad.object
    if not isinstance(subject, ox.NamedNode | ox.BlankNode):
        return
    name = _name(subject)
    if isinstance(value, ox.Literal):
        if predicate in (_PREFERRED, _NAME):
            raw = found[name]
            # A preferred label comes before a name.
            raw.labels.insert(0 if predicate == _PREFERRED else len(raw.labels), value)
        elif predicate in _OTHER:
            found[name].others.append(value)
        elif predicate in _DEFINING:
            found[name].texts.append((predicate, value))
        elif predicate == _NOTE_TEXT:
            notes[name].append(value)
        elif predicate == _DEPRECATED:
            found[name].deprecated = value.value in ("true", "1")
        elif predicate == _VERSION:
            found[name].version = found[name].version or value.value
    elif isinstance(value, ox.NamedNode | ox.BlankNode):
        other = _name(value)
        if predicate == _TYPE:
            found[name].types.add(other)
        elif predicate in (_BROADER, _ISCO):
            found[name].broader[other] = None
        elif predicate == _NARROWER:
            found[other].broader[name] = None
        elif predicate in _CALLING:
            found[other].users[name] = None
        elif predicate in _CALLED:
            found[name].users[other] = None
        elif predicate == _SKILL_TYPE:
            found[name].skill_type = other
        elif predicate == _IN_SCHEME and isinstance(value, ox.NamedNode):
            found[name].scheme = found[name].scheme or other
        elif predicate in _DEFINING:
            found[name].notes.append(other)
        elif predicate.startswith(str(CG)):
            found[name].near[other] = None
            found[other].near[name] = None


def _name(node: ox.NamedNode | ox.BlankNode) -> str:
    return node.value if isinstance(node, ox.NamedNode) else f"{_BLANK}{node.value}"


def _places(iri: str, around: dict[str, _Raw]) -> list[str]:
    """The areas, roles and clusters beside an entry."""
    raw = around.get(iri)
    return [
        near
        for near in (raw.near if raw else ())
        if near in around and around[near].types & _PLACES
    ]


def _above(iri: str, described: dict[str, _Raw]) -> list[str]:
    """What is broader, and what is broader than that, nearest first."""
    found: dict[str, None] = {}
    level = [iri]
    for _ in range(2):
        level = [b for each in level for b in described[each].broader if b in described]
        del level[_MOST_ABOVE:]
        found |= dict.fromkeys(each for each in level if each != iri)
    return list(found)


def _kind(iri: str, raw: _Raw) -> str | None:
    """What mappings call its kind; None for what nothing is mapped to."""
    kinds = frameworks.kinds_of(iri)
    if not kinds:
        # Parts of a framework that are no thing of it; of other schemes, all are things.
        return None if iri.startswith(_FRAMEWORKS) else ""
    for kind in kinds:
        prefix, _, local = kind.type.partition(":")
        if PREFIXES[prefix] + local not in raw.types:
            continue
        if raw.skill_type and kind.name in ("skill/competence", "knowledge"):
            ending = "knowledge" if kind.name == "knowledge" else "skill"
            if not raw.skill_type.endswith(f"/{ending}"):
                continue
        return kind.name
    return kinds[0].name


def _thing(
    iri: str, raw: _Raw, kind: str, within: Iterable[str], language: str, source: str = "",
    version: str = "",
) -> Concept | None:  # fmt: skip
    label = _label(raw, language)
    if not label or iri.startswith(_BLANK):
        return None
    tag = next(each.language or "" for each in raw.labels if _spaced(each.value) == label)
    texts = dict.fromkeys(_DEFINING, "")
    for predicate in _DEFINING:
        texts[predicate] = " ".join(_of([t for p, t in raw.texts if p == predicate], language))
    definition = " ".join(filter(None, texts.values()))
    others = tuple(dict.fromkeys(_of(raw.others, language)))
    return Concept(
        iri, label, tuple(o for o in others if o != label), _spaced(definition), kind,
        tuple(dict.fromkeys(filter(None, within))), tuple(raw.users), source, version,
        tag,
    )  # fmt: skip


def _label(raw: _Raw, language: str) -> str:
    return next(iter(_of(raw.labels, language)), "")


def without_label(things: Sequence[Concept], language: str) -> str:
    """The languages of some things' labels, where none is in the one that is wanted; else ""."""
    tags = {thing.language for thing in things}
    if any(_matches(tag, language) for tag in tags):
        return ""
    return ", ".join(sorted(tags - {""})) or "no language"


def _of(texts: list[ox.Literal], language: str) -> list[str]:
    """Those in a language; else those in none; else all."""
    ours = [t.value for t in texts if _matches(t.language or "", language)]
    ours = ours or [t.value for t in texts if not t.language] or [t.value for t in texts]
    return [_spaced(text) for text in ours]


def _matches(tag: str, language: str) -> bool:
    wanted = language.lower()
    return tag.lower() == wanted or tag.lower().startswith(f"{wanted}-")


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()

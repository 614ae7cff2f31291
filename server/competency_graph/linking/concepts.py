"""The texts to compare: entries of a dictionary, and concepts of a framework."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
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
"""Called with the current activity, and the number of statements or entries processed."""
CLASSES: Final = {str(iri): prefix for prefix, iri in KINDS.items()}
"""The classes of entries, with their kinds."""
_FRAMEWORK_NAMESPACES: Final = tuple(each.namespace for each in frameworks.FRAMEWORKS.values())
"""The namespaces of the known frameworks, including parts that cannot be mapped to."""
_TYPE, _CONCEPT, _SCHEME = str(RDF.type), str(SKOS.Concept), str(SKOS.ConceptScheme)
_PREF_LABEL, _RDFS_LABEL = str(SKOS.prefLabel), str(RDFS.label)
_OTHER_LABELS = frozenset((str(SKOS.altLabel), str(SKOS.hiddenLabel)))
_DEFINITION_PROPERTIES = (
    str(SKOS.definition),
    str(DCTERMS.description),
    str(SKOS.scopeNote),
    str(SKOS.example),
)
_BROADER, _NARROWER = str(SKOS.broader), str(SKOS.narrower)
_DEPRECATED, _VERSION = str(OWL.deprecated), str(OWL.versionInfo)
_IN_SCHEME = str(SKOS.inScheme)
_NOTATION = str(SKOS.notation)
_REPLACED_BY, _REPLACES = str(DCTERMS.isReplacedBy), str(DCTERMS.replaces)
_STATUS = PREFIXES["iso-thes"] + "status"
_OBSOLETE = frozenset(("obsolete", "deprecated"))
"""The values of ``iso-thes:status`` for concepts that are deprecated."""
_NOTE_TEXT = PREFIXES["esco"] + "nodeLiteral"
_SKILL_TYPE = PREFIXES["esco"] + "skillType"
_SKILL_RELATIONS = frozenset(
    (*(PREFIXES["esco"] + f"related{need}Skill" for need in ("Essential", "Optional")),
     ONET + "callsFor", ONET + "hasTask")
)  # fmt: skip
_INVERSE_SKILL_RELATIONS = frozenset(
    PREFIXES["esco"] + f"is{need}SkillFor" for need in ("Essential", "Optional")
)
_TASK: Final = ONET + "Task"
_ISCO = PREFIXES["esco"] + "memberOfISCOGroup"
_CONTAINER_CLASSES: Final = frozenset(
    str(term) for term in (CG.Role, CG.AreaOfExpertise, CG.CompetencyCluster, CG.Competency)
)
"""The classes of entries that contain others."""
_BLANK_PREFIX: Final = "_:"
_MAX_BROADER: Final = 20
"""The maximum number of broader concepts considered per level."""
_PROGRESS_INTERVAL: Final = 50_000


@dataclass(frozen=True)
class Concept:
    """An entry of a dictionary, or a concept of a framework.

    Args:
        iri: its IRI.
        label: its label.
        others: its other labels.
        definition: its definition.
        kind: an entry's class, such as ``cg:Knowledge``; for a concept of a framework, its
            ``object_category`` in mappings; "" if unknown.
        within: the labels of its broader concepts, or of the areas that it belongs to.
        users: the IRIs of the occupations that require it.
        source: the IRI of its framework or scheme; "" if unknown.
        version: the version of that, as stated in its file.
        language: the language of its label, as BCP 47 tag; "" if unknown.
        broader: the IRIs of the next broader concepts.
        code: its code in its framework; "" if it has none.
        deprecated: whether its framework advises against its use.
        successors: the IRIs of the concepts that replace it.
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
    broader: tuple[str, ...] = ()
    code: str = ""
    deprecated: bool = False
    successors: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """All its labels, without duplicates."""
        return tuple(dict.fromkeys((self.label, *self.others)))


@dataclass
class _Description:
    """The statements of files about one entry or concept."""

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
    code: str = ""
    deprecated: bool = False
    successors: dict[str, None] = field(default_factory=dict)


def entries(
    paths: Iterable[Path], base: Iterable[Path], language: str,
    progress: Progress = lambda doing, number: None,
) -> list[Concept]:  # fmt: skip
    """Read the entries that files describe, in the order of their IRIs.

    They are instances of the classes in `vocabulary.KINDS`; if there are none, all SKOS concepts
    are taken.

    Args:
        paths: RDF files.
        base: the files of their base, which describes the areas that entries belong to.
        language: the language of the texts.
        progress: is called with the progress.

    Raises:
        UnreadableInputError: a file cannot be read, or none describes an entry with a label.
    """
    own = list(paths)
    described = _read_descriptions(own, progress)
    around = _read_descriptions([*base, *own], progress) if base else described
    return _require_any(
        _entries(described, around, language),
        own,
        "no entry with a label",
        "Give each entry a class and skos:prefLabel",
    )


def entries_of(quads: Iterable[ox.Quad], language: str) -> list[Concept]:
    """The entries that statements describe; as `entries`, but they may be none."""
    described = _described(quads)
    return _entries(described, described, language)


def _entries(
    described: dict[str, _Description], around: dict[str, _Description], language: str
) -> list[Concept]:
    chosen = {iri: raw for iri, raw in described.items() if raw.types & CLASSES.keys()} or {
        iri: raw for iri, raw in described.items() if _CONCEPT in raw.types
    }
    found = []
    for iri in sorted(chosen):
        raw = chosen[iri]
        kinds = sorted(CLASSES.keys() & raw.types)
        kind = "cg:" + kinds[0].removeprefix(str(CG)) if kinds else ""
        places = (*raw.broader, *sorted(_containers(iri, around)))
        within = (_label(around[place], language) for place in places if place in around)
        thing = _to_concept(iri, raw, kind, within, language)
        if thing and not raw.deprecated:
            found.append(thing)
    return found


def target(
    paths: Iterable[Path], language: str, progress: Progress = lambda doing, number: None,
    deprecated: bool = False, tasks: bool = False,
) -> list[Concept]:  # fmt: skip
    """Read the concepts of frameworks that files describe, in the order of their IRIs.

    A task of O*NET is a sentence about one occupation. Its label is as links name it, such as “Task
    9700 of Sales Engineers”, and the sentence is its definition.

    Args:
        paths: RDF files of ESCO, of O*NET or of any SKOS concept scheme.
        language: the language of the texts.
        progress: is called with the progress.
        deprecated: whether to include deprecated concepts.
        tasks: whether to include O*NET's tasks.

    Raises:
        UnreadableInputError: a file cannot be read, or none describes a concept with a label.
    """
    own = list(paths)
    return _require_any(
        _targets(_read_descriptions(own, progress), language, deprecated, tasks),
        own,
        "no concept with a label",
        "Name RDF of ESCO, O*NET or another scheme of SKOS; “competency import” makes it from "
        "ESCO's and O*NET's downloads",
    )


def target_of(quads: Iterable[ox.Quad], language: str) -> list[Concept]:
    """The concepts of frameworks that statements describe; as `target`, but they may be none."""
    return _targets(_described(quads), language)


def _targets(
    described: dict[str, _Description], language: str, deprecated: bool = False,
    tasks: bool = False,
) -> list[Concept]:  # fmt: skip
    found = []
    for iri in sorted(described):
        raw = described[iri]
        is_task = tasks and _TASK in raw.types
        if not (_CONCEPT in raw.types or is_task) or _SCHEME in raw.types:
            continue
        if raw.deprecated and not deprecated:
            continue
        kind = _kind_of(iri, raw, is_task)
        if kind is None:
            continue
        above = (_label(described[b], language) for b in _broader_concepts(iri, described))
        framework = frameworks.framework_of(iri)
        source = framework.graph if framework else raw.scheme
        version = described[source].version if source in described else ""
        thing = _to_concept(iri, raw, kind, above, language, source, version)
        if thing and is_task:
            thing = _numbered(thing, (_label(described[u], language) for u in sorted(raw.users)))
        if thing:
            found.append(thing)
    return found


def _numbered(task: Concept, occupations: Iterable[str]) -> Concept:
    """A task with the label that links give it, its sentence as definition."""
    within = tuple(occupations)
    label = " of ".join((f"Task {task.code}", *within[:1]))
    return replace(task, label=label, definition=task.label, within=within)


def _require_any(
    found: list[Concept], paths: Iterable[Path], what: str, remedy: str
) -> list[Concept]:
    if not found:
        raise UnreadableInputError(
            f"there is {what} in these files", remedy, ", ".join(map(str, paths))
        )
    return found


def _read_descriptions(paths: Iterable[Path], progress: Progress) -> dict[str, _Description]:
    """Read the descriptions in files, by subject."""

    def quads() -> Iterator[ox.Quad]:
        number = 0
        for path in paths:
            for quad in _stream_quads(path):
                if number % _PROGRESS_INTERVAL == 0:
                    progress(f"reading {path.name}", number)
                number += 1
                yield quad

    return _described(quads())


def _described(quads: Iterable[ox.Quad]) -> dict[str, _Description]:
    """The descriptions in statements, by subject."""
    found: dict[str, _Description] = defaultdict(_Description)
    notes: dict[str, list[ox.Literal]] = defaultdict(list)
    for quad in quads:
        _collect(quad, found, notes)
    for raw in found.values():
        raw.texts += [
            (_DEFINITION_PROPERTIES[1], text) for note in raw.notes for text in notes.get(note, ())
        ]
    return dict(found)


def _stream_quads(path: Path) -> Iterator[ox.Quad]:
    form = format_of(path)
    with opened(path) as file:
        yield from stream(file, form, str(path))


def _collect(
    quad: ox.Quad, found: dict[str, _Description], notes: dict[str, list[ox.Literal]]
) -> None:
    subject, predicate, value = quad.subject, quad.predicate.value, quad.object
    if not isinstance(subject, ox.NamedNode | ox.BlankNode):
        return
    name = _node_name(subject)
    if isinstance(value, ox.Literal):
        if predicate in (_PREF_LABEL, _RDFS_LABEL):
            raw = found[name]
            # A preferred label comes before a name.
            raw.labels.insert(0 if predicate == _PREF_LABEL else len(raw.labels), value)
        elif predicate in _OTHER_LABELS:
            found[name].others.append(value)
        elif predicate in _DEFINITION_PROPERTIES:
            found[name].texts.append((predicate, value))
        elif predicate == _NOTE_TEXT:
            notes[name].append(value)
        elif predicate == _DEPRECATED:
            found[name].deprecated = value.value in ("true", "1")
        elif predicate == _STATUS:
            found[name].deprecated |= value.value.casefold() in _OBSOLETE
        elif predicate == _NOTATION:
            found[name].code = found[name].code or value.value
        elif predicate == _VERSION:
            found[name].version = found[name].version or value.value
    elif isinstance(value, ox.NamedNode | ox.BlankNode):
        other = _node_name(value)
        if predicate == _TYPE:
            found[name].types.add(other)
        elif predicate in (_BROADER, _ISCO):
            found[name].broader[other] = None
        elif predicate == _NARROWER:
            found[other].broader[name] = None
        elif predicate == _REPLACED_BY:
            found[name].successors[other] = None
        elif predicate == _REPLACES:
            found[other].successors[name] = None
        elif predicate in _SKILL_RELATIONS:
            found[other].users[name] = None
        elif predicate in _INVERSE_SKILL_RELATIONS:
            found[name].users[other] = None
        elif predicate == _SKILL_TYPE:
            found[name].skill_type = other
        elif predicate == _IN_SCHEME and isinstance(value, ox.NamedNode):
            found[name].scheme = found[name].scheme or other
        elif predicate in _DEFINITION_PROPERTIES:
            found[name].notes.append(other)
        elif predicate.startswith(str(CG)):
            found[name].near[other] = None
            found[other].near[name] = None


def _node_name(node: ox.NamedNode | ox.BlankNode) -> str:
    return node.value if isinstance(node, ox.NamedNode) else f"{_BLANK_PREFIX}{node.value}"


def _containers(iri: str, around: dict[str, _Description]) -> list[str]:
    """The areas, roles and clusters that an entry is directly linked to."""
    raw = around.get(iri)
    return [
        near
        for near in (raw.near if raw else ())
        if near in around and around[near].types & _CONTAINER_CLASSES
    ]


def _broader_concepts(iri: str, described: dict[str, _Description]) -> list[str]:
    """The broader concepts on the two next levels, nearest first."""
    found: dict[str, None] = {}
    level = [iri]
    for _ in range(2):
        level = [b for each in level for b in described[each].broader if b in described]
        del level[_MAX_BROADER:]
        found |= dict.fromkeys(each for each in level if each != iri)
    return list(found)


def _kind_of(iri: str, raw: _Description, is_task: bool) -> str | None:
    """The kind that mappings use for a concept; None if it is not mapped to."""
    kinds = frameworks.kinds_of(iri)
    if not kinds:
        # Only concepts of the known frameworks need a kind; those of other schemes have none.
        return None if iri.startswith(_FRAMEWORK_NAMESPACES) else ""
    for kind in kinds:
        if not kind.named and not is_task:
            return None
        prefix, _, local = kind.type.partition(":")
        if PREFIXES[prefix] + local not in raw.types:
            continue
        if raw.skill_type and kind.name in ("skill/competence", "knowledge"):
            ending = "knowledge" if kind.name == "knowledge" else "skill"
            if not raw.skill_type.endswith(f"/{ending}"):
                continue
        return kind.name
    return kinds[0].name


def _to_concept(
    iri: str, raw: _Description, kind: str, within: Iterable[str], language: str, source: str = "",
    version: str = "",
) -> Concept | None:  # fmt: skip
    label = _label(raw, language)
    if not label or iri.startswith(_BLANK_PREFIX):
        return None
    tag = next(each.language or "" for each in raw.labels if _collapse_spaces(each.value) == label)
    texts = dict.fromkeys(_DEFINITION_PROPERTIES, "")
    for predicate in _DEFINITION_PROPERTIES:
        texts[predicate] = " ".join(
            _in_language([t for p, t in raw.texts if p == predicate], language)
        )
    definition = " ".join(filter(None, texts.values()))
    others = tuple(dict.fromkeys(_in_language(raw.others, language)))
    return Concept(
        iri, label, tuple(o for o in others if o != label), _collapse_spaces(definition), kind,
        tuple(dict.fromkeys(filter(None, within))), tuple(raw.users), source, version,
        tag, tuple(raw.broader), raw.code, raw.deprecated, tuple(raw.successors),
    )  # fmt: skip


def _label(raw: _Description, language: str) -> str:
    return next(iter(_in_language(raw.labels, language)), "")


def without_label(things: Sequence[Concept], language: str) -> str:
    """The languages of the labels, if none is in the given language; else ""."""
    tags = {thing.language for thing in things}
    if any(_matches_language(tag, language) for tag in tags):
        return ""
    return ", ".join(sorted(tags - {""})) or "no language"


def _in_language(texts: list[ox.Literal], language: str) -> list[str]:
    """The texts in a language, else those without language, else all."""
    ours = [t.value for t in texts if _matches_language(t.language or "", language)]
    ours = ours or [t.value for t in texts if not t.language] or [t.value for t in texts]
    return [_collapse_spaces(text) for text in ours]


def _matches_language(tag: str, language: str) -> bool:
    wanted = language.lower()
    return tag.lower() == wanted or tag.lower().startswith(f"{wanted}-")


def _collapse_spaces(text: str) -> str:
    return " ".join(text.split())

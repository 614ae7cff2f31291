"""CSV files in the layout of ESCO's download, in a ZIP archive.

Roles and titles are occupations, with titles below their roles. Areas and clusters are skill
groups; competencies and abilities have the type skill/competence, knowledge the type knowledge. The
essential skills of an occupation are those that its areas require. Key actions and outputs are left
out, as the layout cannot express them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from competency_graph.exporting.archives import archive
from competency_graph.exporting.outline import Entry, Outline

_TYPES: Final = {
    "competency": "skill/competence", "ability": "skill/competence", "knowledge": "knowledge",
}  # fmt: skip
_CONCEPT_TYPES: Final = {
    "role": "Occupation", "title": "Occupation", "area": "SkillGroup", "cluster": "SkillGroup",
    **dict.fromkeys(_TYPES, "KnowledgeSkillCompetence"),
}  # fmt: skip
_OCCUPATIONS: Final = (
    "conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "hiddenLabels",
    "status", "modifiedDate", "regulatedProfessionNote", "scopeNote", "definition", "inScheme",
    "description", "code",
)  # fmt: skip
_SKILLS: Final = (
    "conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels",
    "hiddenLabels", "status", "modifiedDate", "scopeNote", "definition", "inScheme", "description",
)  # fmt: skip
_GROUPS: Final = (
    "conceptType", "conceptUri", "preferredLabel", "altLabels", "hiddenLabels", "status",
    "modifiedDate", "scopeNote", "inScheme", "description", "code",
)  # fmt: skip
_BROADER: Final = ("conceptType", "conceptUri", "broaderType", "broaderUri")
_RELATIONS: Final = ("occupationUri", "relationType", "skillType", "skillUri")
_CONCEPT_FILES: Final[dict[str, tuple[Sequence[str], Sequence[str]]]] = {
    "occupations": (_OCCUPATIONS, ("role", "title")),
    "skills": (_SKILLS, tuple(_TYPES)),
    "skillGroups": (_GROUPS, ("area", "cluster")),
}


def write(outline: Outline) -> bytes:
    """Serialize the archive: concepts for each language, and relations, which have no language."""
    tables: dict[str, tuple[Sequence[str], Iterable[Mapping[str, str]]]] = {}
    languages = sorted({tag for entry in outline.entries for tag in entry.label} or {"en"})
    for language in languages:
        for name, (head, kinds) in _CONCEPT_FILES.items():
            chosen = [e for e in outline.entries if e.kind in kinds and language in e.label]
            described = [_concept_row(outline, entry, language) for entry in chosen]
            tables[f"{name}_{language or 'und'}.csv"] = head, described
    tables["broaderRelationsOccPillar.csv"] = _BROADER, _broader_rows(outline, ("role", "title"))
    tables["broaderRelationsSkillPillar.csv"] = (
        _BROADER,
        _broader_rows(outline, ("area", "cluster", *_TYPES)),
    )
    tables["occupationSkillRelations.csv"] = _RELATIONS, _skill_relation_rows(outline)
    return archive({file: _table(*table) for file, table in tables.items()})


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def _concept_row(outline: Outline, entry: Entry, language: str) -> dict[str, str]:
    return {
        "conceptType": _CONCEPT_TYPES[entry.kind],
        "conceptUri": entry.iri,
        "skillType": _TYPES.get(entry.kind, ""),
        "reuseLevel": "",
        "preferredLabel": entry.label[language],
        "altLabels": "\n".join(text for text, tag in entry.alt_labels if tag == language),
        "status": "obsolete" if entry.deprecated else "released",
        "modifiedDate": outline.facts.get("modified", ""),
        "inScheme": outline.iri,
        "description": entry.definition.get(language, ""),
        "code": entry.notation,
    }


def _broader_rows(outline: Outline, kinds: Sequence[str]) -> Iterator[dict[str, str]]:
    for entry in outline.entries:
        for above in outline.parents[entry.iri] if entry.kind in kinds else ():
            if above in outline.by_iri:
                yield {
                    "conceptType": _CONCEPT_TYPES[entry.kind],
                    "conceptUri": entry.iri,
                    "broaderType": _CONCEPT_TYPES[outline.by_iri[above].kind],
                    "broaderUri": above,
                }


def _skill_relation_rows(outline: Outline) -> Iterator[dict[str, str]]:
    for role in outline.entries:
        needed: dict[str, Entry] = {}
        for area in outline.targets(role.iri, "coversArea"):
            for name in ("requiresKnowledge", "requiresAbility"):
                needed |= {entry.iri: entry for entry in outline.targets(area.iri, name)}
        for entry in needed.values():
            yield {
                "occupationUri": role.iri,
                "relationType": "essential",
                "skillType": _TYPES[entry.kind],
                "skillUri": entry.iri,
            }

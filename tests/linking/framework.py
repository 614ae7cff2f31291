"""A made-up framework in ESCO's form, and a dictionary to link to it."""

from __future__ import annotations

import re

SKILL = "http://data.europa.eu/esco/skill/00000000-0000-0000-0000-0000000000"
JOB = "http://data.europa.eu/esco/occupation/00000000-0000-0000-0000-0000000000"
TARGET = f"""\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX esco: <http://data.europa.eu/esco/model#>
PREFIX type: <http://data.europa.eu/esco/skill-type/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

<{SKILL}01> a skos:Concept, esco:Skill ; esco:skillType type:skill ;
  skos:prefLabel "negotiate contract"@en, "Verträge aushandeln"@de ;
  dcterms:description "Reach terms that two parties sign."@en ; skos:broader <{SKILL}10> .
<{SKILL}02> a skos:Concept, esco:Skill ; esco:skillType type:skill ;
  skos:prefLabel "operate lathe"@en ; skos:altLabel "turn metal parts"@en, "lathe operating"@en .
<{SKILL}03> a skos:Concept, esco:Skill ; esco:skillType type:knowledge ;
  skos:prefLabel "customer relationship management (CRM)"@en .
<{SKILL}04> a skos:Concept, esco:Skill ; esco:skillType type:knowledge ;
  skos:prefLabel "mineralogy"@en ;
  dcterms:description "The science of gemstones and crystals."@en .
<{SKILL}05> a skos:Concept, esco:Skill ; esco:skillType type:skill ;
  skos:prefLabel "bookkeeping"@en .
<{SKILL}06> a skos:Concept, esco:Skill ; esco:skillType type:knowledge ;
  skos:prefLabel "bookkeeping"@en .
<{SKILL}07> a skos:Concept, esco:Skill ; esco:skillType type:skill ; owl:deprecated true ;
  skos:prefLabel "negotiate contracts with care"@en .
<{SKILL}08> a skos:Concept, esco:Skill ; esco:skillType type:skill ;
  skos:prefLabel "forecast"@en .
<{SKILL}10> a skos:Concept ; skos:prefLabel "negotiating"@en .
<{JOB}20> a skos:Concept, esco:Occupation ; skos:prefLabel "contract negotiator"@en ;
  esco:relatedEssentialSkill <{SKILL}01> .
<{JOB}21> a skos:Concept, esco:Occupation ; skos:prefLabel "lathe operator"@en .
<http://data.europa.eu/esco/concept-scheme/skills> a skos:ConceptScheme ;
  skos:prefLabel "negotiate contract"@en .
"""
HEAD = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX acme: <https://example.org/acme/>
PREFIX mine: <https://example.org/acme/entry/>
"""


def entry(name: str, kind: str, label: str, more: str = "") -> str:
    """An entry of the dictionary of Acme."""
    return f'mine:{name} a cg:{kind} ; skos:prefLabel "{label}"@en {more}.\n'


def dictionary(*entries: str) -> str:
    return HEAD + "".join(entries)


def short(iri: str) -> str:
    """The two digits that a thing of the framework ends in."""
    match = re.search(r"\d\d$", iri)
    assert match is not None
    return match[0]

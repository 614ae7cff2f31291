"""JSON-LD contexts that files refer to by address. None is fetched: the known ones are here.

They define the terms that imports read, which are a part of the terms of the published contexts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from competency_graph.rdf.vocabulary import PREFIXES

_LINKS: Final = (
    "hasTopChild", "isTopChildOf", "hasChild", "isChildOf", "isPartOf", "license", "creator",
    "exactAlignment", "majorAlignment", "broadAlignment", "narrowAlignment", "minorAlignment",
    "knowledgeEmbodied", "abilityEmbodied", "skillEmbodied", "alignTo", "alignFrom", "source",
    "publisher", "publicationStatusType", "isVersionOf", "derivedFrom", "prerequisiteAlignment",
)  # fmt: skip
_TEXTS: Final = (
    "name", "description", "publisherName", "competencyLabel", "competencyText",
    "competencyCategory", "comment", "conceptKeyword", "alternateName",
)  # fmt: skip
_CTDL: Final[Mapping[str, object]] = {
    **{name: PREFIXES[name] for name in ("ceasn", "ceterms", "skos", "schema", "xsd", "dcterms")},
    "meta": "https://credreg.net/meta/terms/",
    "navy": "https://purl.org/ctdl/navy/",
    "qdata": "https://credreg.net/qdata/terms/",
    "publicationStatus": "http://purl.org/ASN/vocab/publicationStatus/",
    "rdf": PREFIXES["rdf"],
    "rdfs": PREFIXES["rdfs"],
    **{f"ceasn:{name}": {"@type": "@id"} for name in _LINKS},
    **{f"{space}:{name}": {"@container": "@language"}
       for space in ("ceasn", "ceterms") for name in _TEXTS},
    **{f"skos:{name}": {"@container": "@language"}
       for name in ("prefLabel", "altLabel", "hiddenLabel", "definition", "note", "scopeNote")},
    **{f"skos:{name}": {"@type": "@id"}
       for name in ("broader", "narrower", "related", "inScheme", "topConceptOf", "hasTopConcept",
                    "exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")},
}  # fmt: skip
_SCHEMA: Final[Mapping[str, object]] = {
    "@vocab": "https://schema.org/",
    "type": "@type",
    "id": "@id",
    "schema": "https://schema.org/",
    **{name: {"@type": "@id"} for name in ("sameAs", "url", "inDefinedTermSet", "inCodeSet",
                                           "hasDefinedTerm", "hasCategoryCode", "license")},
}  # fmt: skip
_KNOWN: Final = (
    (re.compile(r"https?://(?:www\.)?credreg\.net/(?:ctdl|ctdlasn|qdata)/schema/context/json"),
     _CTDL),
    (re.compile(r"https?://(?:www\.)?schema\.org(?:/docs/jsonldcontext\.jsonl?d?)?/?"), _SCHEMA),
)  # fmt: skip
CTDL: Final = "https://credreg.net/ctdlasn/schema/context/json"
SCHEMA: Final = "https://schema.org/"
KNOWN_NAMES: Final = "those of CTDL, CTDL-ASN and schema.org"


def context_at(address: str) -> Mapping[str, object] | None:
    """The context with an address, whatever its version; None if it is not known."""
    plain = address.split("?")[0].split("#")[0]
    return next((context for pattern, context in _KNOWN if pattern.fullmatch(plain)), None)

"""1EdTech CASE: a package of a competency framework, for learning systems.

Version 1.1, and 1.0 for systems that accept no other. Both have one association type for exact
matches and one for all others; 1.1 states the exact relation in its notes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from competency_graph.exporting.identifiers import uuid
from competency_graph.exporting.outline import KIND_LABELS, Entry, Outline, plain

_Object = dict[str, object]


def write(outline: Outline) -> bytes:
    """Serialize the package as CASE 1.1 (1EdTech CASE 1.1, CFPackage)."""
    return _serialize(outline, newer=True)


def write_1_0(outline: Outline) -> bytes:
    """Serialize the package as CASE 1.0."""
    return _serialize(outline, newer=False)


def _serialize(outline: Outline, newer: bool) -> bytes:
    package = _Package(outline, newer).build()
    return json.dumps(package, ensure_ascii=False, indent=1).encode() + b"\n"


class _Package:
    def __init__(self, outline: Outline, newer: bool) -> None:
        self._outline, self._newer = outline, newer
        date = outline.facts.get("modified") or outline.facts.get("created") or "1970-01-01"
        self._changed = f"{date[:10]}T00:00:00Z"

    def build(self) -> _Object:
        return {
            "CFDocument": self._document(),
            "CFItems": [self._item(entry) for entry in self._outline.entries],
            "CFAssociations": list(self._associations()),
            "CFDefinitions": self._definitions(),
        }

    def _document(self) -> _Object:
        outline, facts = self._outline, self._outline.facts
        creator = facts.get("creator") or facts.get("publisher") or "unknown"
        return _without_empty({
            **_identity(outline.iri),
            "creator": creator,
            "title": plain(outline.title),
            "lastChangeDateTime": self._changed,
            "caseVersion": "1.1" if self._newer else "",
            "publisher": facts.get("publisher", ""),
            "description": _one_line(plain(outline.description)),
            "language": facts.get("language", ""),
            "version": facts.get("versionInfo", ""),
            "licenseURI": self._license_link(),
        })  # fmt: skip

    def _item(self, entry: Entry) -> _Object:
        statement = plain(entry.definition) or entry.name
        return _without_empty({
            **_identity(entry.iri),
            "fullStatement": _one_line(statement),
            "abbreviatedStatement": entry.name,
            "alternativeLabel": "; ".join(text for text, _ in entry.alt_labels),
            "CFItemType": KIND_LABELS[entry.kind],
            "CFItemTypeURI": self._type_link(entry.kind),
            "humanCodingScheme": entry.notation,
            "notes": "; ".join(text for text, _ in entry.examples),
            "language": next(iter(entry.label), ""),
            "lastChangeDateTime": self._changed,
        })  # fmt: skip

    def _associations(self) -> Iterator[_Object]:
        outline = self._outline
        for parent, children in outline.children.items():
            for number, child in enumerate(children, 1):
                yield self._association("isChildOf", self._link(child), self._link(parent), number)
        for relation in outline.relations:
            if relation.name == "coversArea":
                ends = self._link(relation.subject), self._link(relation.object)
                yield self._association("isRelatedTo", *ends, notes="covers")
        for match in outline.matches:
            kind = "exactMatchOf" if match.name == "exactMatch" else "isRelatedTo"
            target: _Object = {
                "title": match.label or match.object,
                "identifier": uuid(match.object),
                "uri": match.object,
            }
            yield self._association(
                kind, self._link(match.subject), target, notes=f"skos:{match.name}"
            )

    def _association(
        self, kind: str, origin: _Object, destination: _Object, number: int = 0, notes: str = ""
    ) -> _Object:
        named = uuid(str(origin["uri"]), kind, str(destination["uri"]))
        return _without_empty({
            "identifier": named,
            "uri": f"urn:uuid:{named}",
            "associationType": kind,
            "sequenceNumber": number,
            "originNodeURI": origin,
            "destinationNodeURI": destination,
            "lastChangeDateTime": self._changed,
            "notes": notes if self._newer else "",
        })  # fmt: skip

    def _definitions(self) -> _Object:
        kinds = dict.fromkeys(entry.kind for entry in self._outline.entries)
        types = [
            {
                **_identity(self._type_uri(kind)),
                "title": KIND_LABELS[kind],
                "description": KIND_LABELS[kind],
                "hierarchyCode": str(number),
                "lastChangeDateTime": self._changed,
            }
            for number, kind in enumerate(kinds, 1)
        ]
        license_ = self._outline.facts.get("license", "")
        licenses = [
            {
                **_identity(license_),
                "title": license_,
                "licenseText": f"See {license_}",
                "lastChangeDateTime": self._changed,
            }
        ]
        return _without_empty({"CFItemTypes": types, "CFLicenses": licenses if license_ else []})

    def _link(self, iri: str) -> _Object:
        entry = self._outline.by_iri.get(iri)
        title = entry.name if entry else plain(self._outline.title)
        return {"title": title or iri, **_identity(iri)}

    def _license_link(self) -> _Object:
        license_ = self._outline.facts.get("license", "")
        return {"title": license_, **_identity(license_)} if license_ else {}

    def _type_link(self, kind: str) -> _Object:
        return {"title": KIND_LABELS[kind], **_identity(self._type_uri(kind))}

    def _type_uri(self, kind: str) -> str:
        return f"{self._outline.iri}#{kind}"


def _identity(iri: str) -> _Object:
    return {"identifier": uuid(iri), "uri": iri}


def _one_line(text: str) -> str:
    """A text as a NormalizedString, which has no line breaks (CASE 1.0)."""
    return " ".join(text.split())


def _without_empty(values: _Object) -> _Object:
    return {key: value for key, value in values.items() if value}

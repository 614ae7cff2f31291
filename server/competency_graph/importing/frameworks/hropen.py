"""HR Open Standards: positions and their competencies in JSON as statements of SKOS.

Read are position openings and profiles (``positionProfiles``, ``positionTitle``), and lists of
competencies wherever they are, by the names that HR Open JSON 4 and HR-XML 3 give their parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

import pyoxigraph as ox

from competency_graph.importing.frameworks import skos_terms as terms
from competency_graph.importing.frameworks.json_files import Object, objects, text
from competency_graph.importing.frameworks.minting import Names, is_iri
from competency_graph.importing.frameworks.plain_statements import link, text_of
from competency_graph.importing.summary import Tally
from competency_graph.rdf.language_tags import tag_error
from competency_graph.rdf.vocabulary import PREFIXES

_TITLES: Final = ("positionTitle", "PositionTitle", "jobTitle")
_LIST_OF_COMPETENCIES = re.compile(r".*(?:competenc(?:y|ies)|skills?)", re.IGNORECASE)
_NAMES: Final = ("competencyName", "CompetencyName", "skillName", "name", "title")
_CODES: Final = (
    "competencyId", "competencyIds", "CompetencyID", "skillId", "positionId", "ids", "id", "code",
)  # fmt: skip
_DESCRIPTIONS: Final = ("description", "descriptions", "competencyDescription", "Description")
_TAG = re.compile(r"<[^<>]{0,1000}>")
_SOC = re.compile(r"\d\d-\d{4}(?:\.\d\d)?")
_MAX_DEPTH: Final = 100
"""The maximum depth of objects that is searched."""


class Document:
    """The statements of a document.

    Args:
        document: its JSON.
        names: names the things without an IRI, which are all but those whose code is one.
        tally: receives what is left out.
    """

    def __init__(self, document: Any, names: Names, tally: Tally) -> None:  # noqa: ANN401
        self._names, self._tally = names, tally
        self._quads: list[ox.Quad] = []
        self._known: dict[tuple[str, str], str] = {}
        self._search(document)

    def quads(self) -> Iterator[ox.Quad]:
        """The statements."""
        return iter(self._quads)

    def _search(self, document: object) -> None:
        waiting: list[tuple[object, str, str, int]] = [(document, "", "", 0)]
        while waiting:
            value, key, owner, depth = waiting.pop()
            if depth > _MAX_DEPTH:
                self._tally.leave_out("objects that are nested too deeply", key)
            elif isinstance(value, list):
                waiting += [(each, key, owner, depth + 1) for each in reversed(value)]
            elif isinstance(value, dict):
                thing = self._thing(value, key, owner) or owner
                waiting += [(v, k, thing, depth + 1) for k, v in reversed(value.items())]
            elif owner and _LIST_OF_COMPETENCIES.fullmatch(key) and text(value):
                self._competency({"name": value}, owner)

    def _thing(self, value: Object, key: str, owner: str) -> str:
        """The thing that an object describes; "" if it describes none."""
        if title := _first(value, _TITLES):
            return self._position(title, value)
        if _LIST_OF_COMPETENCIES.fullmatch(key) and _first(value, _NAMES):
            return self._competency(value, owner)
        return ""

    def _position(self, title: str, value: Object) -> str:
        iri = self._named(title, value, "position")
        language = _language(value)
        self._say(text_of(iri, terms.PREFERRED, title, language))
        for each in objects(value.get("positionFormattedDescriptions")):
            if words := plain(text(each.get("content"))):
                self._say(text_of(iri, terms.DEFINITION, words, language))
        for each in objects(value.get("jobCategories")):
            code = text(each.get("code"))
            if _SOC.fullmatch(code):
                whole = code if "." in code else f"{code}.00"
                onet = PREFIXES["onet-occupation"] + whole
                self._say(link(iri, terms.SKOS + "broadMatch", onet))
            elif code or (code := text(each.get("name"))):
                self._say(text_of(iri, terms.KEPT_NAMESPACE + "type", code))
        return iri

    def _competency(self, value: Object, owner: str) -> str:
        name = _first(value, _NAMES)
        iri = self._named(name, value, "competency")
        language = _language(value)
        self._say(text_of(iri, terms.PREFERRED, name, language))
        if description := plain(_first(value, _DESCRIPTIONS)):
            self._say(text_of(iri, terms.DEFINITION, description, language))
        if owner and owner != iri:
            self._say(link(owner, terms.RELATED, iri))
        return iri

    def _named(self, name: str, value: Object, kind: str) -> str:
        """The IRI of a thing; the same for those with the same name and code."""
        code = _first(value, _CODES)
        found = self._known.get((kind, code or name.casefold()))
        if found is None:
            found = code if is_iri(code) else self._names(name)
            self._known[kind, code or name.casefold()] = found
            self._say(link(found, terms.TYPE, terms.CONCEPT))
            self._say(text_of(found, terms.KEPT_NAMESPACE + "type", kind))
            if code and not is_iri(code):
                self._say(text_of(found, terms.SKOS + "notation", code))
        return found

    def _say(self, quad: ox.Quad) -> None:
        self._quads.append(quad)


def plain(words: str) -> str:
    """A text without the tags of HTML."""
    return " ".join(unescape(_TAG.sub(" ", words)).split())


def _first(value: Object, keys: tuple[str, ...]) -> str:
    """The first text under one of some keys, which may be in an object or a list."""
    for key in keys:
        each = value.get(key)
        if isinstance(each, list):
            each = next(iter(each), None)
        if isinstance(each, dict):
            each = each.get("value") or each.get("content") or each.get("name")
        if found := text(each):
            return found
    return ""


def _language(value: Object) -> str:
    tag = text(value.get("language")) or text(value.get("languageCode"))
    return "" if not tag or tag_error(tag) else tag

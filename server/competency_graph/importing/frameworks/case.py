"""1EdTech CASE: a package of a competency framework as statements of SKOS.

Versions 1.0 and 1.1 (1EdTech CASE 1.1, CFPackage); they differ in nothing that is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from sys import intern
from typing import Any, Final

import pyoxigraph as ox

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.downloads import File
from competency_graph.importing.frameworks import skos_terms as terms
from competency_graph.importing.frameworks.json_files import Object, objects, text, texts
from competency_graph.importing.frameworks.json_stream import members
from competency_graph.importing.frameworks.minting import is_iri
from competency_graph.importing.frameworks.plain_statements import link, text_of
from competency_graph.importing.summary import Tally
from competency_graph.importing.terms import term
from competency_graph.rdf.language_tags import tag_error

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DATE_TIME = term("xsd:dateTime")
_DUBLIN: Final = {
    "creator": "creator", "publisher": "publisher", "title": "title", "description": "description",
    "language": "language",
}  # fmt: skip
_ARRAYS: Final = ("CFItems", "CFAssociations")
_LINK: Final = ("identifier", "uri")
_SHARED_LENGTH: Final = 40
"""The length below which many items have the same text, such as a type or a date."""
_IGNORED: Final = frozenset(
    ("educationLevel", "listEnumeration", "conceptKeywords", "conceptKeywordsURI", "extensions")
)
_READ: Final = _IGNORED | {
    "identifier", "uri", "language", "abbreviatedStatement", "fullStatement", "alternativeLabel",
    "notes", "humanCodingScheme", "CFItemType", "subject", "lastChangeDateTime", "statusEndDate",
}  # fmt: skip
"""The keys of items that are read."""
_READ_OF_ASSOCIATIONS: Final = frozenset(
    ("associationType", "originNodeURI", "destinationNodeURI", "notes")
)
_WITHIN, _ACROSS = (
    {"isChildOf": terms.BROADER, "isPartOf": terms.BROADER, "isRelatedTo": terms.RELATED,
     "isPeerOf": terms.RELATED, "exactMatchOf": terms.SKOS + "exactMatch",
     "replacedBy": terms.REPLACED_BY},
    {"isChildOf": terms.SKOS + "broadMatch", "isPartOf": terms.SKOS + "broadMatch",
     "isRelatedTo": terms.SKOS + "relatedMatch", "isPeerOf": terms.SKOS + "relatedMatch",
     "exactMatchOf": terms.SKOS + "exactMatch", "replacedBy": terms.REPLACED_BY},
)  # fmt: skip
"""What each type of association is in SKOS, within the package and to other frameworks."""


def read_package(file: File) -> Object:
    """Read a package, which may be wrapped in an object ``CFPackage``.

    Raises:
        UnreadableInputError: the file cannot be read, is not JSON, or is not a package.
        LengthError: a part of the file is too long.
    """
    found: Object = {}
    elements: list[Any] = []
    for key, value, written in members(file, _ARRAYS):
        if not key:
            elements.append(_compact(value))
        elif not written:
            elements = found[key] = []
        else:
            found[key] = value
    wrapped = found.get("CFPackage")
    package = wrapped if isinstance(wrapped, dict) else found
    if not isinstance(package.get("CFDocument"), dict):
        raise UnreadableInputError(
            "this is not a package of CASE: it has no object “CFDocument”",
            "Export or download the whole package (CFPackages), not only its document or items",
            file.where,
        )
    return package


def _compact(value: object) -> object:
    """An item or association without what is not read, and with texts that others have shared."""
    if not isinstance(value, dict):
        return value
    read = _READ_OF_ASSOCIATIONS if "associationType" in value else _READ
    return {intern(key): _compact_value(v) for key, v in value.items() if key in read}


def _compact_value(value: object) -> object:
    if isinstance(value, dict) and "uri" in value:
        return {key: value[key] for key in _LINK if key in value}
    return intern(value) if isinstance(value, str) and len(value) < _SHARED_LENGTH else value


class Package:
    """The statements of a package.

    Args:
        package: its JSON.
        today: the date to compare the ends of items with.
        tally: receives what is left out.
    """

    def __init__(self, package: Object, today: date, tally: Tally) -> None:
        self._document: Object = package["CFDocument"]
        self._items = objects(package.get("CFItems"))
        self._associations = objects(package.get("CFAssociations"))
        self._today, self._tally = today.isoformat(), tally
        self._scheme = _iri(self._document, "CFDocument", tally)
        language = text(self._document.get("language"))
        self._language = "" if not language or tag_error(language) else language
        self._iris: dict[str, str] = {}
        self._documents = {text(self._document.get("identifier")), self._scheme}
        for number, item in enumerate(self._items):
            iri = _iri(item, f"CFItems[{number}]", tally)
            for name in filter(None, (text(item.get("identifier")), text(item.get("uri")))):
                self._iris.setdefault(name, iri)
        self._own = {*self._iris.values(), self._scheme}
        self._account(package)

    def _account(self, package: Object) -> None:
        """Count once what the statements leave out, as they are read twice."""
        for key in ("CFItems", "CFAssociations"):
            value = package.get(key)
            if value is not None and not isinstance(value, list):
                self._tally.leave_out(f"values of {key} that are not a list")
            for number, each in enumerate(value if isinstance(value, list) else ()):
                if not isinstance(each, dict):
                    self._tally.leave_out(f"elements of {key} that are not objects", f"[{number}]")
        for item in self._items:
            for key in _IGNORED & item.keys():
                if item[key]:
                    self._tally.leave_out(f"values of {key}")
        for number, each in enumerate(self._associations):
            kind = text(each.get("associationType"))
            if kind not in _WITHIN:
                self._tally.leave_out(f"associations of the type {kind or '(none)'}"[:100])
            elif not (self._end(each, "originNodeURI") and self._end(each, "destinationNodeURI")):
                self._tally.leave_out(
                    "associations without an origin or a destination", f"CFAssociations[{number}]"
                )
        if rubrics := objects(package.get("CFRubrics")):
            self._tally.leave_out("rubrics", text(rubrics[0].get("title")))

    def quads(self) -> Iterator[ox.Quad]:
        """The statements."""
        if self._scheme:
            yield from self._description()
        for item in self._items:
            iri = self._iris.get(text(item.get("identifier"))) or self._iris.get(
                text(item.get("uri"))
            )
            if iri:
                yield from self._item(iri, item)
        for each in self._associations:
            yield from self._association(each)

    def _description(self) -> Iterator[ox.Quad]:
        scheme, document = self._scheme, self._document
        yield link(scheme, terms.TYPE, terms.SCHEME)
        title = text(document.get("title"))
        if title:
            yield text_of(scheme, terms.PREFERRED, title, self._language)
        for key, name in _DUBLIN.items():
            for value in texts(document.get(key)):
                yield text_of(scheme, terms.KEPT_NAMESPACE + name, value)
        changed = text(document.get("lastChangeDateTime"))
        version = text(document.get("version")) or (_DAY.match(changed) and changed[:10])
        if version:
            yield text_of(scheme, terms.VERSION, version)
        for address in (document.get("licenseURI"), document.get("officialSourceURL")):
            found = text(address.get("uri")) if isinstance(address, dict) else text(address)
            name = "license" if isinstance(address, dict) else "source"
            if is_iri(found):
                yield link(scheme, terms.KEPT_NAMESPACE + name, found)
        yield from self._common(scheme, document)
        if terms.is_out_of_use(text(document.get("adoptionStatus"))):
            yield text_of(scheme, terms.DEPRECATED, "true")

    def _item(self, iri: str, item: Object) -> Iterator[ox.Quad]:
        own = text(item.get("language"))
        language = own if own and not tag_error(own) else self._language
        yield link(iri, terms.TYPE, terms.CONCEPT)
        if self._scheme:
            yield link(iri, terms.IN_SCHEME, self._scheme)
        for key, predicate in (
            ("abbreviatedStatement", terms.PREFERRED),
            ("fullStatement", terms.STATEMENT),
            ("alternativeLabel", terms.OTHER),
            ("notes", terms.SKOS + "note"),
        ):
            if value := text(item.get(key)):
                yield text_of(iri, predicate, value, language)
        if code := text(item.get("humanCodingScheme")):
            yield text_of(iri, terms.SKOS + "notation", code)
        for key, name in (("CFItemType", "type"), ("subject", "subject")):
            for value in texts(item.get(key)):
                yield text_of(iri, terms.KEPT_NAMESPACE + name, value, language)
        yield from self._common(iri, item)
        end = text(item.get("statusEndDate"))
        if _DAY.match(end) and end[:10] < self._today:
            yield text_of(iri, terms.DEPRECATED, "true")

    def _common(self, iri: str, thing: Object) -> Iterator[ox.Quad]:
        if identifier := text(thing.get("identifier")):
            yield text_of(iri, terms.KEPT_NAMESPACE + "identifier", identifier)
        moment = text(thing.get("lastChangeDateTime"))
        if _MOMENT.fullmatch(moment):
            yield ox.Quad(
                ox.NamedNode(iri), term("dcterms:modified"),
                ox.Literal(moment, datatype=_DATE_TIME),
            )  # fmt: skip

    def _end(self, association: Object, key: str) -> str:
        """The IRI at an end of an association; "" if it has none."""
        node = association.get(key)
        if isinstance(node, str):
            return self._iris.get(node, node if is_iri(node) else "")
        if not isinstance(node, dict):
            return ""
        identifier, address = text(node.get("identifier")), text(node.get("uri"))
        if self._scheme and not self._documents.isdisjoint((identifier, address)):
            return self._scheme
        own = self._iris.get(identifier) or self._iris.get(address)
        return own or (address if is_iri(address) else "")

    def _association(self, association: Object) -> Iterator[ox.Quad]:
        kind = text(association.get("associationType"))
        origin, destination = (
            self._end(association, f"{end}NodeURI") for end in ("origin", "destination")
        )
        if kind not in _WITHIN or not origin or not destination:
            return
        inside = origin in self._own and destination in self._own
        predicate = (_WITHIN if inside else _ACROSS)[kind]
        exact = text(association.get("notes")).replace("skos:", terms.SKOS)
        if exact in terms.MATCHES and not inside:
            predicate = exact  # how “competency export case” states the relation
        yield link(origin, predicate, destination)


def _iri(thing: Object, place: str, tally: Tally) -> str:
    """The IRI of a document or an item: its address, or one made of its identifier."""
    address, identifier = text(thing.get("uri")), text(thing.get("identifier"))
    if is_iri(address):
        return address
    made = f"urn:uuid:{identifier}"
    if identifier and is_iri(made):
        return made
    tally.leave_out("things without an address or identifier", place)
    return ""

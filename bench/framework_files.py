"""Frameworks of any size in the formats that `competency import` reads, for bench/importing.py."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

SPACE = "https://example.org/bench/"
LANGUAGES = ("en", "de", "fr")
CHILDREN = 8
"""The narrower concepts of each concept."""


def texts(number: int) -> Iterator[tuple[int, int | None, list[str], str]]:
    """Concepts: number, number of what is broader, a label in each language, and a definition."""
    chance = random.Random(17)
    words = ["".join(chance.choices("abdegiklmnoprstu", k=7)) for _ in range(5_000)]
    for at in range(number):
        labels = [f"{' '.join(chance.choices(words, k=3))} {at}" for _ in LANGUAGES]
        above = (at - 1) // CHILDREN if at else None
        yield at, above, labels, " ".join(chance.choices(words, k=20))


def turtle(number: int, file: IO[str]) -> None:
    """SKOS with two labels of each concept in each language."""
    file.write("PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n")
    file.write(f"PREFIX b: <{SPACE}>\nb:s a skos:ConceptScheme .\n")
    for at, above, labels, definition in texts(number):
        each = " ; ".join(
            f'skos:prefLabel "{label}"@{tag} ; skos:altLabel "{label} too"@{tag}'
            for label, tag in zip(labels, LANGUAGES, strict=True)
        )
        broader = "" if above is None else f" ; skos:broader b:c{above}"
        file.write(
            f'b:c{at} a skos:Concept ; skos:inScheme b:s ; skos:notation "{at}" ; {each} ; '
            f'skos:definition "{definition}"@en{broader} .\n'
        )


def json_ld(number: int, file: IO[str]) -> None:
    """The same as JSON-LD with a context of its own."""
    context = {"skos": "http://www.w3.org/2004/02/skos/core#"}
    file.write(f'{{"@context": {json.dumps(context)}, "@graph": [')
    for at, above, labels, definition in texts(number):
        named = [{"@value": x, "@language": t} for x, t in zip(labels, LANGUAGES, strict=True)]
        node = {
            "@id": f"{SPACE}c{at}", "@type": "skos:Concept", "skos:prefLabel": named,
            "skos:altLabel": [{**each, "@value": f"{each['@value']} too"} for each in named],
            "skos:definition": {"@value": definition, "@language": "en"},
            "skos:inScheme": {"@id": f"{SPACE}s"},
        }  # fmt: skip
        if above is not None:
            node["skos:broader"] = {"@id": f"{SPACE}c{above}"}
        file.write(f"{',' if at else ''}\n{json.dumps(node)}")
    file.write("]}")


def case(number: int, file: IO[str]) -> None:
    """A package of CASE."""
    when = "2026-01-01T00:00:00Z"

    def link(name: str) -> dict[str, str]:
        return {"title": name, "identifier": name, "uri": f"{SPACE}{name}"}

    items, associations = [], []
    for at, above, labels, definition in texts(number):
        items.append({
            "identifier": f"i{at}", "uri": f"{SPACE}i{at}", "fullStatement": definition,
            "abbreviatedStatement": labels[0], "humanCodingScheme": f"H.{at}", "language": "en",
            "CFItemType": "Standard", "lastChangeDateTime": when, "CFDocumentURI": link("d"),
        })  # fmt: skip
        associations.append({
            "identifier": f"a{at}", "uri": f"{SPACE}a{at}", "associationType": "isChildOf",
            "sequenceNumber": at, "lastChangeDateTime": when, "originNodeURI": link(f"i{at}"),
            "destinationNodeURI": link("d" if above is None else f"i{above}"),
        })  # fmt: skip
    document = {**link("d"), "creator": "bench", "lastChangeDateTime": when}
    json.dump(
        {"CFDocument": document, "CFItems": items, "CFAssociations": associations}, file, indent=1
    )


def ctdl(number: int, file: IO[str]) -> None:
    """A graph of CTDL-ASN."""
    context = "https://credreg.net/ctdlasn/schema/context/json"
    framework = {"@id": f"{SPACE}f", "@type": "ceasn:CompetencyFramework"}
    file.write(f'{{"@context": "{context}", "@graph": [{json.dumps(framework)}')
    for at, above, labels, definition in texts(number):
        node = {
            "@id": f"{SPACE}k{at}", "@type": "ceasn:Competency", "ceterms:ctid": f"ce-{at}",
            "ceasn:competencyLabel": {"en": labels[0]}, "ceasn:codedNotation": f"H.{at}",
            "ceasn:competencyText": {"en": definition}, "ceasn:isPartOf": f"{SPACE}f",
            "ceasn:isChildOf": f"{SPACE}{'f' if above is None else f'k{above}'}",
        }  # fmt: skip
        file.write(f",\n{json.dumps(node)}")
    file.write("]}")


FORMS: dict[str, tuple[str, Callable[[int, IO[str]], None]]] = {
    "skos.ttl": ("skos", turtle),
    "skos.jsonld": ("skos", json_ld),
    "case.json": ("case", case),
    "ctdl.jsonld": ("ctdl", ctdl),
}
"""The files to make: the form to import, and what writes the file."""


def write(folder: Path, name: str, number: int) -> tuple[str, Path]:
    """Write a framework with a number of concepts; returns its form and the file."""
    form, make = FORMS[name]
    path = folder / name
    with path.open("w", encoding="utf-8") as file:
        make(number, file)
    return form, path

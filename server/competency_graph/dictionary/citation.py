"""How to cite a publication: as a sentence, and for reference managers."""

from __future__ import annotations

import re
from typing import Final

from competency_graph.dictionary.publications import Publication
from competency_graph.rdf.short_names import local_name

_TEX: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
"""Characters with a meaning in TeX, and how they are written."""


def sentence(publication: Publication) -> str:
    """A citation: the one that the publication gives itself, or one made from its properties."""
    given = publication.text("bibliographicCitation")
    if given:
        return given
    who = ", ".join(publication.creators)
    year = _year(publication)
    start = f"{who} ({year}). " if who and year else f"{who}. " if who else ""
    version = publication.text("versionInfo")
    title = f"{publication.title}, version {version}" if version else publication.title
    end = "" if who or not year else f" {year}."
    return f"{start}{title}.{end} {publication.iri}"


def bibtex(publication: Publication) -> str:
    """An entry of BibTeX (of type ``misc``, which all styles know)."""
    who = " and ".join(f"{{{_tex(name)}}}" for name in publication.creators)
    fields = {
        "author": who,
        "title": f"{{{_tex(publication.title)}}}",
        "year": _year(publication),
        "version": _tex(publication.text("versionInfo")),
        "publisher": _tex(publication.text("publisher")),
        "url": publication.iri,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value.strip("{}")]
    key = re.sub(r"[^A-Za-z0-9-]+", "-", local_name(publication.iri)).strip("-") or "dictionary"
    return "\n".join([f"@misc{{{key}{_year(publication)},", *lines, "}"])


def _year(publication: Publication) -> str:
    found = re.match(r"\d{4}", publication.date)
    return found[0] if found else ""


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in " ".join(text.split()))

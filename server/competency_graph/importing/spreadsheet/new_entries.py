"""The IRIs and codes of new entries.

An IRI ends in a slug of the label. It is given once: a later change of the label leaves it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final
from unicodedata import normalize

import pyoxigraph as ox
from rdflib.namespace import RDF, SKOS

from competency_graph.dictionary.sheets.contents import DICTIONARY, Contents
from competency_graph.dictionary.sheets.plan import SheetPlan
from competency_graph.rdf.vocabulary import KINDS
from competency_graph.validation.checks.author_statements import CODE_LETTERS

_MAX_SLUG_LENGTH: Final = 80
_APOSTROPHES: Final = "'\u2019"
_CODE: Final = re.compile(r"(?P<prefix>[A-Z][A-Z0-9]*-)?(?P<letters>[A-Z]+)(?P<number>\d+)")
_PART_CODE: Final = re.compile(r"(?P<owner>.+)\.A(?P<number>\d+)")


def slug(label: str) -> str:
    """The last part of an IRI for a label: lower case, words joined by hyphens.

    Accents are removed from Latin letters; letters of other scripts stay. "" if nothing is left.
    """
    letters = []
    for character in normalize("NFKC", label.casefold()):
        plain = normalize("NFKD", character)[:1]
        if plain.isascii() and plain.isalnum():
            letters.append(plain)
        elif character not in _APOSTROPHES:
            letters.append(character if character.isalnum() else "-")
    words = re.sub("-+", "-", "".join(letters)).strip("-")
    if len(words) <= _MAX_SLUG_LENGTH:
        return words
    cut = words[: _MAX_SLUG_LENGTH + 1].rpartition("-")[0]
    return cut or words[:_MAX_SLUG_LENGTH]


class NewEntries:
    """Gives new entries IRIs and codes that no other entry has.

    Args:
        contents: the dictionary and its base.
        own: the IRIs of the entries of the dictionary's own files.
        namespace: the namespace of new IRIs; "" for the one that the dictionary's entries have.
    """

    def __init__(self, contents: Contents, own: Iterable[str], namespace: str = "") -> None:
        self._contents = contents
        self._own = [iri for iri in own if contents.kinds.get(iri) in KINDS]
        self._namespace = namespace
        self._taken = set(contents.kinds)
        codes = {iri: contents.code(iri) for iri in contents.kinds}
        self._codes = {code for code in codes.values() if code}
        prefixes = Counter(
            match["prefix"] or ""
            for iri in self._own
            if (match := _CODE.match(codes[iri]))
        )  # fmt: skip
        self._prefix = prefixes.most_common(1)[0][0] if prefixes else ""
        self._highest: Counter[str] = Counter()
        for code in self._codes:
            self._note(code)

    def reserve(self, iri: str, code: str) -> None:
        """Keep new entries from getting an IRI and a code, which a sheet gives to another entry."""
        self._taken.add(iri)
        if code:
            self._codes.add(code)
            self._note(code)

    def _note(self, code: str) -> None:
        match = _PART_CODE.fullmatch(code)
        if match:
            stem = match["owner"] + ".A"
        else:
            match = _CODE.fullmatch(code)
            stem = (match["prefix"] or "") + match["letters"] if match else ""
        if match:
            self._highest[stem] = max(self._highest[stem], int(match["number"][:9]))

    def iri(self, kind: str, label: str) -> str:
        """A new IRI for an entry with a label."""
        base = self._space(kind) + (slug(label) or kind)
        iri, number = base, 1
        while iri in self._taken or self._contents.described(iri):
            number += 1
            iri = f"{base}-{number}"
        self._taken.add(iri)
        return iri

    def _space(self, kind: str) -> str:
        """The namespace of a kind: that of most of its entries, else one like other kinds'."""
        spaces = Counter(
            _namespace(iri) for iri in self._own if self._contents.kinds[iri] == kind
        )  # fmt: skip
        if spaces and not self._namespace:
            return spaces.most_common(1)[0][0]
        base = self._namespace
        if not base:
            others = Counter(
                _namespace(iri).removesuffix(f"{self._contents.kinds[iri]}/") for iri in self._own
            )
            folders = any(_namespace(iri).endswith(f"/{self._contents.kinds[iri]}/")
                          for iri in self._own)  # fmt: skip
            base = others.most_common(1)[0][0] if others else ""
            if base and not folders:
                return base
        base = base or self._contents.dictionary or "https://example.org/"
        return base if base.endswith(("#",)) else f"{base.rstrip('/')}/{kind}/"

    def code(self, kind: str, owner_code: str = "") -> str:
        """The next free code for an entry; "" for a key action whose owner has none.

        Args:
            kind: its kind.
            owner_code: for a key action, the code of the area or competency that it belongs to.
        """
        if kind == "action":
            if not owner_code:
                return ""
            stem, width = f"{owner_code}.A", 1
        else:
            letters, width = CODE_LETTERS[str(KINDS[kind])]
            stem = self._prefix + letters
        number = self._highest[stem] + 1
        self._highest[stem] = number
        code = f"{stem}{number:0{width}}"
        return self.code(kind, owner_code) if code in self._codes else code


def first_statements(
    iri: str, sheet: SheetPlan, contents: Contents, own: Iterable[str]
) -> list[ox.Triple]:
    """The statements that each new entry has: its class, and the dictionary that it is in."""
    subject = ox.NamedNode(iri)
    schemes = Counter(
        value.value
        for other in own
        if contents.kinds.get(other) in KINDS
        for value in contents.values(other, str(SKOS.inScheme))
        if isinstance(value, ox.NamedNode)
    )
    scheme = schemes.most_common(1)[0][0] if schemes else contents.dictionary
    found = [ox.Triple(subject, ox.NamedNode(str(RDF.type)), ox.NamedNode(sheet.cls))]
    if scheme and sheet.kind != DICTIONARY:
        found.append(
            ox.Triple(subject, ox.NamedNode(str(SKOS.inScheme)), ox.NamedNode(scheme))
        )  # fmt: skip
    return found


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]

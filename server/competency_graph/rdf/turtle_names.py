"""How terms are spelled in the project's Turtle layout: one spelling for each term."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import RDF, XSD

from competency_graph.rdf.vocabulary import PREFIXES

_LETTER: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_INSIDE: Final = rf"(?:[{_LETTER}0-9_:\-\u00b7\u0300-\u036f\u203f-\u2040]|%[0-9A-Fa-f]{{2}})"
_LOCAL_NAME: Final = re.compile(rf"(?:(?:[{_LETTER}0-9_:]|%[0-9A-Fa-f]{{2}})(?:\.*{_INSIDE})*)?")
"""``PN_LOCAL`` without escapes (Turtle 1.1, section 6.5); may be empty."""
_RELATIVE: Final = re.compile(r"[\w-]*")
_UNQUOTED: Final = {
    str(XSD.integer): re.compile(r"[+-]?[0-9]+"),
    str(XSD.decimal): re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    str(XSD.double): re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+"),
    str(XSD.boolean): re.compile(r"true|false"),
}
"""The literals that need no quotation marks, by datatype (Turtle 1.1, section 2.5)."""
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED: Final = re.compile(r'[\\"\r\t\x00-\x08\x0b\x0c\x0e-\x1f\x7f]')
_ESCAPED_IN_LONG: Final = re.compile(r'\\|"(?="|\Z)|[\r\x00-\x08\x0b\x0c\x0e-\x1f\x7f]')
_NIL: Final = str(RDF.nil)


class Names:
    """Spells terms with the prefixes of a file, and with further ones that it may declare.

    Args:
        prefixes: the prefixes that the file declares, with their namespaces.
        base: the base IRI that it declares, or "".
        further: the further prefixes; none if the file must stay without new declarations.
    """

    def __init__(
        self,
        prefixes: Mapping[str, str],
        base: str = "",
        further: Mapping[str, str] = PREFIXES,
    ) -> None:
        self.used: set[str] = set()
        """The further prefixes that were used although the file does not declare them."""
        self._base = base
        table = {p: space for p, space in further.items() if p not in prefixes}
        self._spaces: dict[str, str] = {}
        for prefix, space in [*sorted(prefixes.items()), *sorted(table.items())]:
            if space:
                self._spaces.setdefault(space, prefix)
        self._declared = frozenset(prefixes)
        self._lengths = sorted({len(space) for space in self._spaces}, reverse=True)
        self._short: dict[str, str] = {}

    def iri(self, iri: str) -> str:
        """An IRI: shortened with the longest namespace that fits, or in angle brackets."""
        if iri not in self._short:
            self._short[iri] = self._spelled(iri)
        return self._short[iri]

    def _spelled(self, iri: str) -> str:
        if iri == _NIL:
            return "()"
        for length in self._lengths:
            prefix = self._spaces.get(iri[:length])
            if prefix is None or not _LOCAL_NAME.fullmatch(iri, length):
                continue
            if prefix not in self._declared:
                if length == len(iri):
                    continue
                self.used.add(prefix)
            return f"{prefix}:{iri[length:]}"
        return f"<{self._relative(iri)}>"

    def _relative(self, iri: str) -> str:
        """An IRI relative to the base, where that is short and certain; else the whole IRI."""
        base = self._base
        if not base or not iri.startswith(base):
            return iri
        rest = iri[len(base) :]
        local = rest.removeprefix("#") if not base.endswith("/") else rest
        if (rest and rest == local and not base.endswith("/")) or not _RELATIVE.fullmatch(local):
            return iri
        return rest

    def term(self, term: ox.NamedNode | ox.BlankNode | ox.Literal, language: str = "") -> str:
        """A term.

        Args:
            term: the term; a blank node has the label that it has in the file.
            language: the spelling of its language tag.
        """
        if isinstance(term, ox.NamedNode):
            return self.iri(term.value)
        if isinstance(term, ox.BlankNode):
            return f"_:{term.value}"
        if term.language:
            direction = f"--{term.direction}" if getattr(term, "direction", None) else ""
            return f"{_quoted(term.value)}@{language or term.language + direction}"
        datatype = term.datatype.value
        if datatype == str(XSD.string):
            return _quoted(term.value)
        unquoted = _UNQUOTED.get(datatype)
        if unquoted and unquoted.fullmatch(term.value):
            return term.value
        return f"{_quoted(term.value)}^^{self.iri(datatype)}"


def _quoted(text: str) -> str:
    """A string in quotation marks, three if it has several lines."""
    if "\n" in text:
        return f'"""{_ESCAPED_IN_LONG.sub(_escape, text)}"""'
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


def spelled_like(before: str, replaced: str, replacement: str) -> str:
    """Spell an IRI with the prefix with which an author spelled the one that it replaces.

    Args:
        before: the author's spelling of the replaced IRI.
        replaced: the replaced IRI.
        replacement: the IRI that replaces it.

    Returns:
        The IRI in angle brackets if the author used no prefix, or one that does not fit.
    """
    prefix, colon, local = before.partition(":")
    namespace = replaced.removesuffix(local)
    rest = replacement.removeprefix(namespace)
    fits = colon and local and rest and rest != replacement and _LOCAL_NAME.fullmatch(rest)
    return f"{prefix}:{rest}" if fits and not before.startswith("<") else f"<{replacement}>"

"""Short, readable forms of RDF terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from competency_graph.errors import BadValueError
from competency_graph.rdf.vocabulary import PREFIXES

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_NAMESPACES_LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda pair: -len(pair[1]))
_LOCAL_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_IRI = re.compile(r"(?<![\w.+-])[A-Za-z][\w.+-]*+:[^\s<>\"{}|\\^`“”]+")
_NAMESPACE_AND_LOCAL_NAME = re.compile(r"(.*[^\w.-])(\w(?:[\w.-]*[\w-])?)")


class TaggedText(str):
    """A text that knows its language.

    Args:
        text: the text.
        language: its language, a tag of BCP 47, or "".
    """

    language: str

    def __new__(cls, text: str, language: str = "") -> TaggedText:
        """Make the text."""
        made = super().__new__(cls, text)
        made.language = language
        return made


def text_of(term: Term | None) -> TaggedText:
    """A term as a text for people, as of `shorten`, with the language of a literal."""
    language = term.language if isinstance(term, ox.Literal) else None
    return TaggedText(shorten(term), language or "")


def shorten(term: Term | None) -> str:
    """Shorten a term: to a prefixed name, a literal's text, or "" for None.

    An IRI outside the prefix table is left as it is.
    """
    if term is None:
        return ""
    if not isinstance(term, ox.NamedNode):
        return term.value if isinstance(term, ox.Literal) else str(term)
    for prefix, namespace in _NAMESPACES_LONGEST_FIRST:
        local = term.value.removeprefix(namespace)
        if local != term.value and _LOCAL_NAME.fullmatch(local):
            return f"{prefix}:{local}"
    return term.value


def expand(name: str) -> ox.NamedNode:
    """The term with a prefixed name of the table, or with an IRI, which may stand in ``<>``.

    Raises:
        BadValueError: it is neither.
    """
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        name = PREFIXES[prefix] + local
    try:
        return ox.NamedNode(name.removeprefix("<").removesuffix(">"))
    except ValueError:
        raise BadValueError(
            f"“{name}” is not an IRI or prefixed name", "Write it such as role:analyst"
        ) from None


def local_name(iri: str) -> str:
    """The part of an IRI after its last slash or hash."""
    return re.split("[/#]", iri.rstrip("/#"))[-1]


def abridged(text: str, longest: int = 2_000) -> str:
    """Abridge a message that may quote user input.

    Args:
        text: the message.
        longest: the number of characters kept; each word is cut after 200.
    """
    kept = re.sub(r"(\S{200})\S+", r"\1…", text)
    return kept if len(kept) <= longest else kept[:longest] + "…"


def namespaces_of(prefixes: Mapping[str, str]) -> dict[str, str]:
    """Map namespaces to prefixes: the file's, and the table's unless the file redefines them.

    Args:
        prefixes: the prefixes that a file declares, with their namespaces.
    """
    table = {prefix: space for prefix, space in PREFIXES.items() if prefix not in prefixes}
    return {space: prefix for each in (table, prefixes) for prefix, space in sorted(each.items())}


def abbreviated(text: str, spaces: Mapping[str, str]) -> str:
    """Replace IRIs in a text by prefixed names.

    Args:
        text: a text for people that may contain IRIs.
        spaces: namespace to prefix, see `namespaces_of`.
    """

    def short(match: re.Match[str]) -> str:
        iri = match[0].rstrip(".,;:!?)'")
        parts = _NAMESPACE_AND_LOCAL_NAME.fullmatch(iri)
        if parts is None or parts[1] not in spaces:
            return match[0]
        return f"{spaces[parts[1]]}:{parts[2]}{match[0][len(iri) :]}"

    return _IRI.sub(short, text)


def prefixes_of(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """The prefixes of the table that the terms of ``triples`` use, for the head of a file."""
    iris = {t.value for triple in triples for t in triple if isinstance(t, ox.NamedNode)}
    used = set()
    for iri in iris:
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1  # every namespace of the table ends so
        if iri[:cut] not in used and _LOCAL_NAME.fullmatch(iri, cut):
            used.add(iri[:cut])
    return {prefix: namespace for prefix, namespace in PREFIXES.items() if namespace in used}

"""Terms as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from competency_graph.rdf.vocabulary import PREFIXES

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda pair: -len(pair[1]))
_LOCAL = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_IRI = re.compile(r"(?<![\w.+-])[A-Za-z][\w.+-]*+:[^\s<>\"{}|\\^`“”]+")
_SPLIT = re.compile(r"(.*[^\w.-])(\w(?:[\w.-]*[\w-])?)")


def shorten(term: Term | None) -> str:
    """A term in its shortest form: prefixed name, plain text of a literal, "" for none.

    An IRI outside the prefix table stays whole.
    """
    if term is None:
        return ""
    if not isinstance(term, ox.NamedNode):
        return term.value if isinstance(term, ox.Literal) else str(term)
    for prefix, namespace in _LONGEST_FIRST:
        local = term.value.removeprefix(namespace)
        if local != term.value and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return term.value


def local_name(iri: str) -> str:
    """The last part of an IRI, after its last slash or hash."""
    return re.split("[/#]", iri.rstrip("/#"))[-1]


def abridged(text: str, longest: int = 2_000) -> str:
    """A message that may repeat what someone sent, as much of it as helps.

    Args:
        text: the message.
        longest: characters of it that are kept; of each word, 200.
    """
    kept = re.sub(r"(\S{200})\S+", r"\1…", text)
    return kept if len(kept) <= longest else kept[:longest] + "…"


def spaces_of(prefixes: Mapping[str, str]) -> dict[str, str]:
    """Namespace to prefix, of those that a file declares, then of the table where it differs not.

    Args:
        prefixes: the file's, prefix to namespace.
    """
    table = {prefix: space for prefix, space in PREFIXES.items() if prefix not in prefixes}
    return {space: prefix for each in (table, prefixes) for prefix, space in sorted(each.items())}


def abbreviated(text: str, spaces: Mapping[str, str]) -> str:
    """A text in which each IRI of one of the namespaces is a prefixed name.

    Args:
        text: words for a person, with IRIs among them.
        spaces: as `spaces_of`.
    """

    def short(match: re.Match[str]) -> str:
        iri = match[0].rstrip(".,;:!?)'")
        parts = _SPLIT.fullmatch(iri)
        if parts is None or parts[1] not in spaces:
            return match[0]
        return f"{spaces[parts[1]]}:{parts[2]}{match[0][len(iri) :]}"

    return _IRI.sub(short, text)


def prefixes_of(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """Those prefixes of the table that shorten a term of ``triples``, for a tidy head."""
    short = {shorten(t) for triple in triples for t in triple if isinstance(t, ox.NamedNode)}
    used = {text.partition(":")[0] for text in short}
    return {prefix: iri for prefix, iri in PREFIXES.items() if prefix in used}

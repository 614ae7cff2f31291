"""Namespaces that are nearly one that is known, and therefore another."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from rapidfuzz.distance import OSA

from competency_graph.rdf.vocabulary import PREFIXES

_OTHERS: Final = (
    "http://purl.org/dc/dcmitype/",
    "http://purl.org/dc/elements/1.1/",
    "http://schema.org/",
    "http://www.w3.org/2006/time#",
    "http://www.w3.org/2006/vcard/ns#",
    "http://www.w3.org/2008/05/skos-xl#",
    "http://www.w3.org/XML/1998/namespace",
    "http://www.w3.org/ns/adms#",
    "http://www.w3.org/ns/locn#",
)
"""Namespaces of other standards, which the table of prefixes does not have."""
_OLD: Final = {
    "http://www.w3.org/2008/05/skos#": PREFIXES["skos"],
    "http://www.w3.org/2004/02/skos/core/": PREFIXES["skos"],
    "http://www.w3.org/2003/06/sw-vocab-status/ns": PREFIXES["skos"],
    "http://purl.org/ctdl/terms/": PREFIXES["ceterms"],
    "http://purl.org/ctdlasn/terms/": PREFIXES["ceasn"],
}
"""Older versions of namespaces."""
KNOWN: Final = frozenset((*PREFIXES.values(), *_OTHERS))
"""Namespaces that are known."""
_SHORTEST: Final = 12
"""Letters and digits of a namespace from which one that differs is taken for a slip."""


@cache
def nearest(namespace: str) -> str:
    """The known namespace that one was meant to be; "" for one that is known, or like none.

    Two are nearly the same if they differ in scheme, letter case or separators alone, in one slip
    of the pen, or by their version.
    """
    if namespace in KNOWN:
        return ""
    if namespace in _OLD:
        return _OLD[namespace]
    plain = _plain(namespace)
    for known in sorted(KNOWN):
        if _plain(known) == plain:
            return known
    if len(plain) < _SHORTEST:
        return ""
    near = [known for known in sorted(KNOWN)
            if OSA.distance(_plain(known), plain, score_cutoff=1) <= 1]  # fmt: skip
    return near[0] if len(near) == 1 else ""


@cache
def _plain(namespace: str) -> str:
    """The letters and digits that tell one namespace from another."""
    rest = re.sub(r"^[a-z][a-z0-9+.-]*:", "", namespace.lower())
    return re.sub(r"[\W_]+", "", rest.removeprefix("//").removeprefix("www."))


def same_but_for_signs(iri: str, other: str) -> bool:
    """Whether two IRIs differ, and in scheme, letter case, separators or one slip alone."""
    if iri == other:
        return False
    return OSA.distance(_plain(iri), _plain(other), score_cutoff=1) <= 1

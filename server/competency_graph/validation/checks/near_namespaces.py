"""Namespaces that differ only slightly from a known one."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from rapidfuzz.distance import OSA

from competency_graph.rdf.vocabulary import PREFIXES

_OTHER_STANDARDS: Final = (
    "http://purl.org/dc/dcmitype/",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/pav/",
    "http://schema.org/",
    "http://www.w3.org/2006/time#",
    "http://www.w3.org/2006/vcard/ns#",
    "http://www.w3.org/2008/05/skos-xl#",
    "http://www.w3.org/XML/1998/namespace",
    "http://www.w3.org/ns/adms#",
    "http://www.w3.org/ns/locn#",
)
"""Namespaces of other standards that are not in the prefix table."""
_OUTDATED: Final = {
    "http://www.w3.org/2008/05/skos#": PREFIXES["skos"],
    "http://www.w3.org/2004/02/skos/core/": PREFIXES["skos"],
    "http://www.w3.org/2003/06/sw-vocab-status/ns": PREFIXES["skos"],
    "http://purl.org/ctdl/terms/": PREFIXES["ceterms"],
    "http://purl.org/ctdlasn/terms/": PREFIXES["ceasn"],
}
"""Outdated namespaces and their replacements."""
KNOWN: Final = frozenset((*PREFIXES.values(), *_OTHER_STANDARDS))
"""The known namespaces."""
_MIN_TYPO_LENGTH: Final = 12
"""The minimum length of namespaces, in letters and digits, in which one difference is a typo."""


@cache
def nearest(namespace: str) -> str:
    """The known namespace that was probably meant; "" if it is known itself or similar to none.

    Namespaces are similar if they differ only in scheme, letter case or separators, by one typo, or
    in their version.
    """
    if namespace in KNOWN:
        return ""
    if namespace in _OUTDATED:
        return _OUTDATED[namespace]
    plain = _letters_and_digits(namespace)
    for known in sorted(KNOWN):
        if _letters_and_digits(known) == plain:
            return known
    if len(plain) < _MIN_TYPO_LENGTH:
        return ""
    near = [known for known in sorted(KNOWN)
            if OSA.distance(_letters_and_digits(known), plain, score_cutoff=1) <= 1]  # fmt: skip
    return near[0] if len(near) == 1 else ""


@cache
def _letters_and_digits(namespace: str) -> str:
    """The letters and digits of a namespace, which must differ for it to be a different one."""
    rest = re.sub(r"^[a-z][a-z0-9+.-]*:", "", namespace.lower())
    return re.sub(r"[\W_]+", "", rest.removeprefix("//").removeprefix("www."))


def differs_only_in_punctuation(iri: str, other: str) -> bool:
    """Whether two IRIs differ only in scheme, letter case or separators, or by one typo."""
    if iri == other:
        return False
    return OSA.distance(_letters_and_digits(iri), _letters_and_digits(other), score_cutoff=1) <= 1

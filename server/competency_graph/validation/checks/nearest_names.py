"""Finds the name that was probably meant by a mistyped one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz, process

_MIN_SIMILARITY = 75
"""The minimum similarity of names, in per cent."""
_MAX_LOOKUPS = 200
"""The maximum number of look-ups; beyond it, suggestions are not worth their time."""


class Names:
    """Names that can be suggested.

    Args:
        known: IRIs; blank nodes are ignored.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = known
        self._by_namespace: dict[str, dict[str, str]] = defaultdict(dict)
        self._by_folder: dict[str, dict[str, str]] = defaultdict(dict)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._lookups = 0

    def _index(self) -> None:
        for iri in sorted(self._known):
            space, name = split_iri(iri)
            if name and space:
                self._by_namespace[space][iri] = name.casefold()
                self._by_folder[_folder(space)][iri] = name.casefold()
                self._by_name[name].add(iri)

    def nearest(self, iri: str) -> str | None:
        """The IRI whose last part is most similar to that of ``iri``, if any is similar.

        Names of the same namespace come first, then those in a folder of the same name, then all
        others, whose last part must be equal. There is no suggestion if two are equally similar, or
        if numbers differ, as in ``level-1`` and ``level-2``, which are not typos.
        """
        if not self._lookups:
            self._index()
        self._lookups += 1
        if self._lookups > _MAX_LOOKUPS:
            return None
        space, name = split_iri(iri)
        folder = _folder(space)
        for among in (
            self._by_namespace.get(space),
            self._by_folder.get(folder) if folder else None,
        ):
            if among and (found := _most_similar(iri, name.casefold(), among)):
                return found
        same = self._by_name.get(name, set()) - {iri}
        return next(iter(same)) if len(same) == 1 else None


def _most_similar(iri: str, name: str, known: dict[str, str]) -> str | None:
    found = [
        (score, other)
        for its, score, other in process.extract(
            name, known, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY, limit=5
        )
        if other != iri and re.findall(r"\d+", its) == re.findall(r"\d+", name)
    ]
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    return found[0][1]


def split_iri(iri: str) -> tuple[str, str]:
    """Split an IRI into namespace and last part."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut], iri[cut:]


def _folder(space: str) -> str:
    """The last folder of a namespace; "" if it ends in #."""
    return space[:-1].rpartition("/")[2] if space.endswith("/") else ""

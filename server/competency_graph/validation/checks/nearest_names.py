"""The name that a slip of the pen was meant to be."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz, process

_NEAR = 75
"""Per cent of likeness from which a name may have been meant."""
_MOST = 200
"""Names that are looked for; of more, nobody reads what was meant."""


class Names:
    """Names to look in for what was meant.

    Args:
        known: IRIs; blank nodes among them are passed over.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = known
        self._in_space: dict[str, dict[str, str]] = defaultdict(dict)
        self._in_folder: dict[str, dict[str, str]] = defaultdict(dict)
        self._called: dict[str, set[str]] = defaultdict(set)
        self._asked = 0

    def _learn(self) -> None:
        for iri in sorted(self._known):
            space, name = divided(iri)
            if name and space:
                self._in_space[space][iri] = name.casefold()
                self._in_folder[_folder(space)][iri] = name.casefold()
                self._called[name].add(iri)

    def nearest(self, iri: str) -> str | None:
        """The IRI whose last part is most like that of ``iri``, if any is like it.

        Those beside it are looked at first, then those in a folder of the same name, then the
        others, of which the last part must be the same. Where two are as like, neither was clearly
        meant; and where numbers differ, as in ``level-1`` and ``level-2``, it was no slip.
        """
        if not self._asked:
            self._learn()
        self._asked += 1
        if self._asked > _MOST:
            return None
        space, name = divided(iri)
        folder = _folder(space)
        for among in (self._in_space.get(space), self._in_folder.get(folder) if folder else None):
            if among and (found := _likest(iri, name.casefold(), among)):
                return found
        same = self._called.get(name, set()) - {iri}
        return next(iter(same)) if len(same) == 1 else None


def _likest(iri: str, name: str, known: dict[str, str]) -> str | None:
    found = [
        (score, other)
        for its, score, other in process.extract(
            name, known, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=5
        )
        if other != iri and re.findall(r"\d+", its) == re.findall(r"\d+", name)
    ]
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    return found[0][1]


def divided(iri: str) -> tuple[str, str]:
    """The namespace and the last part of an IRI."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut], iri[cut:]


def _folder(space: str) -> str:
    """The last folder of a namespace; "" for one that ends in #."""
    return space[:-1].rpartition("/")[2] if space.endswith("/") else ""

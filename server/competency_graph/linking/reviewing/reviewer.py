"""Who reviews: a name, an identifier, or both (SSSOM 1.1: ``reviewer_label``, ``reviewer_id``)."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from dataclasses import dataclass
from typing import Final

from competency_graph.errors import BadValueError
from competency_graph.mappings import Mapping, curie_map

ORCID: Final = "https://orcid.org/"
_ORCID_NUMBER = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_REMEDY: Final = "Give an identifier such as orcid:0000-0002-1825-0097, or an http(s) IRI"
_PIPE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Reviewer:
    """A person who reviews links.

    Args:
        name: the name, as it is to be read; "" if only the identifier is given.
        id: the identifier as CURIE, such as ``orcid:0000-0002-1825-0097``; "" for none.
        prefixes: the prefix of the identifier, which a file has to declare.
    """

    name: str = ""
    id: str = ""
    prefixes: tuple[tuple[str, str], ...] = ()

    @classmethod
    def named(cls, name: str, identifier: str, known: Map[str, str]) -> Reviewer:
        """The reviewer with a name and an identifier as typed.

        Args:
            name: a name; or an identifier, if it is a CURIE with a known prefix.
            identifier: a CURIE or an http(s) IRI; "" for none.
            known: prefixes that may be used, with their namespaces.

        Raises:
            BadValueError: the identifier is neither, or an ORCID iD with a typing error.
        """
        name = name.strip()
        prefix, colon, local = name.partition(":")
        if not identifier and colon and local and prefix in {*known, "orcid"}:
            name, identifier = "", name
        if not identifier:
            return cls(name)
        curie, prefixes = _curie(identifier.strip(), known)
        return cls(name, curie, tuple(prefixes.items()))

    @property
    def text(self) -> str:
        """The name, else the identifier."""
        return self.name or self.id

    def cells(self, role: str) -> dict[str, str]:
        """The cells that name the reviewer as ``author`` or as ``reviewer`` of a mapping."""
        found = {f"{role}_id": self.id, f"{role}_label": self.name.replace("|", r"\|")}
        return {name: value for name, value in found.items() if value}


def joined(*cells: str) -> str:
    """The values of several cells as one cell, without duplicates."""
    parts = (part.strip() for cell in cells for part in _PIPE.split(cell))
    return "|".join(dict.fromkeys(filter(None, parts)))


def deciders(mapping: Mapping) -> tuple[str, str]:
    """The name and the identifier of who decided last on a mapping: its reviewer, else its author.

    A mapping without ``review_date`` was reviewed by nobody since its author asserted it.
    """
    reviewed = "review_date" in mapping.others
    cells = mapping.cells
    role = "reviewer" if reviewed else "author"
    name, identifier = (
        _PIPE.split(cells.get(f"{role}_{part}", ""))[-1] for part in ("label", "id")
    )
    return name.replace(r"\|", "|"), identifier


def _curie(identifier: str, known: Map[str, str]) -> tuple[str, dict[str, str]]:
    """An identifier as CURIE, with the prefix that it needs."""
    prefix, _, local = identifier.partition(":")
    space = known.get(prefix, ORCID if prefix == "orcid" else "")
    iri = space + local if space and local else identifier
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+[^\s<>\"{}|\\^`/#]", iri):
        raise BadValueError(f"“{identifier}” does not identify a reviewer", _REMEDY)
    if iri.startswith(ORCID):
        _check_orcid(iri.removeprefix(ORCID))
        return f"orcid:{iri.removeprefix(ORCID)}", {"orcid": ORCID}
    if space:
        return identifier, {prefix: space}
    ((name, start),) = curie_map([iri]).items()
    return f"{name}:{iri.removeprefix(start)}", {name: start}


def _check_orcid(number: str) -> None:
    """Check the form and the check digit of an ORCID iD (ISO/IEC 7064, MOD 11-2)."""
    total = 0
    for digit in number.replace("-", "")[:-1]:
        total = (total + (int(digit) if digit.isdecimal() else 0)) * 2
    check = "0123456789X"[(12 - total % 11) % 11]
    if not _ORCID_NUMBER.fullmatch(number) or number[-1] != check:
        raise BadValueError(f"“{number}” is not an ORCID iD", "Check its digits")

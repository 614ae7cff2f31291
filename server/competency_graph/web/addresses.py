"""Which things have a page here, and at which address.

A thing whose IRI begins as the published ones do, or as those of the entries served, has its page
at the path of its IRI. Where two things would share a path, or a path is taken by another page, and
for IRIs that have no path of their own, the page is at ``/entry?iri=…``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from flask import current_app, request

from competency_graph.dictionary.entry_namespaces import Spaces, spaces
from competency_graph.rdf.vocabulary import BASE
from competency_graph.web.responses import rows

ENTRY: Final = "/entry"
"""The path of pages that have no other."""
_IN_PATHS: Final = "/:@!$&'()*+,;=~%"
"""Characters that stay as they are in a path, beside letters and digits (RFC 3986, 3.3)."""


def address(iri: str) -> str:
    """The path, with its query, of the page about a thing; "" where it has none here."""
    if iri.startswith(BASE):
        return quote(f"/{iri.removeprefix(BASE)}", safe=_IN_PATHS + "#?")
    return _served().address(iri)


def iris(path: str) -> Iterator[str]:
    """The IRIs that a path may stand for, the likeliest first.

    Args:
        path: decoded, without its first slash.
    """
    candidates = [BASE + path, f"{request.url_root}{path}", *_served().iris(path)]
    yield from dict.fromkeys(candidates)
    yield from dict.fromkeys(quote(iri, safe=_IN_PATHS) for iri in candidates if "%" not in iri)


@dataclass(frozen=True)
class _Served:
    """What is served from other namespaces than the published one.

    Args:
        spaces: what the IRIs of the entries begin with, by the path of that.
        whole: the IRIs of dictionaries and extensions, by their paths.
        entries: all namespaces, those whose paths are taken too.
    """

    spaces: dict[str, str]
    whole: dict[str, str]
    entries: frozenset[str]

    def address(self, iri: str) -> str:
        space, local = _divided(iri)
        path = _path(iri)
        if path and self.whole.get(path) == iri:
            return quote(path, safe=_IN_PATHS)
        if space not in self.entries and iri not in self.whole.values():
            return ""
        if local and self.spaces.get(_path(space)) == space and not _taken(path):
            return quote(path, safe=_IN_PATHS)
        return f"{ENTRY}?{urlencode({'iri': iri})}"

    def iris(self, path: str) -> Iterator[str]:
        folder, slash, local = f"/{path}".rpartition("/")
        if iri := self.whole.get(f"/{path}"):
            yield iri
        if space := self.spaces.get(folder + slash):
            yield space + local


def _served() -> _Served:
    found: _Served | None = current_app.extensions.get("addresses")
    if found is None:
        found = current_app.extensions["addresses"] = _of(spaces(rows))
    return found


def _of(known: Spaces) -> _Served:
    by_path: dict[str, str] = {}
    for space in sorted(known.entries):
        path = _path(space)
        if path and (BASE + path.removeprefix("/")) not in known.entries and not _taken(path):
            by_path.setdefault(path, space)
    whole: dict[str, str] = {}
    for iri in sorted(known.whole):
        path = _path(iri)
        if path and not iri.startswith(BASE) and not _taken(path):
            whole.setdefault(path, iri)
    return _Served(by_path, whole, frozenset(s for s in known.entries if not s.startswith(BASE)))


def _divided(iri: str) -> tuple[str, str]:
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:cut], iri[cut:]


def _path(iri: str) -> str:
    """The path of an http(s) IRI that has neither query nor fragment; else ""."""
    parts = urlsplit(iri)
    if parts.scheme not in ("http", "https") or "?" in iri or "#" in iri:
        return ""
    return parts.path


def _taken(path: str) -> bool:
    """Whether a path begins as that of another page does."""
    return path.split("/")[1] in current_app.extensions["reserved"]

"""Which things have a page on this service, and at which address.

A thing has its page at the path of its IRI if the IRI is in the published namespace or in the
namespace of a served entry. The page is at ``/entry?iri=…`` instead if two things would share a
path, if the path belongs to another page, or if the IRI has no path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from flask import current_app, request

from competency_graph.dictionary.entry_namespaces import EntryNamespaces, entry_namespaces
from competency_graph.rdf.vocabulary import BASE
from competency_graph.web.http.responses import query_rows

ENTRY_PATH: Final = "/entry"
"""The path of pages about IRIs without a path."""
_PATH_CHARACTERS: Final = "/:@!$&'()*+,;=~%"
"""Characters that are not encoded in a path, in addition to letters and digits (RFC 3986, 3.3)."""


def page_path(iri: str) -> str:
    """The path and query of the page about a thing; "" if it has no page on this service."""
    if iri.startswith(BASE):
        return quote(f"/{iri.removeprefix(BASE)}", safe=_PATH_CHARACTERS + "#?")
    return _served_namespaces().page_path(iri)


def served_entry_namespaces() -> list[str]:
    """The namespaces of served entries, in addition to the published one."""
    return sorted(_served_namespaces().entry_namespaces)


def candidate_iris(path: str) -> Iterator[str]:
    """The IRIs that a path may stand for, most likely first.

    Args:
        path: the decoded path, without the leading slash.
    """
    candidates = [
        BASE + path,
        f"{request.url_root}{path}",
        *_served_namespaces().candidate_iris(path),
    ]
    yield from dict.fromkeys(candidates)
    yield from dict.fromkeys(
        quote(iri, safe=_PATH_CHARACTERS) for iri in candidates if "%" not in iri
    )


@dataclass(frozen=True)
class _ServedNamespaces:
    """The namespaces that are served in addition to the published one.

    Args:
        namespaces_by_path: the namespaces of entries, by their paths.
        dictionaries_by_path: the IRIs of dictionaries and extensions, by their paths.
        entry_namespaces: all namespaces of entries, including those without a path of their own.
    """

    namespaces_by_path: dict[str, str]
    dictionaries_by_path: dict[str, str]
    entry_namespaces: frozenset[str]

    def page_path(self, iri: str) -> str:
        namespace, local = _split(iri)
        path = _path(iri)
        if path and self.dictionaries_by_path.get(path) == iri:
            return quote(path, safe=_PATH_CHARACTERS)
        if namespace not in self.entry_namespaces and iri not in self.dictionaries_by_path.values():
            return ""
        if (
            local
            and self.namespaces_by_path.get(_path(namespace)) == namespace
            and not _is_reserved(path)
        ):
            return quote(path, safe=_PATH_CHARACTERS)
        return f"{ENTRY_PATH}?{urlencode({'iri': iri})}"

    def candidate_iris(self, path: str) -> Iterator[str]:
        folder, slash, local = f"/{path}".rpartition("/")
        if iri := self.dictionaries_by_path.get(f"/{path}"):
            yield iri
        if namespace := self.namespaces_by_path.get(folder + slash):
            yield namespace + local


def _served_namespaces() -> _ServedNamespaces:
    namespaces: _ServedNamespaces | None = current_app.extensions.get("addresses")
    if namespaces is None:
        namespaces = current_app.extensions["addresses"] = _assign_paths(
            entry_namespaces(query_rows)
        )
    return namespaces


def _assign_paths(known: EntryNamespaces) -> _ServedNamespaces:
    namespaces_by_path: dict[str, str] = {}
    for namespace in sorted(known.entries):
        path = _path(namespace)
        if path and (BASE + path.removeprefix("/")) not in known.entries and not _is_reserved(path):
            namespaces_by_path.setdefault(path, namespace)
    dictionaries_by_path: dict[str, str] = {}
    for iri in sorted(known.dictionaries):
        path = _path(iri)
        if path and not iri.startswith(BASE) and not _is_reserved(path):
            dictionaries_by_path.setdefault(path, iri)
    return _ServedNamespaces(
        namespaces_by_path,
        dictionaries_by_path,
        frozenset(s for s in known.entries if not s.startswith(BASE)),
    )


def _split(iri: str) -> tuple[str, str]:
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:cut], iri[cut:]


def _path(iri: str) -> str:
    """The path of an http(s) IRI without query and fragment; else ""."""
    parts = urlsplit(iri)
    if parts.scheme not in ("http", "https") or "?" in iri or "#" in iri:
        return ""
    return parts.path


def _is_reserved(path: str) -> bool:
    """Whether a path begins with the first segment of another route."""
    return path.split("/")[1] in current_app.extensions["reserved"]

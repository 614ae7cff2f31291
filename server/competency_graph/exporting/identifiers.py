"""Identifiers for systems that take no IRI: the same entry gets the same one each time."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5


def uuid(*names: str) -> str:
    """The UUID of an IRI, or of a statement by its terms (RFC 9562, section 5.5)."""
    return str(uuid5(NAMESPACE_URL, " ".join(names)))


def ctid(iri: str) -> str:
    """The Credential Transparency Identifier that an entry has until a registry gives it one."""
    return f"ce-{uuid(iri)}"

"""Stable identifiers for systems that do not accept IRIs."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5


def uuid(*names: str) -> str:
    """The UUID of an IRI, or of a statement given its terms (RFC 9562, section 5.5)."""
    return str(uuid5(NAMESPACE_URL, " ".join(names)))


def ctid(iri: str) -> str:
    """The Credential Transparency Identifier of an entry, until a registry assigns one."""
    return f"ce-{uuid(iri)}"

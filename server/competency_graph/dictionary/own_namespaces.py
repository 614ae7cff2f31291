"""The namespaces that users give to their own entries."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import urlsplit

import pyoxigraph as ox

from competency_graph.errors import BadValueError
from competency_graph.rdf.vocabulary import BASE


def own_namespace(namespace: str) -> ox.NamedNode:
    """Check the beginning of the IRIs of a user's entries.

    Raises:
        BadValueError: it is not an absolute IRI that ends in ``/``, or belongs to this project.
    """
    iri = absolute_iri(namespace)
    if not namespace.endswith("/") or "#" in namespace or "?" in namespace:
        raise BadValueError(
            f"the namespace “{namespace}” does not end in / or contains a # or ?",
            "End it in /, so that each entry has its own address, as in "
            f"{re.split('[#?]', namespace)[0].rstrip('/')}/",
        )
    if namespace.startswith(BASE):
        raise BadValueError(
            f"the namespace “{namespace}” belongs to the published dictionary",
            "Use your own, such as https://example.org/acme/",
        )
    return iri


def absolute_iri(text: str) -> ox.NamedNode:
    """Check an IRI of the web.

    Raises:
        BadValueError: it is not an absolute http or https IRI.
    """
    with suppress(ValueError):
        iri = ox.NamedNode(text)
        if text.startswith(("http://", "https://")) and urlsplit(text).hostname:
            return iri
    raise BadValueError(
        f"“{text}” is not an absolute http or https IRI",
        "Write the full address that your IRIs begin with, such as https://example.org/acme/",
    )

"""Redirect rules for hosts: content negotiation with Apache and w3id.org, redirects elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from competency_graph.rdf.vocabulary import BASE

NEGOTIATED: Final = {"ttl": "text/turtle", "jsonld": "application/ld+json"}
"""The endings of the documents about an entry that a client can ask for, by media type."""
_TYPES: Final = NEGOTIATED | {
    "rdf": "application/rdf+xml", "nt": "application/n-triples", "rq": "application/sparql-query",
}  # fmt: skip
_W3ID: Final = "https://w3id.org/"
_MAX_REDIRECTS: Final = 2000
"""The maximum that Cloudflare Pages accepts."""


def host_rules(redirects: Mapping[str, str], address: str) -> dict[str, str]:
    """The files with rules, by name.

    Args:
        redirects: the file for each address that has none of its own.
        address: the address of the site, ending in a slash; "" if unknown.
    """
    root = urlsplit(address).path or "/"
    plain = {a: file for a, file in redirects.items() if "?" not in a}
    rules = {".htaccess": _apache(root), ".nojekyll": ""}
    if len(plain) <= _MAX_REDIRECTS:
        rules["_redirects"] = "".join(
            f"{root}{source[1:]} {root}{file} 302\n" for source, file in sorted(plain.items())
        )
    return rules


def _apache(root: str) -> str:
    """Rules for the folder of the site: the document that a client prefers."""
    lines = [
        "# Apache 2.4: the address of an entry leads to its data or its page (303 See Other).",
        *(f"AddType {media_type} .{ending}" for ending, media_type in _TYPES.items()),
        "AddCharset utf-8 .ttl .html .txt .csv",
        "Options -MultiViews",
        "DirectorySlash Off",
        f"ErrorDocument 404 {root}404.html",
        "RewriteEngine On",
        "RewriteOptions AllowNoSlash",
    ]
    for ending, media_type in NEGOTIATED.items():
        lines += [
            _accepts(media_type),
            f"RewriteCond %{{REQUEST_FILENAME}}.{ending} -f",
            f"RewriteRule [^/]$ %{{REQUEST_URI}}.{ending} [R=303,L,E=negotiated:1]",
        ]
    lines += [
        "RewriteCond %{REQUEST_FILENAME}.html -f",
        "RewriteRule [^/]$ %{REQUEST_URI}.html [R=303,L,E=negotiated:1]",
        "<IfModule mod_headers.c>",
        "Header always merge Vary Accept env=negotiated",
        "</IfModule>",
    ]
    return "\n".join([*lines, ""])


def w3id_rules(address: str, dictionary: str) -> str:
    """Rules for a dictionary's folder at w3id.org: to the document that a client prefers.

    The published dictionary's pages are at the paths below its folder, others at their whole paths.

    Args:
        address: the address of the site, ending in a slash.
        dictionary: the IRI of the dictionary.

    Returns:
        The rules; "" if the dictionary's IRI is not at w3id.org.
    """
    if not dictionary.startswith(_W3ID):
        return ""
    folder = dictionary.removeprefix(_W3ID).partition("/")[0]
    documents = address if dictionary.startswith(BASE) else f"{address}{folder}/"
    lines = [
        f"# The file {folder}/.htaccess of w3id.org: its IRIs lead to the documents about them.",
        "Options -MultiViews",
        "RewriteEngine On",
        f"RewriteRule ^$ {address} [R=303,L]",
    ]
    for ending, media_type in NEGOTIATED.items():
        lines += [_accepts(media_type), f"RewriteRule ^(.+)$ {documents}$1.{ending} [R=303,L]"]
    lines.append(f"RewriteRule ^(.+)$ {documents}$1.html [R=303,L]")
    return "\n".join([*lines, ""])


def _accepts(media_type: str) -> str:
    pattern = media_type.replace("+", "[+]").replace(".", "[.]")
    return f"RewriteCond %{{HTTP_ACCEPT}} {pattern}"

"""Which language a page is in: the address says it, or the cookie, or the browser's settings."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header, parse_cookie

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LANGUAGES: Final = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
}
"""The languages of the pages, each with its own name. The texts in the source are in the first."""
SOURCE: Final = next(iter(LANGUAGES))
PARAMETER: Final = "lang"
"""The parameter of an address, and the cookie, that name a language."""
RESOLVED: Final = "competency.language"
"""The key of the WSGI environment under which the language of a request is kept."""


def language_of(environ: WSGIEnvironment) -> str:
    """The language of the page that answers a request, one of `LANGUAGES`.

    It is that of the address, else of the cookie, else the best one of the header Accept-Language
    (RFC 9110, section 12.5.4), else English. A language that pages do not have is passed over.
    """
    found: str | None = environ.get(RESOLVED)
    if found is None:
        found = environ[RESOLVED] = (
            named_in_address(environ)
            or ("HTTP_COOKIE" in environ and _known(parse_cookie(environ).get(PARAMETER, "")))
            or _best(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
            or SOURCE
        )
    return found


def named_in_address(environ: WSGIEnvironment) -> str:
    """The language that the address of a request names, or ""."""
    query = environ.get("QUERY_STRING", "")
    if f"{PARAMETER}=" not in query:
        return ""
    return _known(parse_qs(query).get(PARAMETER, [""])[0])


def _known(tag: str) -> str:
    return tag if tag in LANGUAGES else ""


@lru_cache(1024)
def _best(header: str) -> str:
    """The language that a header prefers, by lookup (RFC 4647, section 3.4); "" if it has none."""
    accepted = parse_accept_header(header, LanguageAccept)
    refused = {tag.lower() for tag, quality in accepted if quality <= 0}
    for tag, quality in accepted:
        candidates = LANGUAGES if tag == "*" else [tag.partition("-")[0].lower()]
        for language in candidates if quality > 0 else ():
            if _known(language) and language not in refused:
                return language
    return ""

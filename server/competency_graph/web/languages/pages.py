"""What makes a page one of its language: its headers, its texts, and marks on other languages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, request
from markupsafe import Markup

from competency_graph.web.languages.negotiation import (
    LANGUAGES,
    PARAMETER,
    language_of,
    named_in_address,
)
from competency_graph.web.languages.scripts import script_texts
from competency_graph.web.languages.texts import (
    capitalized,
    current_language,
    format_day,
    format_fraction,
    format_number,
    in_page_language,
    language_name,
    translated,
)

_COOKIE_SECONDS = 365 * 24 * 3600
_MAX_REPEATED = 500
"""The number of characters up to which the parameters of a request are repeated in links."""


def register(app: Flask) -> None:
    """Let ``app`` answer with pages in the language of the reader."""
    environment: Any = app.jinja_env  # its extension adds methods
    environment.add_extension("jinja2.ext.i18n")
    environment.newstyle_gettext = True
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters |= {
        "lang": marked,
        "number": format_number,
        "decimal": format_fraction,
        "translated": in_page_language,
        "capitalized": capitalized,
        "day": format_day,
        "language_name": language_name,
    }
    environment.globals |= {
        "gettext": _template_gettext,
        "ngettext": _template_ngettext,
        "language": current_language,
        "languages": LANGUAGES,
        "lang_attribute": lang_attribute,
        "address_in_language": address_in_language,
        "script_texts": script_texts,
    }
    app.after_request(describe_language)


def _template_gettext(message: str, **values: object) -> Markup:
    """`texts.gettext` for templates: the message is HTML, its values are escaped."""
    return Markup(translated(message)) % values  # noqa: S704  (messages are this project's)


def _template_ngettext(one: str, many: str, number: int, /, **values: object) -> Markup:
    """`texts.ngettext` for templates."""
    text = translated(one, many, number)
    return Markup(text) % ({"number": format_number(number)} | values)  # noqa: S704


def describe_language(response: Response) -> Response:
    """Say which language a page is in, what that depends on, and remember a language chosen.

    See RFC 9110, sections 8.5 and 12.5.5.
    """
    if response.mimetype != "text/html" or "Content-Language" in response.headers:
        return response
    if response.location is None:
        response.vary.update(("Accept-Language", "Cookie"))
        response.headers["Content-Language"] = language_of(request.environ)
    chosen = named_in_address(request.environ)
    if chosen and request.cookies.get(PARAMETER) != chosen:
        response.set_cookie(
            PARAMETER, chosen, _COOKIE_SECONDS,
            secure=request.is_secure, httponly=True, samesite="Lax",
        )  # fmt: skip
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def marked(text: str, language: str = "") -> str:
    """A text, in an element that names its language if the page is in another one (WCAG 3.1.2).

    Args:
        text: a text; a `rdf.short_names.TaggedText` may know its language.
        language: its language, if the text does not know it.
    """
    attribute = lang_attribute(getattr(text, "language", "") or language)
    return Markup("<span{}>{}</span>").format(attribute, text) if attribute else text


def lang_attribute(language: str = "en") -> Markup:
    """The attribute ``lang`` of an element whose text is in ``language``; "" if the page is too."""
    if not language or language.partition("-")[0].lower() == current_language():
        return Markup("")
    return Markup(' lang="{}"').format(language)


def address_in_language(language: str) -> str:
    """The address of the current page in another language, relative to it.

    It repeats the parameters of the request unless they are long, as pages do not send back long
    input.
    """
    others = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if name not in (PARAMETER, "format") and len(request.query_string) <= _MAX_REPEATED
    ]
    return f"?{urlencode([*others, (PARAMETER, language)])}"

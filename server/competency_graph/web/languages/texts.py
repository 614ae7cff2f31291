"""Texts, numbers and dates in the language of the current page."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any, Final, Self

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask import has_request_context, request
from markupsafe import Markup

from competency_graph.rdf.short_names import TaggedText
from competency_graph.web.languages.negotiation import RESOLVED, SOURCE, language_of

CATALOGUES: Final = Path(__file__).parents[1] / "translations"
_LOCALES: Final = {"en": "en_GB"}
"""The locales of numbers and dates, where they are not called as the language."""


def current_language() -> str:
    """The language of the current page; English outside of a request."""
    return language_of(request.environ) if has_request_context() else SOURCE


def speak(language: str) -> str:
    """Answer the current request in a language, whatever the reader prefers; return it."""
    request.environ[RESOLVED] = language
    return language


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations into a language, one of `negotiation.LANGUAGES`.

    A catalogue that is newer than its compiled form, or not compiled, is compiled in memory.
    """
    source = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    compiled = source.with_suffix(".mo")
    if compiled.is_file() and not (
        source.is_file() and source.stat().st_mtime > compiled.stat().st_mtime
    ):
        with compiled.open("rb") as file:
            return GNUTranslations(file)
    if not source.is_file():
        return NullTranslations()
    content = io.BytesIO()
    with source.open("rb") as file:
        write_mo(content, read_po(file, locale=language))
    content.seek(0)
    return GNUTranslations(content)


def translated(message: str, many: str = "", number: int = 1) -> str:
    """A message in the language of the page, with its places not filled.

    Args:
        message: the message.
        many: the message for several, if it has another form.
        number: how many.
    """
    texts = catalogue(current_language())
    return texts.ngettext(message, many, number) if many else texts.gettext(message)


def gettext(message: str, **values: object) -> str:
    """A text of the interface, with values for its places such as ``%(name)s``.

    It is HTML if one of the values is.
    """
    return _as(translated(message), values.values()) % values


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """A text in the form for a number, which ``%(number)s`` shows as the language writes it."""
    return translated(one, many, number) % ({"number": format_number(number)} | values)


def pattern(message: str, **parts: Sequence[Any]) -> list[Any]:
    """A text as its parts, with others in its places: what stands there can become a link.

    Args:
        message: a text with places such as ``%(name)s``.
        parts: the parts for each place.
    """
    pieces = re.split(r"%\((\w+)\)s", translated(message))
    found: list[Any] = []
    for number, piece in enumerate(pieces):
        found += parts[piece] if number % 2 else [piece] if piece else []
    return found


class Message(str):
    """A text in English, for programs, that pages show in their own language.

    Args:
        message: the text, with places such as ``%(name)s``.
        values: what stands there.
    """

    message: str
    values: Mapping[str, object]

    def __new__(cls, message: str, **values: object) -> Self:
        """The text in English."""
        made = super().__new__(cls, message % values)
        made.message, made.values = message, values
        return made


def in_page_language(text: str) -> str:
    """A text of this project in the language of the page, or else in English, and known to be so.

    Args:
        text: a `Message`, or a text that is a message itself.
    """
    message, values = (text.message, text.values) if isinstance(text, Message) else (text, {})
    if not message or isinstance(text, TaggedText):
        return text
    found = translated(message)
    return TaggedText(text, SOURCE) if found == message else found % values if values else found


def capitalized(text: str) -> str:
    """A text that begins with a capital letter, and still knows its language."""
    return TaggedText(text[:1].upper() + text[1:], getattr(text, "language", ""))


def format_fraction(text: str) -> str:
    """A number with a decimal point as the language of the page writes it; other texts stay."""
    try:
        return format_decimal(Decimal(text), "0.######", locale=_locale())
    except InvalidOperation:
        return text


def N_(message: str) -> str:  # noqa: N802  (the usual name, by which messages are extracted)
    """Mark a text that is translated where it is used."""
    return message


def format_number(number: float) -> str:
    """A number as the language of the page writes it: 1,234 or 1.234; others with two decimals."""
    form = "0.00" if isinstance(number, float) else None
    return format_decimal(number, form, locale=_locale())


def format_day(text: str) -> str:
    """A date of the form 2026-11-29 as the language of the page writes it; other texts stay.

    It is an element that still has the date for programs (HTML, section 4.5.14).
    """
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return text
    shown = format_date(day, "long", locale=_locale())
    return Markup('<time datetime="{}">{}</time>').format(text, shown)


def language_name(tag: str) -> str:
    """A language by its name in the language of the page; a tag that is not known stays."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(_locale()) or tag
    except (ValueError, UnknownLocaleError):
        return tag


def joined(words: list[str]) -> str:
    """Words as an enumeration: “a, b and c”."""
    *others, last = words or [""]
    if not others:
        return last
    return gettext("%(first)s and %(last)s", first=_as(", ", others).join(others), last=last)


def _as(text: str, values: Iterable[object]) -> str:
    """A text, as HTML if any of the values is, so that these stay and others are escaped."""
    is_html = any(isinstance(value, Markup) for value in values)
    return Markup(text) if is_html else text  # noqa: S704  (messages are this project's)


def _locale() -> str:
    return _LOCALES.get(current_language(), current_language())

"""The texts of scripts, which pages carry for them as data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.extract import extract_from_file
from flask import current_app
from markupsafe import Markup

from competency_graph.web.languages.negotiation import SOURCE
from competency_graph.web.languages.texts import catalogue, current_language

KEYWORDS: Final = {"_": None, "ngettext": (1, 2)}
"""The functions of ``static/texts.js`` whose arguments are messages."""


def script_texts(*names: str) -> Markup:
    """An element with the translations that scripts need, for ``static/texts.js``; "" in English.

    Args:
        names: files or folders of ``static``.
    """
    language = current_language()
    if language == SOURCE:
        return Markup("")
    texts = _translated(Path(str(current_app.static_folder)), names, language)
    return Markup('<script type="application/json" class="texts">{}</script>\n').format(
        Markup(texts)  # noqa: S704  (“<” is escaped)
    )


@cache
def _translated(folder: Path, names: Iterable[str], language: str) -> str:
    """The translations as JSON: by message, a text, or a list of the forms for numbers."""
    translations = catalogue(language)
    found: dict[str, str | list[str]] = {}
    for message in _messages(folder, names):
        if isinstance(message, str):
            found[message] = translations.gettext(message)
        else:
            one, many = message
            found[one] = [translations.ngettext(one, many, number) for number in (1, 2)]
    return json.dumps(found, ensure_ascii=False).replace("<", "\\u003c")


def _messages(folder: Path, names: Iterable[str]) -> Iterable[str | tuple[str, ...]]:
    """The messages in the source of scripts."""
    for name in names:
        path = folder / name
        for script in sorted(path.glob("*.js")) if path.is_dir() else [path]:
            for _, message, *_ in extract_from_file("javascript", script, KEYWORDS):
                yield message if isinstance(message, str) else tuple(message)

"""The words of a text as they are compared: in lower case and without diacritics."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

WORD: Final = re.compile(r"[^\W_]+")
"""A word of a text."""
TOKENIZER: Final = "porter unicode61 remove_diacritics 2"
"""How SQLite reduces a word to its stem."""


@lru_cache(100_000)
def plain(text: str) -> str:
    """A text in lower case and without diacritics."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def plain_words(text: str) -> Iterator[str]:
    """The words of a text, in lower case and without diacritics."""
    for word in WORD.findall(text):
        yield from WORD.findall(plain(word))

"""Reduces labels and definitions to word stems for comparison."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, Protocol

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9]{1,5}s?")
_IN_BRACKETS = re.compile(r"\(([A-Z][A-Z0-9]{1,5})s?\)")
_BEFORE_BRACKETS = re.compile(r"\b([A-Z][A-Z0-9]{1,5}) \(([^()]{3,150})\)")
_MAX_LONG_FORM: Final = 150
"""The maximum length of an acronym's long form, in characters."""
_FUNCTION_WORDS: Final = {
    "en": "a an and are as at be by can for from has have in into is it its of on or other out "
    "such that the their them these this those through to up upon via which with within",
    "de": "als am an auf aus bei das dem den der des die ein eine einem einen einer eines für im "
    "in ist mit nach oder sich sind sowie und unter vom von vor wie zu zum zur über",
    "es": "a al con como de del e el en es la las los o para por que se sin su sus un una y",
    "fr": "à au aux avec ce ces d dans de des du en est et l la le les leur leurs ou par pour que "
    "qui s sa se ses son sont sur un une",
}
"""Words without meaning of their own. In other languages, only rarity is taken into account."""
_STEMMERS: Final = {
    "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fi": "finnish", "fr": "french", "ga": "irish", "hu": "hungarian", "it": "italian",
    "lt": "lithuanian", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "sv": "swedish",
}  # fmt: skip


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  (the library's name)


class Words:
    """Splits texts of one language into word stems.

    Args:
        language: its tag; words of an unsupported language are not stemmed.
    """

    def __init__(self, language: str) -> None:
        primary = language.lower().partition("-")[0]
        self._ignored = frozenset(_FUNCTION_WORDS.get(primary, "").split())
        self._stemmer: _Stemmer | None = None
        if primary in _STEMMERS:
            import snowballstemmer

            self._stemmer = snowballstemmer.stemmer(_STEMMERS[primary])
        self._long_forms: dict[str, tuple[str, ...]] = {}
        self.stem = lru_cache(maxsize=200_000)(self._stem)
        self._stems = lru_cache(maxsize=200_000)(self._split)

    def learn(self, texts: Iterable[str]) -> None:
        """Learn the acronyms that texts explain: “customer relationship management (CRM)”."""
        for text in texts:
            for short, long in _acronyms(text):
                self._long_forms.setdefault(short, self._stems(long))

    def __call__(self, text: str) -> list[str]:
        """The stems of a text in order; an acronym adds those of its long form."""
        found = list(self._stems(text))
        if self._long_forms:
            for match in _ACRONYM.finditer(text):
                found += self._long_forms.get(match[0].rstrip("s"), ())
        return found

    def key(self, text: str) -> str:
        """A key shared by labels that differ only in case, inflection and function words."""
        return " ".join(self._stems(text))

    def spelled(self, text: str) -> dict[str, str]:
        """The words of a text as spelled, by stem."""
        return {self.stem(word.casefold()): word for word in _words(text)}

    def _split(self, text: str) -> tuple[str, ...]:
        words = map(str.casefold, _words(text))
        return tuple(self.stem(word) for word in words if word not in self._ignored)

    def _stem(self, word: str) -> str:
        word = re.sub(r"['\u2019]s?$", "", word)
        return self._stemmer.stemWord(word) if self._stemmer else word


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text))


def _acronyms(text: str) -> Iterator[tuple[str, str]]:
    """Yield the acronyms that a text explains, each with the words that it abbreviates."""
    if "(" not in text:
        return
    pairs = [
        (m[1], text[max(0, m.start() - _MAX_LONG_FORM) : m.start()])
        for m in _IN_BRACKETS.finditer(text)
    ]
    pairs += [(m[1], m[2]) for m in _BEFORE_BRACKETS.finditer(text)]
    for short, long in pairs:
        words = _words(long)[-len(short) :]
        if "".join(word[0] for word in words).upper() == short:
            yield short, " ".join(words)

"""Labels, examples and titles in the wording of a document."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final, NamedTuple

_DASHES = r"\s*—\s*|(?<!\d)\s*–\s*(?!\d)|\s+-{1,3}\s+|\s*--+\s*"
_DASH, _COLON = re.compile(_DASHES), re.compile(r":\s+")
"""What separates the title of a key action from its description; a colon if there is no dash."""
_NAME_END = re.compile(_DASHES + r"|:\s+|\.\s+(?=\S)")
"""What separates the name of a role from its definition."""
_JOINED = re.compile(r"(?<=\s)[a-z][a-z-]+(?P<at>)(?=[A-Z][a-z])")
_JOINED_ANYWHERE = re.compile(r"(?<=[a-z]{2})(?P<at>)(?=[A-Z][a-z])")
_MAX_TITLE_WORDS: Final = 25
_MAX_WORD: Final = 60
_SENTENCE = re.compile(r"(?<=[a-z])[.;]\s+(?=[A-Z])")
_CAPITAL = re.compile(r"(?<=[a-z])\s+(?=[A-Z][a-z]+s\s)")
_EXAMPLES = re.compile(r"\s*\((?:for example|for instance|e\.\s?g\.)[,:]?\s*", re.I)
_AND_SO_ON = re.compile(r"(?i)^(?:and |or )?(?:so (?:forth|on)|etc\.?|others?|the like)$")
_AND = re.compile(r"\s+and\s+")
_ABBREVIATIONS = ("etc.", "inc.", "ltd.", "co.", "corp.", "e.g.", "i.e.", "no.", "vs.", "dept.")
_MAX_ROLE_NAME: Final = 8
"""The most words of a role's name before its definition."""
MIXED_WORD: Final = re.compile(r"\b[a-z]{2,}(?:[A-Z][a-z]+)+\b")
"""A capital letter within a word, as in “wiThend”."""
MISSING_SPACE: Final = re.compile(r"(?<=[a-z]{2})[.;:,](?=[A-Z][a-z])")
"""A sentence that begins directly after a stop."""


class Split(NamedTuple):
    """The title and the description of an item.

    Args:
        title: the title.
        description: the description, or "".
        guessed: whether no dash separates them, so that the end of the title is a guess.
    """

    title: str
    description: str
    guessed: bool = False


def item_label(text: str) -> str:
    """The label in an item of a list: without the punctuation that ends an item."""
    label = re.sub(r"(?i)\s*[;,](?:\s+(?:and|or))?$", "", text.strip())
    return strip_stop(label)


def strip_stop(text: str) -> str:
    """A text without its full stop, unless that belongs to an abbreviation."""
    if not text.endswith(".") or text.endswith("..") or text.lower().endswith(_ABBREVIATIONS):
        return text
    return text[:-1].rstrip()


def split_title(text: str) -> Split:
    """Split a key action; without a dash, at the likeliest place.

    That is where two words run together, or a sentence begins after a stop or a capital letter.
    """
    found = _DASH.search(text) or _COLON.search(text)
    joined = _JOINED.search(text, 0, found.start() if found else len(text))
    if found and not joined:
        title = text[: found.start()].strip()
        guessed = len(title.split()) > _MAX_TITLE_WORDS
        return Split(title, text[found.end() :].strip(), guessed)
    for form in (_JOINED, _JOINED_ANYWHERE, _SENTENCE, _CAPITAL):
        if found := form.search(text):
            start = found.start("at") if "at" in form.groupindex else found.start()
            return Split(text[:start].strip(), text[found.end() :].strip(), guessed=True)
    return Split(strip_stop(text), "")


def split_role(text: str) -> Split:
    """Split the item of a role into its name and its definition."""
    found = _NAME_END.search(text)
    if found and len(text[: found.start()].split()) <= _MAX_ROLE_NAME:
        return Split(text[: found.start()].strip(), text[found.end() :].strip())
    return Split(item_label(text), "")


def without_examples(text: str) -> tuple[str, list[str]]:
    """A text without its “(for example, …)” lists, and the examples in them."""
    plain, found, start = "", [], 0
    while match := _EXAMPLES.search(text, start):
        end = _closing(text, match.end())
        if end < 0:
            break
        plain += text[start : match.start()]
        found += _items(text[match.end() : end])
        start = end + 1
    return " ".join((plain + text[start:]).split()), found


def examples(text: str) -> list[str]:
    """The examples in the “(for example, …)” lists of a text."""
    return without_examples(text)[1]


def _closing(text: str, start: int) -> int:
    """The position of the bracket that closes the one before ``start``; -1 if there is none."""
    depth = 1
    for position in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if not depth:
            return position
    return -1


def _items(text: str) -> list[str]:
    """The items of a list in a sentence: “a, b, and c”."""
    parts, depth = [""], 0
    for position, character in enumerate(text):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(character, 0)
        if character in ",;" and not depth and text[max(position - 1, 0)] != "-":
            parts.append("")
        elif character in '”"' and len(parts) > 1 and not parts[-1]:
            parts[-2] += character  # American usage: the comma comes first
        else:
            parts[-1] += character
    if len(parts) == 1:
        both = [] if "," in text else _AND.split(text)
        return [each.strip() for each in (both if len(both) == 2 else [text])]
    items = ["" if _AND_SO_ON.match(part.strip()) else part.strip() for part in parts]
    return [item for item in (re.sub(r"^(?:and|or)\s+", "", each) for each in items) if item]


def separated(word: str, words: Container[str]) -> str:
    """Two words that were run together, as “wiThend”, with a space; "" if they are not known.

    Args:
        word: the word with a capital letter in it.
        words: the words of the document, in lower case.
    """
    plain = word.lower() if len(word) <= _MAX_WORD else ""
    splits = [
        (min(at, len(plain) - at), f"{plain[:at]} {plain[at:]}")
        for at in range(2, len(plain) - 1)
        if plain[:at] in words and plain[at:] in words
    ]
    return max(splits)[1] if splits else ""

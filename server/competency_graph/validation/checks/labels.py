"""Labels that nearly equal another, placeholders, and definitions that only repeat the label."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Final

import pyoxigraph as ox
from rapidfuzz.distance import OSA

from competency_graph.rdf.vocabulary import CG
from competency_graph.validation.checks.author_statements import (
    DEFINITION,
    LABEL,
    AuthorStatements,
    Text,
)
from competency_graph.validation.checks.check_result import (
    NEAR_DUPLICATE,
    PLACEHOLDER,
    REPEATED,
    CheckResult,
)

_STOP_WORDS: Final = {
    "en": frozenset(("a", "an", "and", "for", "in", "of", "on", "or", "the", "with")),
    "de": frozenset(("der", "die", "das", "des", "den", "dem", "ein", "eine", "und", "von")),
    "fr": frozenset(("le", "la", "les", "un", "une", "et", "de", "du", "des")),
    "es": frozenset(("el", "la", "los", "las", "un", "una", "y", "de", "del")),
}
"""Words without meaning of their own, by language."""
_ORDER_WORDS: Final = frozenset(("to", "from", "into", "by", "over", "versus", "vs", "than"))
"""Words that make word order significant: from A to B is not from B to A."""
_PROPERTY_NAMES: Final = {LABEL: "label", DEFINITION: "definition"}
_PLACEHOLDER: Final = re.compile(
    r"(?:(?:to[ -]?do|tb[acd]|fixme|x{3,}|n/?a|place ?holder|dummy|asdf|foo ?bar|"
    r"to be (?:added|confirmed|decided|defined|determined|done|written)|"
    r"(?:add|insert|your) (?:label|text|definition|description)(?: here)?|new (?:entry|label))"
    r"[\W_]*$|to[ -]?do:|lorem ipsum)",
    re.IGNORECASE,
)
"""Placeholders for texts still to be written."""
_MIN_TYPO_LENGTH: Final = 7
"""The minimum length of words in which one different letter counts as a typo."""
_CACHE_SIZE: Final = 100_000
"""The number of texts whose words are cached, for the next check and the next validation."""


def near_duplicates(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report each of the author's labels that nearly equals that of another entry of its class.

    Labels are nearly equal if they have the same words, regardless of order, case, number and word
    separation, or differ in one letter of a long word that occurs in no other label. The time
    needed is proportional to the number of labels.
    """
    groups: dict[tuple[str, str], dict[Text, bool]] = defaultdict(dict)
    for texts, is_own in ((draft.base_texts, False), (draft.own_texts, True)):
        for text in texts:
            if text.predicate == LABEL and text.entry not in draft.deprecated:
                for kind in draft.types.get(text.entry, ()):
                    if kind.startswith(str(CG)):
                        groups[kind, text.value.language or ""].setdefault(text, is_own)
    for group in groups.values():
        for text, other in _near_duplicate_pairs(group) if any(group.values()) else ():
            yield CheckResult(
                NEAR_DUPLICATE,
                text.entry,
                f"The label “{text.value.value}” is "
                f"{'also' if text.value == other.value else 'nearly'} that of "
                f"{_entry_name(other.entry)}, “{other.value.value}”",
                "Use that entry, or change the labels to show the difference",
                LABEL,
                str(text.value),
            )


def _entry_name(entry: str) -> str:
    return "an entry without an IRI" if entry.startswith("_:") else entry


def _near_duplicate_pairs(group: dict[Text, bool]) -> Iterator[tuple[Text, Text]]:
    """Yield each of the author's texts with an earlier text of the group that it nearly equals."""
    written = {text: _words(text.value) for text in group}
    corrections = _typo_corrections(word for each in written.values() for word in each)
    first: dict[str, Text] = {}
    for text, is_own in group.items():
        words = [corrections.get(word, word) for word in written[text]]
        keys = "".join(words), " ".join(words if _ORDER_WORDS & set(words) else sorted(words))
        other = next((first[key] for key in keys if key in first), text)
        for key in keys:
            first.setdefault(key, text)
        if is_own and other.entry != text.entry:
            yield text, other


def _typo_corrections(words: Iterable[str]) -> dict[str, str]:
    """Map words that occur once and may be typos to the words that were probably meant."""
    count = Counter(words)
    by_rest: dict[str, str] = {}
    corrections = {}
    for word in sorted(
        (word for word in count if len(word) >= _MIN_TYPO_LENGTH), key=lambda w: -count[w]
    ):
        # Only letters inside a word count: “macro” and “micro”, “employer” and “employee” differ.
        rests = [word, *(word[:n] + word[n + 1 :] for n in range(3, len(word) - 2))]
        near = next((by_rest[rest] for rest in rests if rest in by_rest), None)
        if near and count[word] == 1 and word.isalpha() and _is_typo(word, near):
            corrections[word] = near
        else:
            for rest in rests:
                by_rest.setdefault(rest, word)
    return corrections


def _is_typo(one: str, other: str) -> bool:
    same = one[:3] == other[:3] and one[-2:] == other[-2:]
    return same and OSA.distance(one, other, score_cutoff=1) == 1


def placeholders(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report each of the author's labels and definitions that is only a placeholder."""
    for text in draft.own_texts:
        content = text.value.value.strip()
        is_placeholder = _PLACEHOLDER.match(content) or (
            text.predicate == DEFINITION and not re.search(r"[^\W_]", content)
        )
        if text.predicate in _PROPERTY_NAMES and content and is_placeholder:
            yield CheckResult(
                PLACEHOLDER,
                text.entry,
                f"The {_PROPERTY_NAMES[text.predicate]} “{content[:60]}” is a placeholder",
                "Write the real text, or remove it",
                text.predicate,
                str(text.value),
            )


def repeated(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report each of the author's definitions that only repeats the entry's label."""
    labels = {
        (text.entry, text.value.language): _words(text.value)
        for text in (*draft.base_texts, *draft.own_texts)
        if text.predicate == LABEL
    }
    for text in draft.own_texts:
        label = labels.get((text.entry, text.value.language))
        if text.predicate == DEFINITION and label and set(_words(text.value)) <= set(label):
            yield CheckResult(
                REPEATED,
                text.entry,
                "The definition only repeats the label",
                "Write a definition that says more than the label",
                DEFINITION,
                str(text.value),
            )


def _words(text: ox.Literal) -> tuple[str, ...]:
    return _words_of(text.value, (text.language or "").partition("-")[0])


@lru_cache(_CACHE_SIZE)
def _words_of(text: str, language: str) -> tuple[str, ...]:
    """The meaningful words of a label, in the singular.

    Signs that distinguish words are kept, as in C++ and C#. A label without words, such as “???”,
    is returned whole.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    words = re.findall(r"[^\W_]+[+#]*", re.sub(r"['\u2019](s\b)?", "", plain))
    stop_words = _STOP_WORDS.get(language, frozenset())
    # The last word is never an article: “Vitamin A”.
    kept = [word for word in words[:-1] if word not in stop_words] + words[-1:]
    return tuple(_singular(word) for word in kept) or (plain.strip(),)


@cache
def _singular(word: str) -> str:
    """Remove the plural from a word, going by its ending."""
    if len(word) <= 3 or word.endswith(("ss", "us")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("ysis"):
        return word[:-2] + "e"
    return word if word.endswith("is") else word.removesuffix("s")

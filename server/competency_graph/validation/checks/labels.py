"""Labels that are nearly another's, and definitions that are no more than the label."""

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

_EMPTY: Final = {
    "en": frozenset(("a", "an", "and", "for", "in", "of", "on", "or", "the", "with")),
    "de": frozenset(("der", "die", "das", "des", "den", "dem", "ein", "eine", "und", "von")),
    "fr": frozenset(("le", "la", "les", "un", "une", "et", "de", "du", "des")),
    "es": frozenset(("el", "la", "los", "las", "un", "una", "y", "de", "del")),
}
"""Words that carry no meaning, by language."""
_DIRECTED: Final = frozenset(("to", "from", "into", "by", "over", "versus", "vs", "than"))
"""Words that make the order of the others matter: from A to B is not from B to A."""
_CALLED: Final = {LABEL: "label", DEFINITION: "definition"}
_PLACEHOLDER: Final = re.compile(
    r"(?:(?:to[ -]?do|tb[acd]|fixme|x{3,}|n/?a|place ?holder|dummy|asdf|foo ?bar|"
    r"to be (?:added|confirmed|decided|defined|determined|done|written)|"
    r"(?:add|insert|your) (?:label|text|definition|description)(?: here)?|new (?:entry|label))"
    r"[\W_]*$|to[ -]?do:|lorem ipsum)",
    re.IGNORECASE,
)
"""Texts that nobody means to keep."""
_SHORTEST: Final = 7
"""Letters of a word from which one more, one less or another one is taken for a slip."""
_KEPT: Final = 100_000
"""Texts whose words are kept, for the next check and the next validation."""


def near_duplicates(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Each label of the author's that is nearly that of another entry of its class.

    Two are if they have the same words, in whatever order, case and number, joined or apart, or
    differ in one letter within a long word that no other label has. It takes time in proportion to
    the labels.
    """
    groups: dict[tuple[str, str], dict[Text, bool]] = defaultdict(dict)
    for texts, mine in ((draft.base_texts, False), (draft.own_texts, True)):
        for text in texts:
            if text.predicate == LABEL and text.entry not in draft.deprecated:
                for kind in draft.types.get(text.entry, ()):
                    if kind.startswith(str(CG)):
                        groups[kind, text.value.language or ""].setdefault(text, mine)
    for group in groups.values():
        for text, other in _alike(group) if any(group.values()) else ():
            yield CheckResult(
                NEAR_DUPLICATE,
                text.entry,
                f"The label “{text.value.value}” is "
                f"{'also' if text.value == other.value else 'nearly'} that of "
                f"{_name(other.entry)}, “{other.value.value}”",
                "Use that entry, or make the labels tell the difference",
                LABEL,
                str(text.value),
            )


def _name(entry: str) -> str:
    return "an entry without IRI" if entry.startswith("_:") else entry


def _alike(group: dict[Text, bool]) -> Iterator[tuple[Text, Text]]:
    """Each text of the author's, and an earlier one of the group that it is nearly the same as."""
    written = {text: _words(text.value) for text in group}
    meant = _without_slips(word for each in written.values() for word in each)
    first: dict[str, Text] = {}
    for text, mine in group.items():
        words = [meant.get(word, word) for word in written[text]]
        keys = "".join(words), " ".join(words if _DIRECTED & set(words) else sorted(words))
        other = next((first[key] for key in keys if key in first), text)
        for key in keys:
            first.setdefault(key, text)
        if mine and other.entry != text.entry:
            yield text, other


def _without_slips(words: Iterable[str]) -> dict[str, str]:
    """For each word that stands but once and may be a slip of another, that other word."""
    count = Counter(words)
    by_rest: dict[str, str] = {}
    meant = {}
    for word in sorted((word for word in count if len(word) >= _SHORTEST), key=lambda w: -count[w]):
        # A slip is inside the word: “macro” and “micro”, “employer” and “employee” are none.
        rests = [word, *(word[:n] + word[n + 1 :] for n in range(3, len(word) - 2))]
        near = next((by_rest[rest] for rest in rests if rest in by_rest), None)
        if near and count[word] == 1 and word.isalpha() and _slip(word, near):
            meant[word] = near
        else:
            for rest in rests:
                by_rest.setdefault(rest, word)
    return meant


def _slip(one: str, other: str) -> bool:
    same = one[:3] == other[:3] and one[-2:] == other[-2:]
    return same and OSA.distance(one, other, score_cutoff=1) == 1


def placeholders(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Each label and definition of the author's that only holds the place of one."""
    for text in draft.own_texts:
        said = text.value.value.strip()
        holding = _PLACEHOLDER.match(said) or (
            text.predicate == DEFINITION and not re.search(r"[^\W_]", said)
        )
        if text.predicate in _CALLED and said and holding:
            yield CheckResult(
                PLACEHOLDER,
                text.entry,
                f"The {_CALLED[text.predicate]} “{said[:60]}” holds the place "
                "of one that is still to be written",
                "Write it",
                text.predicate,
                str(text.value),
            )


def repeated(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Each definition of the author's that says no more than the entry's label."""
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
                "Say in it what the label leaves open",
                DEFINITION,
                str(text.value),
            )


def _words(text: ox.Literal) -> tuple[str, ...]:
    return _words_of(text.value, (text.language or "").partition("-")[0])


@lru_cache(_KEPT)
def _words_of(text: str, language: str) -> tuple[str, ...]:
    """The words that carry the meaning of a label, in the singular.

    Signs belong to a word where they make it another, as in C++ and C#. A label without words, as
    “???”, is its own one.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    words = re.findall(r"[^\W_]+[+#]*", re.sub(r"['\u2019](s\b)?", "", plain))
    empty = _EMPTY.get(language, frozenset())
    # The last word is no article: “Vitamin A”.
    kept = [word for word in words[:-1] if word not in empty] + words[-1:]
    return tuple(_singular(word) for word in kept) or (plain.strip(),)


@cache
def _singular(word: str) -> str:
    """A word without its plural, as far as its ending tells."""
    if len(word) <= 3 or word.endswith(("ss", "us")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("ysis"):
        return word[:-2] + "e"
    return word if word.endswith("is") else word.removesuffix("s")

"""The habits of dictionaries written as documents: their headings, labels, bullets and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Section(StrEnum):
    """A section of a document."""

    FRONT = "introduction"
    CONTENTS = "contents"
    ROLES = "roles"
    COMPETENCIES = "competencies"
    AREAS = "areas of expertise"


class Part(StrEnum):
    """A part of an entry, announced by a label such as “Key Actions:”."""

    DEFINITION = "definition"
    SKILLS = "skills and knowledge"
    KNOWLEDGE = "knowledge"
    ABILITIES = "abilities"
    ACTIONS = "key actions"
    OUTPUTS = "outputs"


BULLET: Final = re.compile(
    r"\s*(?:(?P<sign>[•●▪■◦○‣∙·\uf0b7*–—-])|(?P<number>\(?(?:\d{1,3}|[a-z])[.)]))\s+(?=\S)"
)
NUMBERING: Final = re.compile(
    r"\A(?:(?:section|chapter|part)\s+\d{1,2}(?:\.\d{1,2})*[.:)]?"
    r"|\d{1,2}(?:\.\d{1,2})+[.:)]?|\d{1,2}[.:)])\s+",
    re.IGNORECASE,
)
"""A number before a heading, such as “2.1 ” or “Section 3: ”."""
CONTENTS_LINE: Final = re.compile(r"(?P<name>.*?\S)[\s.…·_]*[\s.…·](?P<page>\d{1,4})\s*")
"""A line of a list of contents that ends in a page number."""
PAGE_NUMBER: Final = re.compile(
    r"(?i)\s*(?:[-–—|]\s*)?(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?(?:\s*[-–—|])?\s*"
)
CAPTION: Final = re.compile(r"(?i)table\b\s*(?:[a-z]?[-–.]?\d|[ivx]+\b)?[^.:]{0,8}[.:—–-]")
TITLES_OF: Final = re.compile(
    r"(?i)(?:(?:examples? of |example |sample )?(?:job )?titles (?:of|for) "
    r"(?:the |an? )?(?P<of>.+?)|(?P<role>.+?)(?:\s+job)?\s+titles)\s*:?"
)
CLUSTER: Final = re.compile(
    r"(?i)(?P<name>.+?)\s+(?:competenc(?:y|ies)(?: cluster)?|cluster)"
    r"|cluster(?:\s+\w{1,3})?\s*[:—–-]\s*(?P<after>.+)"
)
OTHER_OUTPUTS: Final = re.compile(
    r"(?i)(?:and )?(?:any )?other outputs?(?:,? (?:as|where) \w+)?[.;]?"
)
SECTIONS: Final[Mapping[Section, re.Pattern[str]]] = {
    Section.CONTENTS: re.compile(r"(?i)(?:table of )?contents:?"),
    Section.ROLES: re.compile(r"(?i)(?:[\w&’'-]+\s){0,4}roles"),
    Section.COMPETENCIES: re.compile(
        r"(?i)(?:(?:foundational|foundation|core|common|shared|general|basic|key)\s)?competencies"
    ),
    Section.AREAS: re.compile(
        r"(?i)(?:[\w&’'-]+\s){0,4}areas? of (?:expertise|speciali[sz]ation)(?:\s\([^()]*\))?"
    ),
}
_LABELS: Final[Mapping[Part, str]] = {
    Part.SKILLS: r"(?:key\s+)?(?:skills\s+and\s+knowledge|knowledge\s+and\s+skills)",
    Part.KNOWLEDGE: r"(?:required\s+|key\s+)?knowledge(?:\s+of)?",
    Part.ABILITIES: r"(?:(?:key\s+)?abilit(?:y|ies)|able)(?:\s+to)?",
    Part.ACTIONS: r"(?:key|main)\s+(?:actions|activities)",
    Part.OUTPUTS: r"(?:(?:sample|example|typical|key)\s+)?outputs",
}
_LABEL = {part: re.compile(rf"(?i){words}\s*(?:[:…]|\.\.\.)?") for part, words in _LABELS.items()}
_DEFINITION = re.compile(r"(?i)definition\s*(?:[:.—–-]\s*(?P<rest>.*))?", re.DOTALL)
MAX_HEADING: Final = 120
"""The most characters of a heading, a line of contents or another text that is matched as such."""
_MAX_NAME_WORDS = 14


def label(text: str, own: Mapping[str, Part] | None = None) -> tuple[Part, str] | None:
    """The part that a text announces, and the rest of the text; None if it is not a label.

    Args:
        text: the text of a line or paragraph.
        own: the document's own labels in lower case, without colon.
    """
    text = text.strip()
    if not text or text[0].islower():
        return None  # the end of a wrapped sentence
    if own and (part := own.get(text.rstrip(":").strip().lower())):
        return part, ""
    if found := _DEFINITION.fullmatch(text):
        return Part.DEFINITION, (found["rest"] or "").strip()
    return next(((part, "") for part, form in _LABEL.items() if form.fullmatch(text)), None)


def section(text: str) -> Section | None:
    """The section that a heading starts; None if it starts none."""
    if len(text) > MAX_HEADING:
        return None
    plain = NUMBERING.sub("", text.strip(), count=1)
    return next((each for each, form in SECTIONS.items() if form.fullmatch(plain)), None)


def is_heading(text: str) -> bool:
    """Whether a text is in the form of a heading: of a section, a cluster or a list of titles."""
    text = text.strip()
    forms = (CLUSTER, TITLES_OF)
    return is_name(text.rstrip(":")) and (
        section(text) is not None or any(form.fullmatch(text) for form in forms)
    )


def contents_line(text: str) -> re.Match[str] | None:
    """A line of a list of contents with its name and page; None if it ends in no page number."""
    return CONTENTS_LINE.fullmatch(text) if len(text) <= 2 * MAX_HEADING else None


def is_name(text: str) -> bool:
    """Whether a text can be the name of an entry: short, capitalised and not a sentence."""
    text = text.strip()
    return (
        0 < len(text) <= MAX_HEADING
        and len(text.split()) <= _MAX_NAME_WORDS
        and text[-1] not in ".:;,?!"
        and not text[0].islower()
        and text[0].isalnum()
    )

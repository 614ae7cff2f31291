"""What the pages about versions call changes, in the language of the page."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint

from competency_graph.rdf.vocabulary import KIND_OF_CLASS
from competency_graph.versions.model import ADDED, KINDS
from competency_graph.versions.released.history import Step
from competency_graph.versions.usual_names import in_words
from competency_graph.web.browse.kinds import WORDS, counted, kind_words
from competency_graph.web.languages.texts import format_number, gettext, in_page_language

blueprint = Blueprint("words_of_changes", __name__)


@blueprint.app_template_global()
def first_counts(step: Step) -> str:
    """The number of entries of each kind that the first version has, in words."""
    kinds = Counter(KIND_OF_CLASS.get(change.class_, "") for change in step.of(ADDED))
    return ", ".join(counted(kinds[kind], kind) for kind in WORDS if kinds[kind])


@blueprint.app_template_global()
def change_counts(step: Step) -> str:
    """The number of changes of each kind that a version has, as a sentence."""
    parts = [
        gettext("%(number)s %(change)s", number=format_number(number), change=_uncapitalized(kind))
        for kind, number in step.counts.items()
    ]
    sentence = f"{', '.join(parts)}."
    return sentence[0].upper() + sentence[1:]


@blueprint.app_template_global()
def change_words(kind: str) -> str:
    """A kind of changes, as a heading in the language of the page."""
    return gettext(KINDS[kind])


@blueprint.app_template_global()
def class_words(class_: str) -> str:
    """A class within a sentence, in the language of the page or else in English."""
    kind = KIND_OF_CLASS.get(class_)
    return kind_words(kind).noun if kind else in_page_language(in_words(class_))


def _uncapitalized(kind: str) -> str:
    words = change_words(kind)
    return words[0].lower() + words[1:]

"""Comparisons in sentences."""

from __future__ import annotations

from collections.abc import Iterable

from competency_graph.sparql.comparison import Comparison, Way
from competency_graph.web.browse.kinds import counted


def comparison_sentences(comparison: Comparison) -> list[str]:
    """What the compared entries share, and what each of them alone has, in a sentence each."""
    names = [entry.name for entry in comparison.entries]
    shared = [counted(len(s.shared), s.kind) for s in comparison.sections if s.shared]
    verb = "share" if len(names) == 2 else "all share"
    sentences = [f"{joined(names)} {verb} {joined(shared) or 'nothing'}."]
    for place, name in enumerate(names):
        own = [
            counted(len(section.only(place)), section.kind)
            for section in comparison.sections
            if section.only(place)
        ]
        if own:
            sentences.append(f"Only {name} has {joined(own)}.")
    return sentences


def way_sentence(way: Way) -> str:
    """What is to be learned on a way from one role to another, in one sentence."""
    kinds = [kind for kind in ("knowledge", "ability", "action") if way.count(kind)]
    lessons = [counted(way.count(kind), kind) for kind in kinds]
    areas = [step for step in way.steps if step.area and step.new_area]
    if not lessons and not areas:
        return f"{way.start.name} already has everything that {way.goal.name} requires."
    learned = joined(lessons) or "nothing"
    if not areas:
        return f"To learn: {learned}."
    number = counted(len(areas), "area")
    return f"To learn: {learned}, in {number} that {way.start.name} does not cover."


def joined(words: Iterable[str]) -> str:
    """Words as an enumeration: “a, b and c”."""
    *others, last = list(words) or [""]
    return f"{', '.join(others)} and {last}" if others else last

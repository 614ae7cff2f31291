"""Comparisons in sentences."""

from __future__ import annotations

from collections.abc import Callable

from competency_graph.sparql.comparison import Comparison, Way
from competency_graph.web.browse.kinds import counted
from competency_graph.web.languages.texts import gettext as _
from competency_graph.web.languages.texts import joined


def comparison_sentences(comparison: Comparison, shown: Callable[[str], str] = str) -> list[str]:
    """What the compared entries share, and what each of them alone has, in a sentence each.

    Args:
        comparison: the comparison.
        shown: how a name is written, for example with its language as HTML.
    """
    names = [shown(entry.name) for entry in comparison.entries]
    shared = [counted(len(s.shared), s.kind) for s in comparison.sections if s.shared]
    both = {"names": joined(names), "parts": joined(shared) or _("nothing")}
    if len(names) == 2:
        sentences = [_("%(names)s share %(parts)s.", **both)]
    else:
        sentences = [_("%(names)s all share %(parts)s.", **both)]
    for place, name in enumerate(names):
        own = [
            counted(len(section.only(place)), section.kind)
            for section in comparison.sections
            if section.only(place)
        ]
        if own:
            sentences.append(_("Only %(name)s has %(parts)s.", name=name, parts=joined(own)))
    return sentences


def way_sentence(way: Way, shown: Callable[[str], str] = str) -> str:
    """What is to be learned on a way from one role to another, in one sentence.

    Args:
        way: the way.
        shown: as of `comparison_sentences`.
    """
    start = shown(way.start.name)
    kinds = [kind for kind in ("knowledge", "ability", "action") if way.count(kind)]
    lessons = [counted(way.count(kind), kind) for kind in kinds]
    areas = [step for step in way.steps if step.area and step.new_area]
    if not lessons and not areas:
        return _(
            "%(start)s already has everything that %(goal)s requires.",
            start=start,
            goal=shown(way.goal.name),
        )
    learned = joined(lessons) or _("nothing")
    if not areas:
        return _("To learn: %(parts)s.", parts=learned)
    number = counted(len(areas), "area")
    return _(
        "To learn: %(parts)s, in %(areas)s that %(start)s does not cover.",
        parts=learned,
        areas=number,
        start=start,
    )

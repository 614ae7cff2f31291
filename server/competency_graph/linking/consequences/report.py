"""The most surprising consequences as text, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import Final

import pyoxigraph as ox

from competency_graph.linking.consequences.surprise import Surprise
from competency_graph.linking.consequences.survey import Survey
from competency_graph.mappings.skos_graph import BROAD, EXACT, Relation
from competency_graph.rdf.short_names import shorten

FORMATS: Final = ("text", "json", "csv")
_VERBS: Final = {EXACT: "is exactly", BROAD: "is narrower than"}
_CLOSE: Final = "can be used in place of"
_COLUMNS: Final = (
    "score", "subject_id", "subject_label", "subject_category", "predicate_id", "object_id",
    "object_label", "object_category", "texts", "kinds", "doubt", "jump", "chain",
)  # fmt: skip


def written(survey: Survey, form: str) -> str:
    """The survey in one of `FORMATS`."""
    return {"text": _text, "json": _json, "csv": _csv}[form](survey)


def _text(survey: Survey) -> str:
    count = f"{survey.number:,} consequences of {len(survey.links.places):,} links"
    lines = [f"{count}; the most surprising:" if survey.chosen else f"{count}."]
    for number, each in enumerate(survey.chosen, 1):
        subject, predicate, thing = each.entailment.relation
        verb = _VERBS.get(predicate, _CLOSE)
        lines.append("")
        lines.append(
            f"{number}. {_named(survey, subject)} {verb} {_named(survey, thing)} "
            f"[{each.score:.2f}: {_parts(each)}]"
        )
        lines += [f"   because {_reason(survey, link)}" for link in each.entailment.chain]
    if survey.unseen:
        lines += ["", *(f"Not looked at: {each}" for each in survey.unseen)]
    return "\n".join(lines) + "\n"


def _parts(each: Surprise) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in each.parts.items())


def _named(survey: Survey, iri: str) -> str:
    thing = survey.things[iri]
    kind = f" ({thing.kind.removeprefix('cg:')})" if thing.kind else ""
    return f"“{thing.label}”{kind}"


def _reason(survey: Survey, link: Relation) -> str:
    labels = [
        f"“{survey.things[iri].label}”" if iri in survey.things else f"<{iri}>"
        for iri in (link.subject, link.object)
    ]
    name = shorten(ox.NamedNode(link.predicate))
    place = survey.links.places.get(link)
    if place is None:
        return f"{labels[0]} {name} {labels[1]}"
    confidence = survey.links.confidences[link]
    return f"{labels[0]} {name} {labels[1]} ({place}, confidence {confidence:g})"


def _row(survey: Survey, each: Surprise) -> dict[str, object]:
    subject, predicate, thing = each.entailment.relation
    one, two = survey.things[subject], survey.things[thing]
    cells = (
        round(each.score, 3), subject, one.label, one.kind, predicate, thing, two.label, two.kind,
        *(round(value, 3) for value in each.parts.values()),
    )  # fmt: skip
    return dict(zip(_COLUMNS, cells, strict=False))


def _json(survey: Survey) -> str:
    listed = [
        _row(survey, each)
        | {
            "chain": [
                {
                    **link._asdict(),
                    "place": survey.links.places.get(link),
                    "confidence": survey.links.confidences.get(link),
                }
                for link in each.entailment.chain
            ]
        }
        for each in survey.chosen
    ]
    content = {
        "links": len(survey.links.places),
        "consequences": survey.number,
        "most_surprising": listed,
        "not_looked_at": list(survey.unseen),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _csv(survey: Survey) -> str:
    output = io.StringIO()
    writer = csv.DictWriter(output, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for each in survey.chosen:
        chain = "; ".join(_reason(survey, link) for link in each.entailment.chain)
        writer.writerow(_row(survey, each) | {"chain": chain})
    return output.getvalue()

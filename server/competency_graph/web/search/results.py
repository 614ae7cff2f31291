"""What the page and the JSON of a search show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import pyoxigraph as ox
from markupsafe import Markup

from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.rdf.short_names import TaggedText, local_name, shorten
from competency_graph.sparql.search.excerpts import Part, Places, excerpt, marked
from competency_graph.sparql.search.index import Found, Hit
from competency_graph.sparql.search.texts import ALTERNATIVE, CODE, EXAMPLE, LABEL
from competency_graph.web.browse.kinds import WORDS, Words, kind_words
from competency_graph.web.http.addresses import page_path
from competency_graph.web.languages.pages import marked as marked_language
from competency_graph.web.languages.texts import N_
from competency_graph.web.languages.texts import gettext as _

_NOTES: Final = {ALTERNATIVE: N_("Also called"), EXAMPLE: N_("For example")}
"""What comes before a text, by its property."""


@dataclass(frozen=True)
class Search:
    """What is looked for.

    Args:
        text: the words.
        kind: the only kind listed, or "".
        within: the short name of the area or cluster that the entries belong to, or "".
    """

    text: str = ""
    kind: str = ""
    within: str = ""

    def address(self, **changes: str) -> str:
        """The address of this search with other parameters."""
        parameters = {"q": self.text, "kind": self.kind, "in": self.within} | {
            {"within": "in", "text": "q"}.get(name, name): value for name, value in changes.items()
        }
        given = {name: value for name, value in parameters.items() if value}
        return f"/search?{urlencode(given)}"


class ShownHit(NamedTuple):
    """An entry found, as the page shows it.

    Args:
        path: the address of its page.
        label: its label, with the matching words marked.
        code: its code, or "".
        note: what the text is if it is not a definition: “Also called”, for example; or "".
        text: the part of the text that matches, or of its definition.
    """

    path: str
    label: Markup
    code: str
    note: str
    text: Markup


class Group(NamedTuple):
    """The entries of a kind.

    Args:
        kind: the kind.
        words: what pages call it.
        matches: how many match.
        hits: the best of them.
    """

    kind: str
    words: Words
    matches: int
    hits: Sequence[ShownHit]


def groups(found: Found) -> list[Group]:
    """The entries found by kind; the kind of the best entry is the first."""
    by_kind: dict[str, list[ShownHit]] = {}
    for hit in found.hits:
        by_kind.setdefault(hit.kind, []).append(_shown(hit, found.places))
    return [
        Group(kind, kind_words(kind), found.counts[kind], hits) for kind, hits in by_kind.items()
    ]


def as_json(search: Search, found: Found) -> dict[str, Any]:
    """A search result as JSON; `openapi` describes its members."""
    listed = [search.kind] if search.kind else list(found.counts)
    return {
        "query": search.text,
        "corrected": found.corrected,
        "unknown": found.unknown,
        "hasAllWords": found.has_all,
        "total": sum(found.counts.get(kind, 0) for kind in listed),
        "warning": found.warning,
        "facets": {
            "kind": [
                {"value": kind, "label": WORDS[kind].many, "count": count}
                for kind, count in found.counts.items()
            ],
            "in": [
                {
                    "value": short_name(facet.entry),
                    "label": facet.label or local_name(facet.entry),
                    "kind": facet.kind,
                    "count": facet.entries,
                }
                for facet in found.facets
            ],
        },
        "hits": [_hit_as_json(hit, found.places) for hit in found.hits],
    }


def suggestions(text: str, hits: Sequence[Hit], root: str) -> list[Any]:
    """Completions of a search text in the form of OpenSearch's extension for suggestions.

    Args:
        text: what has been typed.
        hits: the entries that it may become.
        root: the address of this service, ending in a slash.
    """
    return [
        text,
        [label_of(hit) for hit in hits],
        [kind_words(hit.kind).one for hit in hits],
        [root.rstrip("/") + page_path(hit.entry) for hit in hits],
    ]


def label_of(hit: Hit) -> str:
    """The label of an entry found, or else the last part of its IRI."""
    return hit.label or local_name(hit.entry)


def short_name(iri: str) -> str:
    """A prefixed name for an IRI, or the IRI if it has none."""
    return shorten(ox.NamedNode(iri))


def _hit_as_json(hit: Hit, places: Places) -> dict[str, Any]:
    return {
        "iri": hit.entry,
        "path": page_path(hit.entry),
        "label": label_of(hit),
        "kind": hit.kind,
        "code": hit.code,
        "score": hit.score,
        "property": hit.property,
        "concept": hit.concept or None,
        "excerpt": str(_markup(excerpt(hit.value, places))),
    }


def _shown(hit: Hit, places: Places) -> ShownHit:
    matches_name = hit.property in (LABEL, CODE)
    text = hit.definition if matches_name else hit.value
    note = "" if matches_name else _note(hit)
    return ShownHit(
        page_path(hit.entry),
        _in_its_language(hit.label, _markup(marked(label_of(hit), places))),
        hit.code,
        note,
        _in_its_language(text, _markup(excerpt(text, places))),
    )


def _in_its_language(text: str, shown: Markup) -> Markup:
    """What is shown of a text, marked if it is in another language than the page."""
    language = text.language if isinstance(text, TaggedText) else ""
    return Markup("{}").format(marked_language(shown, language))


def _note(hit: Hit) -> str:
    """What the text that matches is: another name, an example, or the label of a linked concept."""
    if note := _NOTES.get(hit.property):
        return _(note)
    if not hit.concept:
        return ""
    titles = (f.title for f in FRAMEWORKS.values() if hit.concept.startswith(f.namespace))
    title = next(titles, "")
    return _("Linked to %(framework)s", framework=title) if title else _("Linked elsewhere")


def _markup(parts: Sequence[Part]) -> Markup:
    """Parts of a text as HTML."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part.text) if part.marked else part.text for part in parts
    )

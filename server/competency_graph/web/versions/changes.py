"""``/changes``: what each version changed, as a page, as JSON and as an Atom feed."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any, Final

from flask import Blueprint, Response, current_app, render_template, request

from competency_graph.versions.model import ADDED, KINDS
from competency_graph.versions.released.history import EntryChange, Step
from competency_graph.versions.usual_names import in_words
from competency_graph.web.browse.kinds import (
    KIND_OF_CLASS,
    WORDS,
    contents,
    counted,
    kind_words,
)
from competency_graph.web.http.addresses import page_path
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import compress, list_response, static_site
from competency_graph.web.languages.negotiation import PARAMETER, SOURCE
from competency_graph.web.languages.texts import (
    current_language,
    format_number,
    gettext,
    translated_words,
)
from competency_graph.web.versions.atom import ATOM, Entry, Feed
from competency_graph.web.versions.served_history import has_versions, history

blueprint = Blueprint("changes", __name__)
blueprint.add_app_template_global(has_versions)
MAX_SHOWN: Final = 100
"""The maximum number of changes of a kind on a page."""
_MAX_FED: Final = 50
"""The maximum number of versions in the feed."""


@blueprint.get("/changes")
def changes() -> Response:
    """List the changes by version."""
    form = request.args.get("format", "")
    offered = ["text/html", "application/json", ATOM]
    if not form and request.accept_mimetypes.best_match(offered) == ATOM:
        return feed()
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    steps = history().steps
    return list_response(
        form,
        "versions/changes.html",
        [_item(step) for step in steps],
        steps=steps,
        most=MAX_SHOWN,
    )


@blueprint.get("/changes.atom")
def feed() -> Response:
    """The versions as an Atom feed (RFC 4287), in a language as pages are."""
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    served, root = contents(), request.url_root.rstrip("/")
    dictionary = served.dictionaries[0] if served.dictionaries else None
    names = dictionary.creators if dictionary else ()
    entries = [
        Entry(
            step.iri or f"{root}{version_address(step)}",
            f"{served.title} {step.number}",
            step.date,
            root + version_address(step),
            render_template("versions/feed_entry.html", step=step),
        )
        for step in history().steps[:_MAX_FED]
    ]
    made = Feed(
        dictionary.iri if dictionary else f"{root}/",
        served.title,
        dictionary.date if dictionary else "",
        f"{root}/changes",
        root + feed_address(),
        tuple(names) or (served.title,),
        current_language(),
    )
    response = compress(Response(made.xml(entries), mimetype=ATOM))
    response.vary.update(("Accept", "Accept-Language", "Cookie"))
    response.headers["Content-Language"] = current_language()
    return response


@blueprint.app_template_global()
def feed_address() -> str:
    """The path of the feed in the language of the page, as news readers do not ask for one."""
    language = current_language()
    return "/changes.atom" + (
        "" if language == SOURCE or static_site() else f"?{PARAMETER}={language}"
    )


@blueprint.app_template_global()
def entry_history(iri: str) -> list[tuple[Step, EntryChange]]:
    """The changes of an entry with their versions, the first one first."""
    return history().by_entry.get(iri, [])


@blueprint.app_template_global()
def version_address(step: Step) -> str:
    """The path of the page about a version."""
    path = page_path(step.iri.rpartition("/")[0]) or page_path(step.dictionary)
    return f"{path}/{step.number}" if path and "?" not in path else f"/versions/{step.number}"


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
    return kind_words(kind).noun if kind else translated_words(in_words(class_))


def _uncapitalized(kind: str) -> str:
    words = change_words(kind)
    return words[0].lower() + words[1:]


def _item(step: Step) -> dict[str, Any]:
    fields = asdict(step)
    for change in fields["changes"]:
        change["class"] = change.pop("class_")
        change["lines"] = [line._asdict() for line in change["lines"]]
    return {**fields, "counts": step.counts}

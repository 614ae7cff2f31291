"""``/changes``: what each version changed, as a page, as JSON and as an Atom feed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from flask import Blueprint, Response, current_app, render_template, request

from competency_graph.versions.released.history import EntryChange, Step
from competency_graph.web.browse.kinds import contents
from competency_graph.web.http.addresses import page_path
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import compress, list_response, static_site
from competency_graph.web.languages.negotiation import PARAMETER, SOURCE
from competency_graph.web.languages.texts import current_language
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
    named = language != SOURCE and not static_site()
    return f"/changes.atom?{PARAMETER}={language}" if named else "/changes.atom"


@blueprint.app_template_global()
def entry_history(iri: str) -> list[tuple[Step, EntryChange]]:
    """The changes of an entry with their versions, the first one first."""
    return history().by_entry.get(iri, [])


@blueprint.app_template_global()
def version_address(step: Step) -> str:
    """The path of the page about a version."""
    path = page_path(step.iri.rpartition("/")[0]) or page_path(step.dictionary)
    return f"{path}/{step.number}" if path and "?" not in path else f"/versions/{step.number}"


def _item(step: Step) -> dict[str, Any]:
    fields = asdict(step)
    for change in fields["changes"]:
        change["class"] = change.pop("class_")
        change["lines"] = [line._asdict() for line in change["lines"]]
    return {**fields, "counts": step.counts}

"""``/rules`` and ``/rules/CODE``: the rules for dictionaries, as pages and as data."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache

from flask import Blueprint, Response, render_template, send_from_directory
from markupsafe import Markup

from competency_graph.resources import RULES
from competency_graph.validation import rule_pages
from competency_graph.web.http.responses import wants_page

blueprint = Blueprint("rules", __name__, url_prefix="/rules")


@blueprint.get("")
def list_rules() -> Response:
    """List the rules, as a page or as JSON."""
    if wants_page():
        return _vary_by_accept(Response(render_template("rules.html", text=_index_markup())))
    listed = [
        {
            "code": page.code,
            "name": page.name,
            "severity": page.severity,
            "title": page.title,
            "href": _address(page.code),
        }
        for page in rule_pages.pages().values()
    ]
    return _vary_by_accept(_json_response(listed))


@blueprint.get("/<code>")
def rule(code: str) -> Response:
    """Return a rule, as a page or as JSON.

    Raises:
        UnknownNameError: the rule does not exist.
    """
    if code in rule_pages.EXAMPLES:
        return send_from_directory(RULES, code, mimetype=rule_pages.EXAMPLES[code])
    page = rule_pages.page(code)
    if not wants_page():
        return _vary_by_accept(_json_response(asdict(page)))
    why, remedy = (
        Markup(rule_pages.html(text, _address))  # noqa: S704  (HTML in the text is escaped)
        for text in (page.why, page.remedy)
    )
    return _vary_by_accept(
        Response(render_template("rule.html", rule=page, why=why, remedy=remedy))
    )


@cache
def _index_markup() -> Markup:
    return Markup(rule_pages.index(_address))  # noqa: S704  (HTML in the text is escaped)


def _address(name: str) -> str:
    """The address of a rule, an example or the list; an absolute address stays as it is."""
    if ":" in name:
        return name
    file, hash_, heading = name.partition("#")
    if file.removesuffix(".md") == "README":
        return f"{blueprint.url_prefix}{hash_}{heading}"
    return f"{blueprint.url_prefix}/{name}"


def _json_response(content: object) -> Response:
    return Response(json.dumps(content, ensure_ascii=False), mimetype="application/json")


def _vary_by_accept(response: Response) -> Response:
    response.vary.add("Accept")
    return response

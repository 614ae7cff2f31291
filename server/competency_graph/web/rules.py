"""``/rules`` and ``/rules/CODE``: what a dictionary is held to, as pages and as data."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache

from flask import Blueprint, Response, render_template, send_from_directory
from markupsafe import Markup

from competency_graph.resources import RULES
from competency_graph.validation import rule_pages
from competency_graph.web.responses import wants_page

blueprint = Blueprint("rules", __name__, url_prefix="/rules")


@blueprint.get("")
def listing() -> Response:
    """List the rules, as a page or as JSON."""
    if wants_page():
        return _varying(Response(render_template("rules.html", text=_index())))
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
    return _varying(_json(listed))


@blueprint.get("/<code>")
def rule(code: str) -> Response:
    """Send the page of a rule, or what it says as JSON.

    Raises:
        UnknownNameError: there is no such rule.
    """
    if code in rule_pages.EXAMPLES:
        return send_from_directory(RULES, code, mimetype=rule_pages.EXAMPLES[code])
    page = rule_pages.page(code)
    if not wants_page():
        return _varying(_json(asdict(page)))
    why, remedy = (
        Markup(rule_pages.html(text, _address))  # noqa: S704  (what is HTML in it is escaped)
        for text in (page.why, page.remedy)
    )
    return _varying(Response(render_template("rule.html", rule=page, why=why, remedy=remedy)))


@cache
def _index() -> Markup:
    return Markup(rule_pages.index(_address))  # noqa: S704  (what is HTML in it is escaped)


def _address(name: str) -> str:
    """Where a rule or an example is served; a whole address stays."""
    return name if ":" in name else f"{blueprint.url_prefix}/{name}"


def _json(said: object) -> Response:
    return Response(json.dumps(said, ensure_ascii=False), mimetype="application/json")


def _varying(response: Response) -> Response:
    response.vary.add("Accept")
    return response

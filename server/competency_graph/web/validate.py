"""``/validate``: a text in RDF or SSSOM in, a report of what is missing or wrong in it out.

Nothing of it is kept: no answer is, and the process that judged it ends with it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template, request, send_from_directory
from markupsafe import Markup
from werkzeug.exceptions import UnsupportedMediaType

from competency_graph import reports
from competency_graph.dictionary.base import BASES as KNOWN_BASES
from competency_graph.errors import BadValueError, LimitError
from competency_graph.rdf.formats import GRAPH_FORMATS, Format, format_of_ending
from competency_graph.reports import html
from competency_graph.sandbox.validation_request import ValidationRequest
from competency_graph.sandbox.worker_pool import Reply
from competency_graph.validation.sources.author_files import MAPPINGS
from competency_graph.web.responses import (
    MAX_BYTES_ON_PAGE,
    PAGE,
    ask,
    asker,
    choose,
    compressed,
    stream,
    unacceptable,
    wants_page,
)

blueprint = Blueprint("validate", __name__)
BASES = dict(
    zip(
        KNOWN_BASES,
        (
            "the sales dictionary, unless it describes one of its own that does not name it",
            "the sales dictionary",
            "nothing, it stands alone",
        ),
        strict=True,
    )
)
"""What a text may build on, the usual one first, and how a page says so."""
TAKEN: tuple[Format[Any], ...] = (
    *GRAPH_FORMATS[:4],
    Format(MAPPINGS, "text/tab-separated-values", ("tsv",), None),
)
"""What a text may be in: the formats of graphs, as the others hold several, and mappings."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@blueprint.get("/validate")
def form() -> Response:
    """Show a browser the form, and tell a machine what it may send."""
    if wants_page():
        response = Response(_page())
    else:
        told = {
            "takes": [each.media_type for each in TAKEN],
            "bytes": asker().limits.body,
            "bases": list(BASES),
            "formats": {each.name: each.media_type for each in reports.FORMATS},
        }
        response = Response(json.dumps(told), mimetype="application/json")
    response.vary.add("Accept")
    return response


@blueprint.post("/validate")
def validate() -> Response:
    """Judge the text that the request brings."""
    content, name = _sent()
    base = _given("base", list(BASES))
    chosen = choose(_given("format"), "report")["report"]
    if chosen is None:
        raise unacceptable("report")
    report = chosen.format if chosen.media_type != PAGE else reports.PART
    rules = "/rules/" if report == reports.PART else f"{request.url_root}rules/"
    with ExitStack() as stack:
        reply = ask(ValidationRequest(content, name, report, base, rules), stack)
        if report == reports.PART:
            return compressed(Response(_page(_whole(reply), base)))
        response = stream(reply, chosen, "validation")
        response.call_on_close(stack.pop_all().close)
    return response


@blueprint.get("/static/findings.css")
def style() -> Response:
    """The style of the part of the page that is the report."""
    return send_from_directory(html.FOLDER, html.STYLE)


@blueprint.after_request
def keep_nothing(response: Response) -> Response:
    """No cache keeps what someone sent, or what was said of it."""
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response


def _sent() -> tuple[bytes, str]:
    """The text, and the name of its format."""
    if request.mimetype in FORMS:
        return _in_form()
    form = next((f for f in TAKEN if request.mimetype in f.media_types), None)
    if form is None:
        raise _unsupported(f"a text is not sent as “{request.mimetype or 'nothing'}”")
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "us-ascii"):
        raise _unsupported("a text is sent in UTF-8")
    return request.get_data(cache=False), form.name


def _in_form() -> tuple[bytes, str]:
    """The text from a form: a file in the format that its ending tells, or Turtle in the field."""
    file = request.files.get("data")
    if file is not None and file.filename:
        form = format_of_ending(Path(file.filename).suffix.removeprefix("."), TAKEN)
        if form is None:
            endings = ", ".join(f".{ending}" for each in TAKEN for ending in each.endings)
            raise UnsupportedMediaType(f"a file is sent with one of the endings {endings}")
        return file.read(), form.name
    text = request.form.get("data", "")
    if not text:
        raise BadValueError(
            "the form has no text in its field “data”",
            "Put it there, or send it alone, with its own media type as Content-Type",
        )
    return text.encode(errors="replace"), TAKEN[0].name


def _given(name: str, known: Sequence[str] = ()) -> str:
    """A parameter of the form, else of the address; "" where there is none."""
    given = [value for value in request.values.getlist(name) if value]
    for value in given:
        if known and value not in known:
            raise BadValueError(f"there is no {name} “{value}”", f"Use one of {', '.join(known)}")
    return given[-1] if given else ""


def _unsupported(what: str) -> UnsupportedMediaType:
    types = ", ".join(form.media_type for form in TAKEN)
    return UnsupportedMediaType(f"{what}: send it as {types}, or in a form as “data”")


def _whole(reply: Reply) -> Markup:
    """The report for a page, where a page can hold it."""
    content = bytearray()
    for chunk in reply.chunks:
        content += chunk
        if len(content) > MAX_BYTES_ON_PAGE:
            raise LimitError(
                "the report is longer than a page can be",
                "Take it as text or JSON, with ?format=text or ?format=json",
                limit="answer",
            )
    return Markup(content.decode())  # noqa: S704  (its template escaped what it took in)


def _page(report: Markup | str = "", base: str = "") -> str:
    return render_template(
        "validate.html",
        report=report,
        text=request.form.get("data", ""),
        bases=BASES,
        base=base,
        formats=reports.FORMATS,
        endings=",".join(f".{ending}" for each in TAKEN for ending in each.endings),
    )

"""``/validate``: takes a text in RDF or SSSOM and returns a report of its errors.

The text is not stored: the report is not cached, and the worker process that validated the text
exits afterwards.
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
from competency_graph.dictionary.base import BASES
from competency_graph.errors import BadValueError, LimitError
from competency_graph.rdf.formats import GRAPH_FORMATS, Format, format_of_ending
from competency_graph.reports import html
from competency_graph.sandbox.validation_request import ValidationRequest
from competency_graph.sandbox.worker_pool import Reply
from competency_graph.validation.sources.author_files import MAPPINGS
from competency_graph.web.responses import (
    MAX_BYTES_ON_PAGE,
    PAGE,
    backend,
    choose_formats,
    compress,
    not_acceptable,
    run_request,
    stream,
    wants_page,
)

blueprint = Blueprint("validate", __name__)
BASE_DESCRIPTIONS = dict(
    zip(
        BASES,
        (
            "the sales dictionary, unless it describes a dictionary that does not name it",
            "the sales dictionary",
            "nothing: it stands alone",
        ),
        strict=True,
    )
)
"""The dictionaries that a text may extend, the default first, and their description on the page."""
INPUT_FORMATS: tuple[Format[Any], ...] = (
    *GRAPH_FORMATS[:4],
    Format(MAPPINGS, "text/tab-separated-values", ("tsv",), None),
)
"""The accepted formats: those of a single graph, and tables of mappings."""
FORM_MEDIA_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


@blueprint.get("/validate")
def show_form() -> Response:
    """Show browsers the form, and return to other clients what they may send."""
    if wants_page():
        response = Response(_render_page())
    else:
        accepted_input = {
            "takes": [each.media_type for each in INPUT_FORMATS],
            "bytes": backend().limits.body,
            "bases": list(BASE_DESCRIPTIONS),
            "formats": {each.name: each.media_type for each in reports.FORMATS},
        }
        response = Response(json.dumps(accepted_input), mimetype="application/json")
    response.vary.add("Accept")
    return response


@blueprint.post("/validate")
def validate() -> Response:
    """Validate the text in the request."""
    content, name = _submitted_text()
    base = _parameter("base", BASES) or BASES[0]
    chosen_format = choose_formats(_parameter("format"), "report")["report"]
    if chosen_format is None:
        raise not_acceptable("report")
    report_format = chosen_format.format if chosen_format.media_type != PAGE else reports.PART
    rules = "/rules/" if report_format == reports.PART else f"{request.url_root}rules/"
    with ExitStack() as stack:
        reply = run_request(ValidationRequest(content, name, report_format, base, rules), stack)
        if report_format == reports.PART:
            return compress(Response(_render_page(_report_markup(reply), base)))
        response = stream(reply, chosen_format, "validation")
        response.call_on_close(stack.pop_all().close)
    return response


@blueprint.get("/static/findings.css")
def findings_style() -> Response:
    """The style sheet of the report."""
    return send_from_directory(html.FOLDER, html.STYLE)


@blueprint.after_request
def forbid_caching(response: Response) -> Response:
    """Forbid caches to store a submitted text or its report."""
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response


def _submitted_text() -> tuple[bytes, str]:
    """The submitted text and the name of its format."""
    if request.mimetype in FORM_MEDIA_TYPES:
        return _text_from_form()
    format_ = next((f for f in INPUT_FORMATS if request.mimetype in f.media_types), None)
    if format_ is None:
        raise _unsupported_type(
            f"the media type “{request.mimetype}” is not supported"
            if request.mimetype
            else "the request has no Content-Type"
        )
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "us-ascii"):
        raise _unsupported_type("the text must be in UTF-8")
    return request.get_data(cache=False), format_.name


def _text_from_form() -> tuple[bytes, str]:
    """The text in a form: a file, whose ending gives the format, or Turtle in the text field."""
    file = request.files.get("data")
    if file is not None and file.filename:
        format_ = format_of_ending(Path(file.filename).suffix.removeprefix("."), INPUT_FORMATS)
        if format_ is None:
            endings = ", ".join(f".{ending}" for each in INPUT_FORMATS for ending in each.endings)
            raise UnsupportedMediaType(f"the file name must have one of the endings {endings}")
        return file.read(), format_.name
    text = request.form.get("data", "")
    if not text:
        raise BadValueError(
            "the form has no text in its field “data”",
            "Put it there, or send it as the body, with its media type as Content-Type",
        )
    return text.encode(errors="replace"), INPUT_FORMATS[0].name


def _parameter(name: str, allowed: Sequence[str] = ()) -> str:
    """A parameter from the form or the address; "" if it is missing."""
    values = [value for value in request.values.getlist(name) if value]
    for value in values:
        if allowed and value not in allowed:
            raise BadValueError(f"there is no {name} “{value}”", f"Use one of {', '.join(allowed)}")
    return values[-1] if values else ""


def _unsupported_type(problem: str) -> UnsupportedMediaType:
    types = ", ".join(form.media_type for form in INPUT_FORMATS)
    return UnsupportedMediaType(f"{problem}: send it as {types}, or in the field “data” of a form")


def _report_markup(reply: Reply) -> Markup:
    """The report as part of a page.

    Raises:
        LimitError: it is too long for a page.
    """
    content = bytearray()
    for chunk in reply.chunks:
        content += chunk
        if len(content) > MAX_BYTES_ON_PAGE:
            raise LimitError(
                "the report is too long for a page",
                "Request it as text or JSON, with ?format=text or ?format=json",
                limit="answer",
            )
    return Markup(content.decode())  # noqa: S704  (its template escapes all values)


def _render_page(report: Markup | str = "", base: str = "") -> str:
    return render_template(
        "validate.html",
        report=report,
        text=request.form.get("data", ""),
        bases=BASE_DESCRIPTIONS,
        base=base,
        formats=reports.FORMATS,
        endings=",".join(f".{ending}" for each in INPUT_FORMATS for ending in each.endings),
    )

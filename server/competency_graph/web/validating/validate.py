"""``/validate``: takes a text in RDF or SSSOM and returns a report of its errors.

The text is not stored: the report is not cached, and the worker process that validated the text
exits afterwards. On the page, remedies are applied to the text by sending it again; with script
they are applied in the browser, which asks for the report in JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.exceptions import UnsupportedMediaType

from competency_graph import reports
from competency_graph.dictionary.base import BASES
from competency_graph.engines.first_rows import MAX_BYTES
from competency_graph.errors import BadValueError, LimitError
from competency_graph.rdf.formats import GRAPH_FORMATS, Format, format_of_ending
from competency_graph.reports.source_excerpts import visible
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.validation_request import ValidationRequest
from competency_graph.validation.sources.author_files import MAPPINGS
from competency_graph.web.http.negotiation import PAGE, not_acceptable
from competency_graph.web.http.query_answers import content_disposition
from competency_graph.web.http.responses import (
    backend,
    choose_formats,
    compress,
    run_request,
    stream,
    wants_page,
)
from competency_graph.web.languages.texts import N_
from competency_graph.web.validating.validation_page import (
    ValidatedText,
    apply_edits,
    read_edits,
    validated_text,
)

blueprint = Blueprint("validate", __name__)
BASE_DESCRIPTIONS = dict(
    zip(
        BASES,
        (
            N_("what the text suggests"),
            N_("the sales dictionary"),
            N_("nothing, it stands alone"),
        ),
        strict=True,
    )
)
"""The dictionaries that a text may extend, the default first, and their description on the page."""
INPUT_FORMATS: tuple[Format[Any], ...] = (
    *GRAPH_FORMATS,
    Format(MAPPINGS, "text/tab-separated-values", ("tsv",), None),
)
"""The accepted formats: those of RDF, and tables of mappings."""
SYNTAX_LABELS = {
    "turtle": "Turtle",
    "jsonld": "JSON-LD",
    "ntriples": "N-Triples",
    "rdfxml": "RDF/XML",
    "nquads": "N-Quads",
    "trig": "TriG",
    MAPPINGS: "SSSOM (TSV)",
}
"""The names of the accepted formats on the page."""
REPORT_LABELS = {
    "html": "HTML",
    "text": N_("Text"),
    "json": "JSON",
    "sarif": "SARIF",
    "junit": "JUnit",
    "github": "GitHub",
    "turtle": N_("W3C as Turtle"),
    "jsonld": N_("W3C as JSON-LD"),
    "ntriples": N_("W3C as N-Triples"),
}
"""The names of the reports on the page."""
DOWNLOADS = ("text", "report")
"""What a form can have as a file: the text with its remedies, or the report (as HTML, complete)."""
EXAMPLES = {
    "extension": N_("a small extension"),
    "extension-with-errors": N_("one with errors"),
    "dictionary": N_("a dictionary that stands alone"),
}
"""The texts to start from, files of ``static/examples``, and their descriptions on the page."""
FORM_MEDIA_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class _Submission(NamedTuple):
    """What was sent: a text, and the name of its format."""

    content: bytes
    syntax: str


@blueprint.get("/validate")
def show_form() -> Response:
    """Show browsers the form, and return to other clients what they may send."""
    example = _choice(request.args.getlist("example"), "example", EXAMPLES)
    if wants_page():
        text = _example(current_app.static_folder or "", example) if example else ""
        response = Response(_render_page(text))
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
    """Validate the text in the request, after applying remedies to it if it names some."""
    submission = _submission()
    if "apply" in request.form:
        submission = _with_remedies(submission, request.form["apply"])
    download = _choice(request.form.getlist("download"), "download", DOWNLOADS)
    base = _parameter("base", BASES) or BASES[0]
    chosen_format = choose_formats(_parameter("format"), "report")["report"]
    if download == "text":
        return _as_file(submission)
    if chosen_format is None:
        raise not_acceptable("report")
    is_page = chosen_format.media_type == PAGE and not download
    if is_page:
        submission = _with_plain_lines(submission)
    if not chosen_format.format:
        chosen_format = replace(chosen_format, format="html")
    report_format = reports.PART if is_page else chosen_format.format
    rules = "/rules/" if is_page else f"{request.url_root}rules/"
    validation = ValidationRequest(*submission, report_format, base, rules)
    with ExitStack() as stack:
        reply = run_request(validation, stack)
        if is_page:
            text = _text(submission)
            result = validated_text(text, _report_for_page(reply))
            return compress(Response(_render_page(text, result, base, submission.syntax)))
        response = stream(reply, chosen_format, "validation")
        if download:
            name = response.headers["Content-Disposition"].replace("inline", "attachment", 1)
            response.headers["Content-Disposition"] = name
        response.call_on_close(stack.pop_all().close)
    return response


@blueprint.after_request
def forbid_caching(response: Response) -> Response:
    """Forbid caches to store a submitted text or its report."""
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response


def _submission() -> _Submission:
    """The submitted text and its format."""
    if request.mimetype in FORM_MEDIA_TYPES:
        return _submission_from_form()
    format_ = next((f for f in INPUT_FORMATS if request.mimetype in f.media_types), None)
    if format_ is None:
        raise _unsupported_type(
            f"the media type “{request.mimetype}” is not supported"
            if request.mimetype
            else "the request has no Content-Type"
        )
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "us-ascii"):
        raise _unsupported_type("the text must be in UTF-8")
    return _Submission(request.get_data(cache=False), format_.name)


def _submission_from_form() -> _Submission:
    """The text in a form: a file, whose ending gives the format, or the text field."""
    syntax = _choice(request.form.getlist("syntax"), "syntax", SYNTAX_LABELS)
    file = request.files.get("data")
    if file is not None and file.filename:
        format_ = format_of_ending(Path(file.filename).suffix.removeprefix("."), INPUT_FORMATS)
        if format_ is None:
            endings = ", ".join(f".{ending}" for each in INPUT_FORMATS for ending in each.endings)
            raise UnsupportedMediaType(f"the file name must have one of the endings {endings}")
        return _Submission(file.read(), format_.name)
    text = request.form.get("data", "")
    if not text:
        raise BadValueError(
            "the form has no text in its field “data”",
            "Put it there, or send it as the body, with its media type as Content-Type",
        )
    return _Submission(text.encode(errors="replace"), syntax or INPUT_FORMATS[0].name)


def _with_remedies(submission: _Submission, edits: str) -> _Submission:
    """Apply the edits in a field of the page's form, which count each line end as one character."""
    text = apply_edits(_text(_with_plain_lines(submission)), read_edits(edits))
    return submission._replace(content=text.encode(errors="replace"))


def _with_plain_lines(submission: _Submission) -> _Submission:
    """End lines in LF, as forms change line ends; a text that is not UTF-8 is unchanged."""
    try:
        text = submission.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return submission
    return submission._replace(content=text.replace("\r\n", "\n").replace("\r", "\n").encode())


def _text(submission: _Submission) -> str:
    return submission.content.decode("utf-8-sig", errors="replace")


def _as_file(submission: _Submission) -> Response:
    """The text as a file."""
    format_ = next(each for each in INPUT_FORMATS if each.name == submission.syntax)
    content = _with_plain_lines(submission).content
    response = Response(content, content_type=f"{format_.media_type}; charset=utf-8")
    name = f"dictionary.{format_.endings[0]}"
    response.headers["Content-Disposition"] = content_disposition(name, always_download=True)
    return response


def _parameter(name: str, allowed: Iterable[str] = ()) -> str:
    """A parameter from the form or the address; "" if it is missing."""
    return _choice(request.values.getlist(name), name, allowed)


def _choice(given: Sequence[str], name: str, allowed: Iterable[str] = ()) -> str:
    """The last of some values of a parameter that is not empty, or "".

    Raises:
        BadValueError: a value is not allowed.
    """
    values = [value for value in given if value]
    for value in values:
        if allowed and value not in allowed:
            raise BadValueError(f"there is no {name} “{value}”", f"Use one of {', '.join(allowed)}")
    return values[-1] if values else ""


def _unsupported_type(problem: str) -> UnsupportedMediaType:
    types = ", ".join(form.media_type for form in INPUT_FORMATS)
    return UnsupportedMediaType(f"{problem}: send it as {types}, or in the field “data” of a form")


def _report_for_page(reply: Reply) -> dict[str, Any]:
    """The report for a page.

    Raises:
        LimitError: it is too long for a page.
    """
    content = bytearray()
    for chunk in reply.chunks:
        content += chunk
        if len(content) > MAX_BYTES:
            raise LimitError(
                "the report is too long for a page",
                "Request it as text or JSON, with ?format=text or ?format=json",
                limit="answer",
            )
    report: dict[str, Any] = json.loads(content)
    return report


@cache
def _example(folder: str, name: str) -> str:
    return (Path(folder) / "examples" / f"{name}.ttl").read_text("utf-8")


@blueprint.app_template_filter("visible")
def _visible(text: str) -> str:
    """Replace invisible and deceptive characters, see `source_excerpts.visible`."""
    return visible(text, keep="\n\t")


def _render_page(
    text: str, result: ValidatedText | None = None, base: str = "", syntax: str = ""
) -> str:
    return render_template(
        "validate.html",
        result=result,
        text=text,
        bases=BASE_DESCRIPTIONS,
        base=base,
        syntaxes={each: SYNTAX_LABELS[each.name] for each in INPUT_FORMATS},
        syntax=syntax,
        reports=REPORT_LABELS,
        examples=EXAMPLES,
        endings=",".join(f".{ending}" for each in INPUT_FORMATS for ending in each.endings),
    )

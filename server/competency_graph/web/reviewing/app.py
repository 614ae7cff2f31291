"""``/review``: one link at a time, and what to decide on it."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from flask import Flask, Response, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Redirect

from competency_graph.errors import BadValueError, ChangedError, CompetencyError, UnknownNameError
from competency_graph.linking.reviewing.records import decision_of
from competency_graph.linking.reviewing.selection import Selection, disputed, framework_name
from competency_graph.linking.reviewing.wording import MEANINGS, meaning
from competency_graph.mappings import Mapping
from competency_graph.web.reviewing.desk import Desk
from competency_graph.web.reviewing.protection import Protection

MAX_COMMENT: Final = 2_000
"""The maximum length of a comment, in characters."""
_MAX_SEARCH: Final = 200
_STATUS: Final = {
    BadValueError: HTTPStatus.BAD_REQUEST,
    UnknownNameError: HTTPStatus.NOT_FOUND,
    ChangedError: HTTPStatus.CONFLICT,
}


def create_review_app(desk: Desk, protection: Protection) -> Flask:
    """Create the application for one review.

    Args:
        desk: the review.
        protection: what a request must have to be answered.
    """
    app = Flask("competency_graph.web.app", static_url_path="/static")
    protection.register(app)
    app.jinja_env.filters["kind"] = kind_in_words
    path, review = "/review/<secret>", desk.review

    def page_of(candidate: Mapping, selection: Selection, problem: str = "") -> str:
        entry, concept = desk.entry(candidate), desk.concept(candidate)
        asked = request.args.get("q", "")[:_MAX_SEARCH]
        return render_template(
            "reviewing/link.html",
            possible=review.decisions(candidate),
            base=protection.path, review=review, desk=desk, selection=selection,
            progress=desk.progress(selection), candidate=candidate, entry=entry, concept=concept,
            identifier=review.identifier(candidate), decision=review.decision(candidate),
            claimed=decision_of(candidate), asserted=review.asserted(candidate),
            disputed=disputed(candidate), framework=framework_name(review, candidate),
            others=[each for each in review.of_same_entry(candidate) if each is not candidate],
            selection_fields=parse_qsl(selection.query[1:]), claim_name=decision_of,
            meanings=MEANINGS, meaning=meaning, asked=asked, found=desk.find(asked),
            problem=problem, max_comment=MAX_COMMENT,
        )  # fmt: skip

    def after(identifier: str, selection: Selection) -> Redirect:
        """Lead to the next link, or to the end."""
        found = selection.next(review, identifier)
        if found is None:
            return redirect(f"{protection.path}/end{selection.query}", HTTPStatus.SEE_OTHER)
        return to(found, selection)

    def to(candidate: Mapping, selection: Selection) -> Redirect:
        address = f"{protection.path}/link/{review.identifier(candidate)}{selection.query}"
        return redirect(address, HTTPStatus.SEE_OTHER)

    @app.get(path)
    def begin(secret: str) -> Redirect:
        """Lead to the first link."""
        with desk.lock:
            return after("", Selection.of(request.args))

    @app.get(f"{path}/link/<identifier>")
    def link(secret: str, identifier: str) -> str:
        """Show a link."""
        with desk.lock:
            return page_of(desk.candidate(identifier), Selection.of(request.args))

    @app.get(f"{path}/link/<identifier>/next")
    def skip(secret: str, identifier: str) -> Redirect:
        """Lead to the next link without a decision on this one."""
        with desk.lock:
            desk.candidate(identifier)
            return after(identifier, Selection.of(request.args))

    @app.post(f"{path}/link/<identifier>")
    def decide(secret: str, identifier: str) -> Response | Redirect | tuple[str, HTTPStatus]:
        """Save a decision, and lead to the next link."""
        with desk.lock:
            selection, candidate = Selection.of(request.args), desk.candidate(identifier)
            name, comment, confidence = _decision_sent()
            if request.form.get("before", "") != review.decision(candidate):
                said = "Meanwhile this link was decided on in another window. This is the decision."
                return page_of(candidate, selection, said), HTTPStatus.CONFLICT
            if name == review.decision(candidate):
                confidence = confidence or review.confidence(candidate)
            try:
                review.decide(candidate, name, comment, confidence)
            except ChangedError as error:
                return page_of(candidate, selection, str(error)), HTTPStatus.CONFLICT
            desk.pace.decided()
            if review.all_rejected(candidate) and not review.has_no_match(candidate):
                here = f"{protection.path}/link/{identifier}/none{selection.query}"
                return redirect(here, HTTPStatus.SEE_OTHER)
            return after(identifier, selection)

    @app.get(f"{path}/link/<identifier>/none")
    def ask_no_match(secret: str, identifier: str) -> str:
        """Ask whether an entry has no match at all, as all its candidates are rejected."""
        with desk.lock:
            candidate, selection = desk.candidate(identifier), Selection.of(request.args)
            return render_template(
                "reviewing/none.html", base=protection.path, identifier=identifier,
                selection=selection, entry=desk.entry(candidate), max_comment=MAX_COMMENT,
            )  # fmt: skip

    @app.post(f"{path}/link/<identifier>/none")
    def record_no_match(secret: str, identifier: str) -> Redirect:
        """Record that an entry has no match."""
        with desk.lock:
            review.record_no_match(desk.candidate(identifier), _comment_sent())
            return after(identifier, Selection.of(request.args))

    @app.post(f"{path}/link/<identifier>/add")
    def add(secret: str, identifier: str) -> Redirect:
        """Lead to a new link of the same entry, to a concept that the reviewer found."""
        with desk.lock:
            concept = desk.concept_named(request.form.get("concept", ""))
            added = review.add(desk.candidate(identifier), concept)
            return to(added, Selection.of(request.args))

    @app.post(f"{path}/undo")
    def undo(secret: str) -> Redirect:
        """Take back the last decision, and lead to its link."""
        with desk.lock:
            selection, key = Selection.of(request.args), review.undo()
            if key is None:
                return after("", selection)
            of_entry = [each for each in review.candidates if review.subject(each) == key[0]]
            exactly = [each for each in of_entry if review.key(each) == key]
            return to((exactly or of_entry)[0], selection)

    @app.get(f"{path}/end")
    def end(secret: str) -> str:
        """Say what is done and left."""
        with desk.lock:
            selection = Selection.of(request.args)
            return render_template(
                "reviewing/end.html", base=protection.path, review=review, selection=selection,
                progress=desk.progress(selection), whole=desk.progress(Selection()),
            )  # fmt: skip

    @app.errorhandler(CompetencyError)
    def show_error(error: CompetencyError) -> tuple[str, HTTPStatus]:
        status = _STATUS.get(type(error), HTTPStatus.SERVICE_UNAVAILABLE)
        return _problem(protection.path, str(error)), status

    @app.errorhandler(HTTPException)
    def show_http_error(error: HTTPException) -> tuple[str, int]:
        return _problem("", error.description or ""), error.code or 500

    return app


def kind_in_words(name: str) -> str:
    """The class of an entry in words: ``cg:KeyAction`` is “key action”."""
    local = name.partition(":")[2] or name
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower() if ":" in name else name


def _problem(base: str, text: str) -> str:
    return render_template("reviewing/problem.html", base=base, problem=text)


def _decision_sent() -> tuple[str, str, str]:
    """The decision, comment and confidence of a form.

    Raises:
        BadValueError: a value is invalid.
    """
    name, confidence = request.form.get("decision", ""), request.form.get("confidence", "").strip()
    if confidence and not re.fullmatch(r"0(\.\d{1,3})?|1(\.0{1,3})?|\.\d{1,3}", confidence):
        raise BadValueError("the confidence is not a number from 0 to 1", "Correct it")
    return name, _comment_sent(), f"{float(confidence):g}" if confidence else ""


def _comment_sent() -> str:
    comment = " ".join(request.form.get("comment", "").split())
    if len(comment) > MAX_COMMENT:
        raise BadValueError(f"the comment has more than {MAX_COMMENT:,} characters", "Shorten it")
    return "".join(each for each in comment if each.isprintable())

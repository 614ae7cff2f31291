"""Which format a client wants (RFC 9110, section 12.5.1); nothing here needs Flask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable
from werkzeug.http import parse_accept_header

from competency_graph.errors import BadValueError
from competency_graph.rdf.formats import FORMATS, Format

PAGE = "text/html"
_FORMATS_BY_KIND: dict[str, tuple[Format[Any], ...]] = FORMATS | {
    "list": (Format("json", "application/json", ("json",), None),),
    "comparison": (
        Format("json", "application/json", ("json",), None),
        *(form for form in FORMATS["table"] if form.name not in ("json", "xml")),
    ),
}


def formats_of(kind: str) -> tuple[Format[Any], ...]:
    """The formats of a kind of answer, the default first."""
    if kind == "report":
        from competency_graph import reports  # seldom needed, and slow to import

        return reports.FORMATS
    return _FORMATS_BY_KIND[kind]


@dataclass(frozen=True)
class ChosenFormat:
    """The format of a response; ``format`` is empty for a page."""

    format: str
    media_type: str


def choose(format_name: str, accept: str, *kinds: str) -> dict[str, ChosenFormat | None]:
    """Choose a format for each kind of answer; None if the client accepts no format of that kind.

    Args:
        format_name: the name or media type of a format, which overrides the Accept header.
        accept: the Accept header.
        kinds: the possible kinds of the answer.

    Raises:
        BadValueError: no format of these kinds has that name or media type.
    """
    if format_name:
        return {kind: _format_from_name(kind, format_name, kinds) for kind in kinds}
    return {kind: _format_from_header(kind, accept) for kind in kinds}


@lru_cache(1024)
def prefers_page(accept: str) -> bool:
    """Whether an Accept header prefers a page to data, as those of browsers do."""
    return parse_accept_header(accept, MIMEAccept).best_match(["application/json", PAGE]) == PAGE


def not_acceptable(kind: str) -> NotAcceptable:
    """The error for a client that accepts no format of a kind of answer."""
    types = dict.fromkeys(form.media_type for form in formats_of(kind))
    return NotAcceptable(
        "this answer is not available in a format that the request accepts: request one of "
        + ", ".join(types)
    )


def format_values(*kinds: str) -> tuple[str, ...]:
    """The allowed values of the parameter ``format``: names, then media types."""
    forms = [form for kind in kinds for form in formats_of(kind)]
    types = [each for form in forms for each in form.media_types]
    return tuple(dict.fromkeys(["html", *(form.name for form in forms), PAGE, *types]))


@lru_cache(1024)
def _format_from_header(kind: str, accept: str) -> ChosenFormat | None:
    """The format that an Accept header prefers for one kind of answer; None if it accepts none."""
    forms = formats_of(kind)
    accepted_types = parse_accept_header(accept, MIMEAccept)
    forms_by_type = {
        type_: form for form in forms if not form.named_only for type_ in form.media_types
    }
    if not accepted_types:
        return ChosenFormat(forms[0].name, forms[0].media_type)
    best_type = accepted_types.best_match(list(dict.fromkeys([*forms_by_type, PAGE])))
    if best_type is None:
        return None
    return ChosenFormat("" if best_type == PAGE else forms_by_type[best_type].name, best_type)


def _format_from_name(kind: str, name: str, kinds: Sequence[str]) -> ChosenFormat | None:
    """The format with a name or media type; None if this kind of answer does not have it.

    A media type may have parameters, and a space instead of its plus sign, as a plus sign in a URL
    that is not percent-encoded is decoded to a space.
    """
    wanted = name.partition(";")[0].strip().lower().replace(" ", "+") if "/" in name else name
    if wanted in ("html", PAGE):
        return ChosenFormat("", PAGE)
    for form in formats_of(kind):
        if wanted == form.name:
            return ChosenFormat(form.name, form.media_type)
        if wanted in form.media_types and not form.named_only:
            return ChosenFormat(form.name, wanted)
    if wanted not in format_values(*kinds):
        names = ", ".join(known for known in format_values(*kinds) if "/" not in known)
        raise BadValueError(f"there is no format “{name}”", f"Use one of {names}, or a media type")
    return None

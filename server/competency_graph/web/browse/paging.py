"""Long lists in pages: which part of a list a request asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from flask import request

from competency_graph.errors import BadValueError
from competency_graph.web.languages.texts import N_, Message

_MAX_PAGES = 100_000
Row = TypeVar("Row")


class Page(NamedTuple, Generic[Row]):
    """A part of a list.

    Args:
        number: its number, counted from 1.
        rows: its rows.
        more: whether another page follows.
    """

    number: int
    rows: list[Row]
    more: bool

    @property
    def whole(self) -> bool:
        """Whether it is the whole list."""
        return self.number == 1 and not self.more


def page_number() -> int:
    """The page that the request asks for by ``page``, counted from 1.

    Raises:
        BadValueError: it is not a positive number.
    """
    given = request.args.get("page", "") or "1"
    if not (given.isascii() and given.isdigit() and 0 < int(given[:9]) <= _MAX_PAGES):
        raise BadValueError(
            Message(N_("“%(value)s” is not the number of a page"), value=given),
            Message(N_("Use a number from 1, such as page=2")),
        )
    return int(given[:9])


def page_in(rows: Sequence[Row], number: int, size: int) -> Page[Row]:
    """A page of a list that is known whole.

    Args:
        rows: the list.
        number: the page, counted from 1.
        size: the number of rows of a page.
    """
    start = (number - 1) * size
    return Page(number, list(rows[start : start + size]), len(rows) > start + size)


def paged(text: str, number: int, size: int) -> str:
    """A query that returns the rows of one page, and one more if another page follows.

    Args:
        text: a SELECT query with ORDER BY.
        number: the page, counted from 1.
        size: the number of rows of a page.
    """
    return f"{text}\nLIMIT {size + 1:d} OFFSET {(number - 1) * size:d}"


def page_of(rows: Iterable[Row], number: int, size: int) -> Page[Row]:
    """The page from the answer to a query of `paged`."""
    found = list(rows)
    return Page(number, found[:size], len(found) > size)

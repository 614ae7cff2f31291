"""Atom feeds (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple
from xml.etree import ElementTree

ATOM: Final = "application/atom+xml"
_NAMESPACE: Final = "http://www.w3.org/2005/Atom"
_NO_DATE: Final = "1970-01-01"
_NOT_IN_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Entry(NamedTuple):
    """An entry of a feed.

    Args:
        iri: its permanent identifier.
        title: its title.
        date: when it was published, as ``xsd:date`` or ``xsd:dateTime``, or "".
        address: the address of its page.
        html: its content.
    """

    iri: str
    title: str
    date: str
    address: str
    html: str


class Feed(NamedTuple):
    """What a feed states about itself.

    Args:
        iri: its permanent identifier.
        title: its title.
        date: when it was last changed, if it has no entries.
        page: the address of the page with the same content.
        address: its own address.
        authors: the names of its authors, at least one.
        language: the language of its texts, a tag of BCP 47.
    """

    iri: str
    title: str
    date: str
    page: str
    address: str
    authors: tuple[str, ...]
    language: str

    def xml(self, entries: Iterable[Entry]) -> bytes:
        """The feed as XML."""
        entries = list(entries)
        root = ElementTree.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": self.language})
        _add(root, "id", self.iri)
        _add(root, "title", self.title)
        _add(root, "updated", max((_time(each.date) for each in entries), default=_time(self.date)))
        _add(root, "link", rel="self", type=ATOM, href=self.address)
        _add(root, "link", rel="alternate", type="text/html", href=self.page)
        for name in self.authors:
            _add(_add(root, "author"), "name", name)
        for each in entries:
            element = _add(root, "entry")
            _add(element, "id", each.iri)
            _add(element, "title", each.title)
            _add(element, "updated", _time(each.date))
            _add(element, "link", rel="alternate", type="text/html", href=each.address)
            _add(element, "content", each.html, type="html")
        ElementTree.indent(root)
        content: bytes = ElementTree.tostring(root, "utf-8")
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + content


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = text if text is None else _NOT_IN_XML.sub("\ufffd", text)
    return element


def _time(date: str) -> str:
    """A time in the form of RFC 3339, which RFC 4287 (section 3.3) requires."""
    found = re.match(r"\d{4}-\d{2}-\d{2}", date)
    day = found[0] if found else _NO_DATE
    time = re.fullmatch(r".{10}(T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))", date)
    return day + (time[1] if time else "T00:00:00Z")

"""How far the reading of a document has come, and what has been found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from competency_graph.importing.document.names import normal
from competency_graph.importing.document.outline.accounts import Accounts, Use
from competency_graph.importing.document.outline.habits import Part, Section, label
from competency_graph.importing.document.outline.model import (
    Cluster,
    Entry,
    Outline,
    Role,
    TitleList,
)
from competency_graph.importing.document.outline.paragraphs import Paragraph
from competency_graph.importing.document.reading.line import Kind


class Reading:
    """The outline so far, and the parts of the document that are open at the current paragraph.

    Args:
        paragraphs: the paragraphs of the document.
        accounts: receives the use of each line.
        own_labels: the document's own labels, as for `habits.label`.
    """

    def __init__(
        self, paragraphs: Sequence[Paragraph], accounts: Accounts, own_labels: Mapping[str, Part]
    ) -> None:
        self.outline = Outline()
        self.accounts = accounts
        self.paragraphs = [each for each in paragraphs if not each.furniture]
        for each in paragraphs:
            if each.furniture:
                accounts.note(each.lines, Use.FURNITURE)
        self.labels = [
            label(each.text, own_labels) if each.kind != Kind.ROW else None
            for each in self.paragraphs
        ]
        self.at = 0
        """The number of the current paragraph."""
        self.section = Section.FRONT
        self.begun: set[Section] = set()
        self.part: Part | None = None
        self.entry: Entry | None = None
        self.cluster: Cluster | None = None
        self.titles: TitleList | None = None
        self.known: set[str] = set()
        """The names in lists and in the contents, as of `normal`."""
        self.role_names: set[str] = set()
        self.level: int | None = None
        """The indentation of the current list."""
        self._last_unknown = -2

    def add_role(self, role: Role) -> None:
        """Add a role, whose name heads lists of titles from here on."""
        self.outline.roles.append(role)
        self.role_names.add(normal(role.name.text))

    def note(self, paragraph: Paragraph, use: Use) -> None:
        """Note what the lines of a paragraph are used for."""
        self.accounts.note(paragraph.lines, use)

    def report(self, paragraph: Paragraph, reason: str) -> None:
        """Note a paragraph as not understood, with the reason."""
        self.note(paragraph, Use.UNKNOWN)
        found, last = self.outline.unknown, paragraph.number + len(paragraph.lines) - 1
        if found and found[-1][2] == reason and self._last_unknown == self.at - 1:
            found[-1] = (found[-1][0], last, reason)
        else:
            found.append((paragraph.number, last, reason))
        self._last_unknown = self.at

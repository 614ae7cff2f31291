"""Resolves an outline: which names mean the same entry, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from competency_graph.importing.document.content import (
    ClusterItem,
    Content,
    EntryItem,
    Item,
    RoleItem,
)
from competency_graph.importing.document.corrections import Corrections
from competency_graph.importing.document.findings import (
    GUESSED_NAME,
    NOT_UNDERSTOOD,
    REPEATED,
    TABLE_ROW,
    UNMATCHED_NAME,
    VARIANT,
    Findings,
)
from competency_graph.importing.document.names import CERTAIN, Evidence, Joined, join, normal
from competency_graph.importing.document.outline.habits import CLUSTER, Section, section
from competency_graph.importing.document.outline.model import (
    Cluster,
    ContentsEntry,
    Entry,
    Outline,
    Words,
)
from competency_graph.importing.document.outline.role_table import RoleNames, RoleTable
from competency_graph.importing.document.texts import Texts


@dataclass
class _Contents:
    """The list of contents by what its lines name."""

    roles_page: int | None = None
    clusters: list[ContentsEntry] = field(default_factory=list)
    competencies: list[list[ContentsEntry]] = field(default_factory=list)
    loose: list[ContentsEntry] = field(default_factory=list)
    areas: list[ContentsEntry] = field(default_factory=list)


def resolve(
    outline: Outline, texts: Texts, corrections: Corrections, findings: Findings
) -> Content:
    """Join the names of a document, and clean its texts.

    Args:
        outline: the document as recognised.
        texts: makes entries of its words.
        corrections: what was decided.
        findings: receives what was guessed and what was not understood.
    """
    return _Resolver(outline, texts, corrections, findings).content()


class _Resolver:
    def __init__(
        self, outline: Outline, texts: Texts, corrections: Corrections, findings: Findings
    ) -> None:
        self._outline, self._texts = outline, texts
        self._corrections, self._findings = corrections, findings
        self._contents = _contents(outline)

    def content(self) -> Content:
        made = Content()
        self._texts.report_hyphens()
        made.clusters = [self._cluster(each) for each in self._outline.clusters]
        made.areas = [self._entry(each) for each in self._outline.areas]
        made.roles = self._roles()
        self._join_clusters(made)
        self._join_areas(made)
        self._repeated([*made.areas])
        self._repeated([entry for cluster in made.clusters for entry in cluster.competencies])
        for first, last, reason in self._outline.unknown:
            lines = f"Line {first} is" if first == last else f"Lines {first} to {last} are"
            self._findings.add(
                NOT_UNDERSTOOD,
                first,
                f"{lines} not understood, and left out: {reason}.",
                "Correct the document, or say in the corrections what to do with it.",
                patch=f"ignore: [{first}]" if first == last else f"ignore: [{first}-{last}]",
            )
        return made

    # Entries

    def _entry(self, entry: Entry) -> EntryItem:
        definition, shown = self._texts.definition(entry.name.text, entry.definition)
        return EntryItem(
            self._texts.clean(entry.name.text, entry.name.number),
            entry.name.number,
            definition,
            shown,
            actions=self._texts.actions(entry.actions),
            knowledge=self._texts.labelled(entry.knowledge),
            abilities=self._texts.labelled(entry.abilities),
            outputs=self._texts.labelled(entry.outputs),
            open_ended=entry.open_ended,
        )

    def _cluster(self, cluster: Cluster) -> ClusterItem:
        competencies = [self._entry(each) for each in cluster.entries]
        if cluster.name is None:
            first = competencies[0].number if competencies else 0
            return ClusterItem("", first, competencies=competencies)
        text = " ".join(each.text for each in cluster.definition)
        words = Words(text, cluster.definition[0].number) if text else None
        definition, shown = self._texts.definition(cluster.name.text, words)
        return ClusterItem(
            cluster.name.text, cluster.name.number, definition, shown, competencies=competencies
        )

    def _roles(self) -> list[RoleItem]:
        roles = []
        for role in self._outline.roles:
            definition, shown = self._texts.definition(role.name.text, role.definition)
            page = self._contents.roles_page
            titles = self._texts.labelled(role.titles)
            roles.append(
                RoleItem(role.name.text, role.name.number, definition, shown, [], page, titles)
            )
        headings = [each.role for each in self._outline.title_lists]
        joined = self._join(headings, roles, "role")
        for each, found in zip(self._outline.title_lists, joined, strict=True):
            if found.index is not None:
                roles[found.index].titles += self._texts.labelled(each.titles)
        for role_item in roles:
            for title in role_item.titles:
                title.page = role_item.page
        return roles

    # Names

    def _join_clusters(self, made: Content) -> None:
        named = [cluster for cluster in made.clusters if cluster.label]
        self._join(self._outline.listed_clusters, named, "cluster")
        joined = self._join([each.name for each in self._contents.clusters], named, "cluster")
        for line, names_below, found in zip(
            self._contents.clusters, self._contents.competencies, joined, strict=True
        ):
            if found.index is not None:
                cluster = named[found.index]
                cluster.page = line.page
                self._paged(names_below, cluster.competencies, "competency")
        loose = [entry for cluster in made.clusters for entry in cluster.competencies]
        self._paged(self._contents.loose, loose, "competency")
        for cluster, outline in zip(made.clusters, self._outline.clusters, strict=True):
            self._join(outline.listed, cluster.competencies, "competency")

    def _join_areas(self, made: Content) -> None:
        self._paged(self._contents.areas, made.areas, "area of expertise")
        self._join(self._outline.listed_areas, made.areas, "area of expertise")
        for table in self._outline.tables:
            self._read_table(table, made)

    def _paged(
        self, lines: Sequence[ContentsEntry], entries: Sequence[EntryItem], kind: str
    ) -> None:
        """Join lines of the contents, and give the entries their pages."""
        for line, found in zip(
            lines, self._join([each.name for each in lines], entries, kind), strict=True
        ):
            if found.index is not None:
                entry = entries[found.index]
                for item in (
                    entry, *entry.actions, *entry.knowledge, *entry.abilities, *entry.outputs,
                ):  # fmt: skip
                    item.page = line.page

    def _join(self, mentions: Sequence[Words], entries: Sequence[Item], kind: str) -> list[Joined]:
        """Join names to entries, and note the variants and what is uncertain."""
        plain = [_without_suffix(each.text, kind) for each in mentions]
        decided = self._corrections.names
        found = join(plain, [entry.label for entry in entries], decided)
        for mention, name, joined in zip(mentions, plain, found, strict=True):
            if normal(name) in decided:
                self._corrections.use("names", normal(name))
            if joined.index is None:
                self._unmatched(mention, kind)
                continue
            entry = entries[joined.index]
            known = {normal(each) for each in (entry.label, *entry.variants)}
            if normal(mention.text) not in known:
                entry.variants.append(mention.text)
            if joined.evidence not in (Evidence.SAME, Evidence.DECIDED):
                certain = joined.evidence in CERTAIN
                self._findings.add(
                    VARIANT if certain else GUESSED_NAME,
                    mention.number,
                    f"“{mention.text}” was taken for the {kind} “{entry.label}” of line "
                    f"{entry.number}: {joined.evidence}.",
                    "Nothing needs to be done." if certain else
                    "Use one name in the document, or add this to the corrections.",
                    mention.text,
                    patch="" if certain else f'names:\n  "{mention.text}": "{entry.label}"',
                )  # fmt: skip
        return found

    def _unmatched(self, mention: Words, kind: str) -> None:
        self._findings.add(
            UNMATCHED_NAME,
            mention.number,
            f"“{mention.text}” is not the name of any {kind} that the document describes.",
            "Describe it in the document, or name the entry that it stands for in the corrections.",
            mention.text,
            patch=f'names:\n  "{mention.text}": "…"',
        )

    # The table of roles and areas

    def _read_table(self, table: RoleTable, made: Content) -> None:
        columns = self._columns(table, made.roles)
        rows = [row for row in table.rows if not row.wrong]
        mentions = [Words(row.name, row.number) for row in rows]
        joined = self._join(mentions, made.areas, "area of expertise")
        for row, found in zip(rows, joined, strict=True):
            if found.index is None:
                continue
            for marked, column in zip(row.marks, columns, strict=True):
                if marked and column is not None and found.index not in made.roles[column].areas:
                    made.roles[column].areas.append(found.index)
        for row in table.rows:
            if row.wrong:
                self._wrong_row(row.number, row.wrong)
        for number in table.unread:
            self._wrong_row(number, "it precedes the header")

    def _columns(self, table: RoleTable, roles: list[RoleItem]) -> list[int | None]:
        """The role of each column."""
        columns: list[int | None] = []
        known = RoleNames([role.label for role in roles])
        for text in table.roles:
            index = known.find(text)
            columns.append(index)
            if index is None:
                self._unmatched(Words(text, table.number), "role")
            elif normal(text) != normal(roles[index].label):
                roles[index].variants.append(text)
                self._findings.add(
                    VARIANT,
                    table.number,
                    f"“{text}” was taken for the role “{roles[index].label}” of line "
                    f"{roles[index].number}: {Evidence.ABBREVIATED}.",
                    "Nothing needs to be done.",
                    text,
                )
        return columns

    def _wrong_row(self, number: int, reason: str) -> None:
        self._findings.add(
            TABLE_ROW,
            number,
            f"This row of the table cannot be read: {reason}.",
            "Correct the row: the name, then one cell for each role.",
        )

    def _repeated(self, entries: Iterable[Item]) -> None:
        first: dict[str, Item] = {}
        for entry in entries:
            earlier = first.setdefault(normal(entry.label), entry)
            if earlier is not entry:
                self._findings.add(
                    REPEATED,
                    entry.number,
                    f"“{entry.label}” is described in line {earlier.number} already; it was "
                    "imported as another entry.",
                    "Give it another name, or remove one of the two.",
                    patch=f"accept:\n  {entry.number}: {REPEATED.code}",
                )


def _without_suffix(text: str, kind: str) -> str:
    """The name of a cluster without “competencies”; other names unchanged."""
    found = CLUSTER.fullmatch(text) if kind == "cluster" else None
    return (found["name"] or found["after"]) if found else text


def _contents(outline: Outline) -> _Contents:
    """Sort the lines of the list of contents by the sections that they belong to."""
    competencies = {normal(e.name.text) for c in outline.clusters for e in c.entries}
    clusters = {normal(c.name.text) for c in outline.clusters if c.name}
    sorted_, current = _Contents(), Section.FRONT
    for line in outline.contents:
        begins = section(line.name.text)
        named = _without_suffix(line.name.text, "cluster")
        if begins is not None and (begins != current or begins == Section.ROLES):
            current = begins
            sorted_.roles_page = line.page if begins == Section.ROLES else sorted_.roles_page
        elif current == Section.AREAS:
            sorted_.areas.append(line)
        elif current == Section.COMPETENCIES:
            is_cluster = normal(named) in clusters or named != line.name.text
            if is_cluster and normal(line.name.text) not in competencies:
                sorted_.clusters.append(line)
                sorted_.competencies.append([])
            elif sorted_.competencies:
                sorted_.competencies[-1].append(line)
            else:
                sorted_.loose.append(line)
    return sorted_

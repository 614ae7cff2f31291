"""What a dictionary imported from a document contains."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Item:
    """An entry of any kind.

    Args:
        label: its label.
        number: the line of its name in the document.
        definition: its definition, or "".
        examples: the examples in its label or definition.
        variants: other names that the document uses.
        page: the page that the list of contents states; None if unknown.
    """

    label: str
    number: int
    definition: str = ""
    examples: list[str] = field(default_factory=list)
    variants: list[str] = field(default_factory=list)
    page: int | None = None


@dataclass
class RoleItem(Item):
    """A role.

    Args:
        titles: its example job titles.
        areas: the positions of the areas that it covers.
    """

    titles: list[Item] = field(default_factory=list)
    areas: list[int] = field(default_factory=list)


@dataclass
class EntryItem(Item):
    """A competency or an area of expertise, with what its lists contain."""

    actions: list[Item] = field(default_factory=list)
    knowledge: list[Item] = field(default_factory=list)
    abilities: list[Item] = field(default_factory=list)
    outputs: list[Item] = field(default_factory=list)
    open_ended: bool = False


@dataclass
class ClusterItem(Item):
    """A cluster of competencies; without a label, it stands for competencies in no cluster."""

    competencies: list[EntryItem] = field(default_factory=list)


@dataclass
class Content:
    """All entries, and what the dictionary states about itself, in the order of the document."""

    about: dict[str, str] = field(default_factory=dict)
    roles: list[RoleItem] = field(default_factory=list)
    clusters: list[ClusterItem] = field(default_factory=list)
    areas: list[EntryItem] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The number of entries of each kind, as written in the document, by a name for it."""
        competencies = [entry for cluster in self.clusters for entry in cluster.competencies]
        return {
            "roles": len(self.roles),
            "job titles": sum(len(role.titles) for role in self.roles),
            "links between roles and areas": sum(len(role.areas) for role in self.roles),
            "clusters": sum(bool(cluster.label) for cluster in self.clusters),
            "competencies": len(competencies),
            "key actions of competencies": sum(len(entry.actions) for entry in competencies),
            "areas of expertise": len(self.areas),
            "key actions of areas": sum(len(area.actions) for area in self.areas),
            "knowledge": sum(len(area.knowledge) for area in self.areas),
            "abilities": sum(len(area.abilities) for area in self.areas),
            "outputs": sum(len(area.outputs) for area in self.areas),
        }

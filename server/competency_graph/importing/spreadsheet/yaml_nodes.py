"""Reads a small YAML file whose mistakes are reported with line and column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from competency_graph.errors import UnreadableInputError
from competency_graph.rdf.parsing import read_bytes

_MAX_BYTES: Final = 1_000_000


@dataclass(frozen=True)
class Node:
    """A node of a YAML file.

    Args:
        node: the node as PyYAML composes it.
        where: the name of the file.
    """

    node: yaml.Node
    where: str

    def error(self, what: str, remedy: str) -> UnreadableInputError:
        """The error for a mistake here."""
        mark = self.node.start_mark
        return UnreadableInputError(what, remedy, self.where, mark.line + 1, mark.column + 1)

    @property
    def text(self) -> str:
        """Its text.

        Raises:
            UnreadableInputError: it is not a single value.
        """
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.error("a single text is expected here", "Write one, in quotes if needed")
        return str(self.node.value)

    def items(self, allowed: Sequence[str] = (), needed: Sequence[str] = ()) -> dict[str, Node]:
        """Its values by key.

        Args:
            allowed: the keys that it may have; any if there are none.
            needed: the keys that it must have.

        Raises:
            UnreadableInputError: it is not a mapping, or has other keys.
        """
        return {key: value for key, _, value in self.pairs(allowed, needed)}

    def pairs(
        self, allowed: Sequence[str] = (), needed: Sequence[str] = ()
    ) -> list[tuple[str, Node, Node]]:
        """Its keys, each as text and as node, and its values, as `items`."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error("keys with values are expected here", "Write “key: value” lines")
        found: list[tuple[str, Node, Node]] = []
        for key_node, value in self.node.value:
            key = Node(key_node, self.where)
            if allowed and key.text not in allowed:
                raise key.error(
                    f"“{key.text}” is not a key here", f"Use one of {', '.join(allowed)}"
                )
            if key.text in (name for name, _, _ in found):
                raise key.error(f"the key “{key.text}” occurs twice", "Keep one of the two")
            found.append((key.text, key, Node(value, self.where)))
        for name in needed:
            if name not in (key for key, _, _ in found):
                raise self.error(f"the key “{name}” is missing here", f"Add “{name}: …”")
        return found

    def members(self) -> Iterator[Node]:
        """Its members; a single value is its only member."""
        if isinstance(self.node, yaml.SequenceNode):
            yield from (Node(member, self.where) for member in self.node.value)
        else:
            yield self

    @property
    def is_mapping(self) -> bool:
        """Whether it has keys."""
        return isinstance(self.node, yaml.MappingNode)


def read_yaml(path: Path) -> Node:
    """Read a YAML file without anchors and aliases, which can expand.

    Raises:
        UnreadableInputError: it cannot be read or is not YAML.
    """
    content, where = read_bytes(path), str(path)
    if len(content) > _MAX_BYTES:
        raise UnreadableInputError(
            f"the file has more than {_MAX_BYTES:,} bytes", "Check that it is the mapping", where
        )
    try:
        for event in yaml.parse(content, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 1 if event.start_mark else None
                raise UnreadableInputError(
                    "aliases are not allowed here", "Write the value itself", where, line
                )
        node = yaml.compose(content, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise UnreadableInputError(
            f"this is not YAML ({problem})", "Check indentation, colons and quotes", where,
            mark.line + 1 if mark else None, mark.column + 1 if mark else None,
        ) from None  # fmt: skip
    if node is None:
        raise UnreadableInputError("the file is empty", "Describe the columns in it", where)
    return Node(node, where)

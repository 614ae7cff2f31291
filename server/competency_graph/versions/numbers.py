"""Version numbers, by Semantic Versioning 2.0.0, without pre-releases and build metadata."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from competency_graph.errors import BadValueError

_NUMBER: Final = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")


class Number(NamedTuple):
    """A version number; numbers compare by precedence (SemVer, section 11).

    Args:
        major: is incremented by changes that break others' data.
        minor: is incremented by additions.
        patch: is incremented by corrections.
    """

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return ".".join(map(str, self))

    def may_break(self, last: Number) -> bool:
        """Whether this version after ``last`` may contain changes that break others' data.

        That needs a new major version; before 1.0.0, a new minor one (SemVer, section 4).
        """
        return self.major > last.major or (last.major == 0 and self[:2] > last[:2])

    def next_breaking(self) -> Number:
        """The next version that may contain such changes."""
        if self.major == 0:
            return Number(0, self.minor + 1, 0)
        return Number(self.major + 1, 0, 0)


def number(text: str) -> Number:
    """Read a version number.

    Raises:
        BadValueError: it is not one.
    """
    found = number_or_none(text)
    if found is None:
        raise BadValueError(
            f"“{text}” is not a version number", "Write three numbers, such as 1.2.0"
        )
    return found


def number_or_none(text: str) -> Number | None:
    """Read a version number; None if the text is not one."""
    match = _NUMBER.fullmatch(text)
    return Number(*map(int, match.groups())) if match else None

"""Setting the version of a mapping set in the head of its file; all other lines stay the same."""

from __future__ import annotations

import re
from typing import Final

from competency_graph.errors import EvaluationError
from competency_graph.mappings import tsv

_SLOT: Final = "mapping_set_version"
_START: Final = r"(?<![^\r\n\ufeff])(#[ ]?)"
_LINE: Final = re.compile(rf"{_START}{_SLOT}:[^\r\n]*")
_ID_LINE: Final = re.compile(rf"{_START}mapping_set_id:[^\r\n]*(\r\n|\n|\r)")


def with_version(content: bytes, version: str, where: str) -> bytes:
    """The text of a mapping file with another version of the set, or with its first one.

    Args:
        content: the text.
        version: the version, such as ``1.2.0``, which YAML does not take for a number.
        where: the name of the file for error messages.

    Raises:
        UnreadableInputError: the text is not SSSOM.
        EvaluationError: the version cannot be set without changing anything else.
    """
    text = content.decode()
    if _LINE.search(text):
        changed = _LINE.sub(rf"\g<1>{_SLOT}: {version}", text, count=1)
    else:
        changed = _ID_LINE.sub(rf"\g<0>\g<1>{_SLOT}: {version}\g<2>", text, count=1)
    old, new = (tsv.parse(each.encode(), where) for each in (text, changed))
    if new.metadata != {**old.metadata, _SLOT: version} or new.mappings != old.mappings:
        raise EvaluationError(
            f"{_SLOT} cannot be set in the head of this file",
            f"Write the line “# {_SLOT}: {version}” there",
            where,
        )
    return changed.encode()

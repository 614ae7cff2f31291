"""Texts that were decoded with the wrong encoding, such as “customerâ€™s”."""

from __future__ import annotations

import re
from typing import Final

LOST: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands for a character that could not be decoded."""
_SUSPECT: Final = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
"""The first two bytes of a UTF-8 character, decoded as Windows-1252 or Latin-1."""


def maybe_garbled(text: str) -> bool:
    """Check quickly whether a text may be garbled."""
    return not text.isascii() and (LOST in text or _SUSPECT.search(text) is not None)


def ungarbled(text: str) -> str:
    """The text as intended; unchanged if it is correct or cannot be restored."""
    from ftfy import TextFixerConfig, fix_encoding  # needed by few

    return fix_encoding(text, TextFixerConfig(restore_byte_a0=False, replace_lossy_sequences=False))

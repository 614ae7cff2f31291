"""Language tags (BCP 47), validated against the IANA registry."""

from __future__ import annotations

from functools import cache


@cache
def tag_error(tag: str) -> str:
    """Explain what is wrong with a language tag; "" for a valid one."""
    from iana_bcp47 import validate_bcp47  # slow to import, and rarely needed

    valid, reason = validate_bcp47(tag)
    return "" if valid else str(reason).rstrip(".")

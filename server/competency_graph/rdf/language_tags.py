"""Language tags (BCP 47, by the registry of IANA)."""

from __future__ import annotations

from functools import cache


@cache
def fault(tag: str) -> str:
    """What is wrong with a language tag; "" where nothing is."""
    from iana_bcp47 import validate_bcp47  # slow to import, and needed for rare tags alone

    valid, reason = validate_bcp47(tag)
    return "" if valid else str(reason).rstrip(".")

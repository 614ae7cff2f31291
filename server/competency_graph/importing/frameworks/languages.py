"""The languages of the texts to import."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pyoxigraph as ox


def wanted_texts(languages: Collection[str]) -> Callable[[ox.Literal], bool]:
    """Whether to import a text, by its language.

    Args:
        languages: the languages to import, as BCP 47 tags; none means all. A tag stands for its
            regions as well: ``en`` for ``en-GB``. Texts without a language are always imported.
    """
    if not languages:
        return lambda text: True
    tags = tuple(tag.lower() for tag in languages)
    ranges = tuple(f"{tag}-" for tag in tags)

    def wanted(text: ox.Literal) -> bool:
        tag = text.language
        return tag is None or tag.lower() in tags or tag.lower().startswith(ranges)

    return wanted

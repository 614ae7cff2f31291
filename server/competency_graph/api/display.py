"""How objects appear in Jupyter: as HTML without colours of its own, so in light and dark themes.

All texts are escaped, and characters that hide or reorder text are shown.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_TEMPLATES: Final = Path(__file__).with_name("templates")


class Displayed:
    """An object that Jupyter shows as HTML, and other front ends as text."""

    def _repr_html_(self) -> str:
        raise NotImplementedError

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """The object in each format, as IPython's protocol has it."""
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}


def render(template: str, **context: object) -> str:
    """Render one of the templates of this room."""
    from competency_graph.reports.html import environment  # loads the validator

    return environment(_TEMPLATES).get_template(template).render(**context)

"""The documentation as pages: ``make docs`` builds them, with the notebooks executed."""

from __future__ import annotations

import os
import sys
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # notebooks run commands

project = "Competency graph"
copyright = "The competency-graph team"
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
]
root_doc = "docs/index"
include_patterns = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/**.md"]
nitpicky = True
nitpick_ignore_regex = [("py:.*", r".*")]  # other packages have their own references

myst_heading_anchors = 3
myst_fence_as_directive = ["mermaid"]
suppress_warnings = [
    "misc.highlighting_failure",  # quotes over several lines in console sessions
    "myst.xref_missing",  # links to folders; tests/test_readme.py checks that they exist
]
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_execution_mode = "force"
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
copybutton_exclude = ".linenos, .gp, .go"
copybutton_prompt_text = "$ "

html_static_path = ["static", "../.venv/mermaid"]  # `make docs` takes Mermaid from npm
html_css_files = ["frames.css"]
html_theme = "furo"
html_title = project
html_show_sourcelink = False

_RULES = """
```{toctree}
:hidden:
:glob:

CG*
```
"""


class Mermaid(SphinxDirective):
    """A diagram in the language of Mermaid, which the browser draws."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Its source, in which a reader can select text while it is not drawn."""
        text = escape("\n".join(self.content))
        return [nodes.raw("", f'<pre class="mermaid">{text}</pre>', format="html")]


def setup(app: Sphinx) -> None:
    """Add diagrams, and put the pages of the rules below their list in the navigation."""

    def add_rules(app: Sphinx, name: str, source: list[str]) -> None:
        if name == "docs/rules/README":
            source[0] += _RULES

    def add_mermaid(
        app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
    ) -> None:
        if 'class="mermaid"' in context.get("body", ""):
            app.add_js_file("mermaid.min.js")
            app.add_js_file("draw-diagrams.js")

    app.add_directive("mermaid", Mermaid)
    app.connect("source-read", add_rules)
    app.connect("html-page-context", add_mermaid)

"""The whole site as files for a static host.

Each address of the application becomes a file, and links between pages become relative, so that the
files work under any path. Start with `writing`, which writes them all; `walk` finds the addresses,
`links` rewrites the pages, and `pages` has what only this site has. What the site of files leaves
out is decided where it is linked: templates ask ``static_site()``.
"""

from competency_graph.web.static_site.writing import Summary, write_site

__all__ = ["Summary", "write_site"]

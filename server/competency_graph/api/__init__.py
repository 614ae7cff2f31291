"""The Python interface: what `competency_graph` exports for scripts and notebooks.

It adapts the rooms below to Python, as `web` does to HTTP: rows become tables with typed columns,
entries become objects whose attributes are the properties of the ontology, and both are displayed
in Jupyter. Start with `dictionary`.
"""

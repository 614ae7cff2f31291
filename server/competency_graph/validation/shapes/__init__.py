"""SHACL shapes: loading them, checking that they are valid, and default messages.

Start with `shapes_graph`; `loading` reads the published shapes and those of an organisation.
"""

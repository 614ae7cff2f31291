"""The SHACL engines, each a library under one face, and the process that they run in.

Start with `shacl_engines`; `sparql_constraints` asks a constraint in SPARQL once for all nodes.
"""

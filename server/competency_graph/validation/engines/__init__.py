"""The SHACL engines behind a common interface, and the process that they run in.

Start with `shacl_engines`; `sparql_constraints` evaluates SPARQL constraints for all nodes at once.
"""

"""Querying over HTTP: the SPARQL and Graph Store protocols, and the saved queries.

Begin with `sparql_endpoint`. `editor` gives the page with the editor its examples and names.
"""

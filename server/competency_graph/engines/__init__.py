"""Engines for large dictionaries: a store on disk, or another SPARQL server; one without workers.

It uses `sandbox` for requests and `sparql` for query texts. Start with `remote`, which queries
another server, or `publishing`, which uploads a dictionary to one.
"""

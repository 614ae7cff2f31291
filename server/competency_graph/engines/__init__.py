"""Where large dictionaries live: on a store on disk or on another SPARQL server.

It uses `sandbox` for what a request is, and `sparql` for its text. Start with `remote`, which asks
another server, or `publishing`, which gives a dictionary to one.
"""

"""Dictionaries: their files, the dictionary they extend, inferred statements and licences.

It uses `rdf` and `mappings`. Start with `model`, whose `Dictionary` reads files and loads their
statements into a store; `inference` and `cache` compute inferred statements once per version, and
`explanations` says what each of them follows from.
"""

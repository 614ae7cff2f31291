"""What a dictionary is: its files, what it extends, what follows from it, and who may use it.

It uses `rdf` and `mappings`. Start with `model`, whose `Dictionary` reads files and keeps one store
of what they say; `inference` and `cache` work out what follows, once for each version.
"""

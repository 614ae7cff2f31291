"""The page about the ontology: `page` collects what it shows, `diagram` draws the classes.

`axiom_words` phrases the axioms, and `layered_layout` places the nodes of any directed graph.
"""

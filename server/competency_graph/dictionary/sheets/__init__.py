"""A dictionary as sheets of rows and columns, the same for exporting and importing.

`plan` derives the sheets and their columns from the ontology and the shapes. A `Column` says which
statements of an entry stand in its cells, and how they are written there. `Contents` is the
dictionary that fills the cells.
"""

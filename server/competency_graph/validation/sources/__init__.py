"""The author's files, parsed past their errors, with positions and comments that allow findings.

Start with `author_files`.
"""

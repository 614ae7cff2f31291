"""The author's files, parsed past their faults, with positions and comments that allow a rule.

Start with `author_files`.
"""

"""Spreadsheets: the workbook of an export brought back, and tables from elsewhere.

A workbook or a CSV file is read into `tables.Table`, whatever its program did to it. The rows of our
own layout (`own_layout`) or of another one that a mapping describes (`mapping`, `mapped_rows`)
become `changes.Changes`: the statements to add and to remove. `files` writes them into the
dictionary's files. `findings` has the rules that sheets must keep.
"""

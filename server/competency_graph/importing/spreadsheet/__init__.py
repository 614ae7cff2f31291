"""Spreadsheets: the workbook of an export brought back, and tables from elsewhere.

Start reading in `importer`. A workbook or a CSV file is read into tables (`tables`, `workbooks`,
`csv_files`), whatever its program did to it. The rows of our own layout (`own_rows`, `own_layout`,
`matrix`), or of another one that a mapping describes (`mapping`, `mapped_rows`), become `changes`:
the statements to add and to remove, which `files` writes into the dictionary's files. `findings`
has the rules that sheets must keep.
"""

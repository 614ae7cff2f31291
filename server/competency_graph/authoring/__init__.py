"""What an editor needs to know about the files of a dictionary while they are being written.

Texts may be broken at any time. `mentions` finds the terms of a text, and `live_store` keeps the
statements of all files. The others answer one question each: what may be written here
(`candidates`), what a term is (`descriptions`), what is wrong (`validation_process`), what a new
name changes (`renaming`).
"""

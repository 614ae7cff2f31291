"""Validation over HTTP, and the pages of the rules.

Begin with `validate`. `validation_page` shows a text with its findings.
"""

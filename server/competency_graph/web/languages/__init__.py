"""The languages of the pages: which one a reader gets, and the texts in it.

Begin with `negotiation`, which chooses the language of a request. `texts` has the translations of
`web/translations`, `scripts` those that scripts need, and `pages` what templates use. English is
the language of the source, of everything that programs read, and of what is not translated.
"""

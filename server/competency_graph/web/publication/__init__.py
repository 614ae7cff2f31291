"""The data as a publication: ``/about``, ``/data``, the sitemap, and data for search engines.

`about` describes what is served, `downloads` lists all forms in which it can be had, `sitemap`
lists the pages, and `structured_data` describes entries in schema.org's terms.
"""

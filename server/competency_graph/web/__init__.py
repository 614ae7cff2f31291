"""The dictionary over HTTP: it parses requests, calls the rooms below and renders responses.

`app` registers the surfaces: `browse` has the pages about entries, `search` finds them, `ontology`
describes their classes, `querying` has SPARQL and the saved queries, `validating` checks texts,
`publication` has downloads and what describes the service. `http` and `languages` are used by all
of them. `server` runs the application, `static_site` writes it as files. Start reading in `app`.
"""

"""The dictionary over HTTP: it parses requests, calls the rooms below and renders responses."""

"""The dictionary over HTTP: adapters that parse a request, call the floor below, and render."""

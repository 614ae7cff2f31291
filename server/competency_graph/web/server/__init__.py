"""The server process: gunicorn supervises and reloads it, an event loop communicates with clients.

The event loop reads whole requests and writes whole responses, so a client that sends or reads
slowly occupies a connection but no thread. It answers what is quick by itself, and lets threads run
the application for all else. It is uvloop's, and llhttp parses (httptools).

Start with `arbiter`, the parent process; `worker` is the process that serves, `connection` one
client's connection. This room knows HTTP, and nothing of dictionaries or queries.
"""

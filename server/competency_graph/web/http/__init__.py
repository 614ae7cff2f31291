"""How requests are read and responses made, for every surface.

Begin with `responses`: it chooses the format, asks a worker, and streams or renders the answer.
`addresses` knows which things have a page here, `problems` turns errors into responses, and
`response_cache` keeps complete responses.
"""

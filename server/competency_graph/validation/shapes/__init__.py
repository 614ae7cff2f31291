"""The shapes that judge: loaded, checked to be sound, and put in words where they have no message.

Start with `shapes_graph`; `loading` reads the published ones and those of an organisation.
"""

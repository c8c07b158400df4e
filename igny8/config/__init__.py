"""Settings: the schema, the layers they come from, and where the workspace lies.

Imports nothing here: `switches` serves `--help`, which must not load the schema.
"""

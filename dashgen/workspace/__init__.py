"""A project on disk: its file, its spec files, and what earlier builds left (cache, lock, records).

Takes a folder, gives a `Workspace`. May import `model` and what is below it.
"""

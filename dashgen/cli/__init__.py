"""The command line: one file a command in `commands`; the only importer of typer.

Takes arguments, prints reports, ends with an exit code. May import everything.
"""

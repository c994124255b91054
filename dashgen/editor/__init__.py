"""What an editor shows while somebody writes specs: findings, help, completions, definitions, renames.

Takes a project and the texts that the editor has; gives plain values, which `language_server.py` (the only
importer of pygls) turns into messages of the Language Server Protocol. May import everything below the
command line.
"""

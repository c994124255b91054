"""Spec files as text and data: YAML with a position for every value, components, expressions, edits.

Takes files, gives `Document` and `Resolved`; the only importer of yaml. May import `core`.
"""

"""Spec files as text and data: YAML with a position for every value, components, expressions, edits.

Takes files, gives `Document` and `Resolved`, and the `Reporter` that gathers what is wrong with one; the only
importer of yaml. May import `core`.
"""

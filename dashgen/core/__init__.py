"""The base of all other packages: diagnostics, files on disk, reporters and the version.

Takes and gives plain values; imports nothing of dashgen but itself.
"""

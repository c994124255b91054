"""What everything else stands on: diagnostics, files on disk, reporters and the version.

Takes and gives plain values; imports nothing of dashgen but itself.
"""

"""Markdown as blocks of inline parts.

Takes a text and gives what it says, for writers of HTML, of text and of pictures. May import `lazy_pattern`
alone.
"""

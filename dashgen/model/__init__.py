"""The spec language: one strict struct for each kind of document, and the facts that its keys rest on.

Takes resolved data, gives typed models or diagnostics. May import `source` and `core`.
"""

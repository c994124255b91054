"""Writes equal parts of an imported spec once: as defaults, as a loop, or as a component.

Takes the plain keys of a dashboard, gives documents that expand to them; each fold is proved by an expansion.
"""

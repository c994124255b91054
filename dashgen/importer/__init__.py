"""Imports dashboards and rules that others wrote as specs, which are short and build to the same JSON.

Takes files, addresses and JSON of any version; gives the text of specs with notes on what is lost, converted
and kept in ``raw:``. May import the compiler, because every proposal is built and compared with the original
before it is written.
"""

"""Compute the results of queries, expressions and templates on made-up data, as the servers do.

Takes series and log lines with times, and texts of queries; gives values, states and rendered texts. What
is outside the subset that an evaluator has raises `UnsupportedError`: no result differs from a server's.
May import `model`, `query` and `core`.
"""

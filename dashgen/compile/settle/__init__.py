"""Everything that is derived: data sources, queries, legends, units, thresholds, layout, identities.

Takes typed models, gives settled ones in which nothing is left to derive. May import `model`, `query` and
what is below them.
"""

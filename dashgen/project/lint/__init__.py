"""`dashgen lint` over a project: its specs as subjects, which findings count, fixes in the specs.

Takes a project or files of others; gives `LintReport` values, or changed spec files. May import `check.lint`
and the compiler.
"""

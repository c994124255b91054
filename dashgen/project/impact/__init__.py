"""What a change of one thing touches: everything in a project that depends on it, with its line.

Takes an `Inspection` and a subject such as ``metric:app_queries_total``; gives `ImpactUse` values. Each
kind of subject has a module. May import `project.lint` and the compiler.
"""

"""The compiler: documents are typed, settled, lowered to grafanalib and written as artifacts in memory.

Takes a `Workspace` and its files, gives a `Compilation`; `pipeline` is the whole way. May import `check`,
`formats` and what is below them.
"""

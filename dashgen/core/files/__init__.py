"""Files on disk: the one place that makes, replaces and removes files, and that opens what a project names.

A project is often somebody else's branch that was only checked out. So a link below a folder that dashgen
writes is never followed, temporary files are new and have names that nobody can guess, and what is neither a
file nor a folder (pipes, devices, sockets) is not even opened.
"""

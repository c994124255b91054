"""Files on disk: the one package that creates, replaces and removes files, and opens those of a project.

A project is often a branch of somebody else that was only checked out. So a link below a folder that dashgen
writes is never followed, temporary files are new and have names that nobody can guess, and what is neither a
file nor a folder (pipes, devices, sockets) is not even opened.
"""

"""Resources of Kubernetes that dashgen writes, checked as their controllers would read them.

Takes the data of files, gives findings. May import the rest of `check` and what is below it.
"""

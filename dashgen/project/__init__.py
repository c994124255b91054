"""What the commands do with a project: build, compare with the output, write, list, test its rules.

Takes options, gives reports. May import `compile`, `compare` and what is below them.
"""

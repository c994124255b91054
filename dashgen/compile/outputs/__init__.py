"""Artifacts: the paths and bytes of dashboards, provisioning files and rule files, with the resources in them.

Takes settled models, gives `Artifact` values; touches no disk.
"""

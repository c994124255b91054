"""Artifacts: the paths and bytes of dashboards, provisioning and rule files, with their resources.

Takes settled models, gives `Artifact` values; touches no disk.
"""

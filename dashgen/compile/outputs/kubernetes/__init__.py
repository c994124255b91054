"""Files for Kubernetes: scalers, rules, dashboards and the rest as resources that controllers read.

Takes settled values and the files of the other outputs, gives `Artifact` values below ``kubernetes/`` and
``git-sync/``. Secrets are only referred to.
"""

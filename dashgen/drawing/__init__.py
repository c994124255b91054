"""Draw panels and dashboards as Grafana shows them, without a Grafana.

Takes Grafana's JSON of panels and frames of data; gives formatted values, SVG and PNG. The same input gives
the same bytes. May import `formats`, `evaluate`, `model`, `query` and `core`.
"""

"""One form for resources that mean the same: without what Grafana fills in, renumbers or drops.

Takes the JSON of a dashboard, rule or notification resource, gives the JSON that a comparison looks at.
"""

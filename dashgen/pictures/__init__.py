"""Draw dashboards and components on made-up data.

Takes the settled specs of a project; gives SVG. The data is shaped by the metric contract and the same each
time. May import `doctor` (the queries of panels as a dashboard opens them), `project` and what is below.
"""

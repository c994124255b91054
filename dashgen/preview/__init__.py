"""Show dashboards without a Grafana: as pictures, and as one page that works offline.

Takes the settled specs of a project, or Grafana's JSON, and a source of data: made up in the shape of the
metric contract (`sample/`), or servers'. May import `doctor` (the queries of panels as a dashboard opens
them), `project` and what is below.
"""

"""A query has another data source than its panel.

Unless the panel's data source is `-- Mixed --`, Grafana sends every query of it to the panel's own, where
this one does not parse or finds nothing.

Give the panel the data source `-- Mixed --`. In specs dashgen does that by itself.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintPanel, LintProblem, Preset, lint_rule

_SERVERS = frozenset(
    (
        "prometheus",
        "loki",
        "tempo",
        "influxdb",
        "graphite",
        "elasticsearch",
        "mysql",
        "postgres",
        "cloudwatch",
    )
)


@lint_rule(
    presets=[Preset.COMMUNITY],
    bad="""
        {"title": "Example", "schemaVersion": 42, "panels": [
          {"title": "Lines", "type": "timeseries", "datasource": {"type": "prometheus", "uid": "prometheus"},
           "targets": [{"refId": "A", "expr": "sum(rate({app=\\"shop\\"}[5m]))",
                        "datasource": {"type": "loki", "uid": "loki"}}]}]}
    """,
    good="""
        {"title": "Example", "schemaVersion": 42, "panels": [
          {"title": "Lines", "type": "timeseries", "datasource": {"type": "datasource", "uid": "-- Mixed --"},
           "targets": [{"refId": "A", "expr": "sum(rate({app=\\"shop\\"}[5m]))",
                        "datasource": {"type": "loki", "uid": "loki"}}]}]}
    """,
)
def check(panel: LintPanel) -> Iterator[LintProblem]:
    """Yield a problem for each query of another type of server than the panel's."""
    for query in panel.queries:
        types = {panel.datasource_type, query.language}
        if len(types) > 1 and types <= _SERVERS:
            message = f"{panel.words} reads {panel.datasource_type}, but the query is for {query.language}"
            yield query.at(-1, message, "give the panel the data source `-- Mixed --`")

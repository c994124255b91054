"""Grafana's own rules, with what a spec says in raw."""

from dashgen.compile.outputs.grafana_rules import group_with_raw
from dashgen.core.diagnostics import has_errors
from tests.alert_support import group_with, settled


def test_of_a_query_the_time_that_it_looks_at_stands_beside_its_model() -> None:
    raw = "raw: {relativeTimeRange: {from: 660, to: 60}, intervalMs: 5000}"
    groups, problems = settled(
        group_with(f"- {{alert: T, queries: {{A: {{query: a, {raw}}}}}, when: above 1}}")
    )
    assert not has_errors(problems)
    entry = group_with_raw(groups[0])[0]["rules"][0]["data"][0]
    assert entry["relativeTimeRange"] == {"from": 660, "to": 60}
    assert entry["model"]["intervalMs"] == 5000
    assert "relativeTimeRange" not in entry["model"]

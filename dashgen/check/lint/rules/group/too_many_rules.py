"""A group has so many rules that they delay each other.

The rules of a group run one after the other. When they take longer than the interval, evaluations are
skipped.

Split the group by what belongs together. The option `most` says how many are enough.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintGroup, LintProblem, LintProject, Preset, lint_rule

_MOST = 30


@lint_rule(
    presets=[Preset.STRICT],
    bad="""
            kind: AlertRules
            group: example
            folder: Examples
            rules:
              - {record: 'code:http_requests:rate5m', query: 'sum by (code) (rate(http_requests_total[5m]))'}
              - {record: 'code:http_requests:rate6m', query: 'sum by (code) (rate(http_requests_total[6m]))'}
              - {record: 'code:http_requests:rate7m', query: 'sum by (code) (rate(http_requests_total[7m]))'}
              - {record: 'code:http_requests:rate8m', query: 'sum by (code) (rate(http_requests_total[8m]))'}
              - {record: 'code:http_requests:rate9m', query: 'sum by (code) (rate(http_requests_total[9m]))'}
              - {record: 'code:http_requests:rate10m', query: 'sum by (code) (rate(http_requests_total[10m]))'}
              - {record: 'code:http_requests:rate11m', query: 'sum by (code) (rate(http_requests_total[11m]))'}
              - {record: 'code:http_requests:rate12m', query: 'sum by (code) (rate(http_requests_total[12m]))'}
              - {record: 'code:http_requests:rate13m', query: 'sum by (code) (rate(http_requests_total[13m]))'}
              - {record: 'code:http_requests:rate14m', query: 'sum by (code) (rate(http_requests_total[14m]))'}
              - {record: 'code:http_requests:rate15m', query: 'sum by (code) (rate(http_requests_total[15m]))'}
              - {record: 'code:http_requests:rate16m', query: 'sum by (code) (rate(http_requests_total[16m]))'}
              - {record: 'code:http_requests:rate17m', query: 'sum by (code) (rate(http_requests_total[17m]))'}
              - {record: 'code:http_requests:rate18m', query: 'sum by (code) (rate(http_requests_total[18m]))'}
              - {record: 'code:http_requests:rate19m', query: 'sum by (code) (rate(http_requests_total[19m]))'}
              - {record: 'code:http_requests:rate20m', query: 'sum by (code) (rate(http_requests_total[20m]))'}
              - {record: 'code:http_requests:rate21m', query: 'sum by (code) (rate(http_requests_total[21m]))'}
              - {record: 'code:http_requests:rate22m', query: 'sum by (code) (rate(http_requests_total[22m]))'}
              - {record: 'code:http_requests:rate23m', query: 'sum by (code) (rate(http_requests_total[23m]))'}
              - {record: 'code:http_requests:rate24m', query: 'sum by (code) (rate(http_requests_total[24m]))'}
              - {record: 'code:http_requests:rate25m', query: 'sum by (code) (rate(http_requests_total[25m]))'}
              - {record: 'code:http_requests:rate26m', query: 'sum by (code) (rate(http_requests_total[26m]))'}
              - {record: 'code:http_requests:rate27m', query: 'sum by (code) (rate(http_requests_total[27m]))'}
              - {record: 'code:http_requests:rate28m', query: 'sum by (code) (rate(http_requests_total[28m]))'}
              - {record: 'code:http_requests:rate29m', query: 'sum by (code) (rate(http_requests_total[29m]))'}
              - {record: 'code:http_requests:rate30m', query: 'sum by (code) (rate(http_requests_total[30m]))'}
              - {record: 'code:http_requests:rate31m', query: 'sum by (code) (rate(http_requests_total[31m]))'}
              - {record: 'code:http_requests:rate32m', query: 'sum by (code) (rate(http_requests_total[32m]))'}
              - {record: 'code:http_requests:rate33m', query: 'sum by (code) (rate(http_requests_total[33m]))'}
              - {record: 'code:http_requests:rate34m', query: 'sum by (code) (rate(http_requests_total[34m]))'}
              - {record: 'code:http_requests:rate35m', query: 'sum by (code) (rate(http_requests_total[35m]))'}
        """,
    good="""
            kind: AlertRules
            group: example
            folder: Examples
            rules:
              - {record: 'code:http_requests:rate5m', query: 'sum by (code) (rate(http_requests_total[5m]))'}
        """,
)
def check(group: LintGroup, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for a group with too many rules."""
    most = project.option("group/too-many-rules", "most", _MOST)
    if len(group.rules) > most:
        message = f"the group `{group.name}` has {len(group.rules)} rules, more than {most}"
        yield group.problem(message, "group", hint="split it by what belongs together")

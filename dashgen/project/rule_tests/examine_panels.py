"""Compare the values of panels' queries on the data of tests with what these expect."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from dashgen.core.diagnostics import nearest
from dashgen.evaluate.samples import UnsupportedError
from dashgen.model.alert_rules import PanelTest, ValueTest
from dashgen.model.duration import milliseconds
from dashgen.model.settled_alerts import SettledGroup, SettledRecord
from dashgen.model.settled_dashboard import SettledDashboard, SettledQuery
from dashgen.project.rule_tests.case_results import ValueResult
from dashgen.project.rule_tests.examine_values import TestedQuery, examine_values
from dashgen.project.rule_tests.made_up_data import Evaluators, QueryTimes, interpolated
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

RANGE: Final = 3_600_000
"""The milliseconds of `$__range` in tests that give it no value."""


class PanelQueries(Struct, frozen=True):
    """The queries of panels, by their dashboards' uids and their keys, and all recording rules."""

    panels: Mapping[str, Sequence[SettledQuery]]
    records: Sequence[SettledRecord]
    evaluators: Evaluators


def queries_by_panel(dashboards: Sequence[SettledDashboard]) -> dict[str, list[SettledQuery]]:
    """The queries of each panel."""
    return {
        f"{dashboard.uid}/{panel.key}": panel.queries
        for dashboard in dashboards
        for row in dashboard.rows
        for panel in row.panels
    }


def examine_panels(group: SettledGroup, queries: PanelQueries) -> ValueResult:
    """Run the tests of panels that a document of rules has."""
    report = Reporter(group.document.resolved)
    tests = list(_tests(group, queries, report))
    return examine_values(tests, report)


def _tests(
    group: SettledGroup, queries: PanelQueries, report: Reporter
) -> Iterator[tuple[TestedQuery, ValueTest, Path]]:
    for index, test in enumerate(group.document.model.tests):
        path: Path = ("tests", index)
        panel = queries.panels.get(test.panel)
        if panel is None:
            hint = nearest(test.panel, queries.panels)
            report.error("test/panel", f"there is no panel `{test.panel}`", (*path, "panel"), hint)
            continue
        query = next((one for one in panel if test.query in {None, one.ref}), None)
        if query is None:
            hint = nearest(test.query or "", [one.ref for one in panel])
            message = f"the panel `{test.panel}` has no query `{test.query or 'A'}`"
            report.error("test/panel", message, (*path, "query" if test.query else "panel"), hint)
            continue
        try:
            yield _tested_query(test, query, queries), test, path
        except UnsupportedError as error:
            message = f"`{test.panel}` is not tested: the evaluator lacks {error}"
            report.warn("test/unsupported", message, path)


def _tested_query(test: PanelTest, query: SettledQuery, queries: PanelQueries) -> TestedQuery:
    if query.query.is_expression:
        raise UnsupportedError("expressions of panels")
    # The data has a value at each interval of the test, as if that were the time between two scrapes.
    scrape = milliseconds(test.interval) or 60_000
    times = QueryTimes(0, RANGE, scrape)
    text = interpolated(query.query.query.strip(), times, test.variables, scrape)
    records = queries.records
    return TestedQuery(test.panel, query.datasource.type, text, {}, records, scrape, queries.evaluators)

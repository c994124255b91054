"""A dashboard has another time zone than the others of the project.

Who goes from one to the next compares 14:00 with 12:00 and looks for the event in the wrong place.

Set one `timezone:` in the project's defaults.
"""

from collections import Counter
from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, Preset, lint_rule


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        kind: Dashboard
        title: Orders
        timezone: utc
        panels: [{title: Requests, query: 'sum(up)'}]
        ---
        kind: Dashboard
        title: Payments
        timezone: utc
        panels: [{title: Requests, query: 'sum(up)'}]
        ---
        kind: Dashboard
        title: Returns
        timezone: Europe/Berlin
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
    good="""
        kind: Dashboard
        title: Orders
        timezone: utc
        panels: [{title: Requests, query: 'sum(up)'}]
        ---
        kind: Dashboard
        title: Payments
        timezone: utc
        panels: [{title: Requests, query: 'sum(up)'}]
        ---
        kind: Dashboard
        title: Returns
        timezone: utc
        panels: [{title: Requests, query: 'sum(up)'}]
    """,
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each dashboard whose zone most others of specs do not have."""
    zones = Counter(one.timezone for one in project.dashboards if one.is_spec)
    if len(zones) < 2:
        return
    zone, count = zones.most_common(1)[0]
    for dashboard in project.dashboards:
        if dashboard.is_spec and dashboard.timezone != zone and count > zones[dashboard.timezone]:
            message = f"its time zone is `{dashboard.timezone}`, that of {count} other dashboards is `{zone}`"
            yield dashboard.problem(message, f"write `timezone: {zone}`")

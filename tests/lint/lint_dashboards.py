"""Dashboards as lint rules see them, without a file around."""

from dashgen.check.lint import (
    LintDashboard,
    LintLink,
    LintPanel,
    LintProject,
    LintQuery,
    LintRow,
    LintVariable,
)
from dashgen.check.lint.rule_registry import own_rules
from dashgen.check.lint.subjects import LintSubject
from tests.lint.lint_queries import PLACE


def dashboard(title: str = "Example", **more: object) -> LintDashboard:
    """A dashboard without panels."""
    return LintDashboard(place=PLACE, file="x.json", title=title, **more)  # type: ignore[arg-type]


def panel(title: str = "Example", *queries: str, kind: str = "timeseries", **more: object) -> LintPanel:
    """The only panel of a dashboard, with PromQL queries."""
    row = LintRow(place=PLACE, title="", dashboard=dashboard())
    one = LintPanel(place=PLACE, type=kind, title=title, row=row, dashboard=row.dashboard, **more)  # type: ignore[arg-type]
    one.queries = [LintQuery(place=PLACE, text=text, language="prometheus", owner=one) for text in queries]
    row.panels, row.dashboard.rows = [one], [row]
    return one


def variable(kind: str = "query", **more: object) -> LintVariable:
    """The only variable of a dashboard."""
    one = LintVariable(place=PLACE, name="name", type=kind, dashboard=dashboard(), **more)  # type: ignore[arg-type]
    one.dashboard.variables = [one]
    return one


def link(url: str, **more: object) -> LintLink:
    """A link of a panel."""
    return LintLink(place=PLACE, title="More", url=url, owner=panel(), **more)  # type: ignore[arg-type]


def findings(name: str, subject: LintSubject, project: LintProject | None = None) -> list[str]:
    """The messages of a rule about a subject."""
    problems = own_rules()[name].problems(subject, project or LintProject(place=PLACE))
    return [problem.message for problem in problems]

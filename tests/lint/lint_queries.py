"""Queries as lint rules see them, without a file around."""

from dashgen.check.check_report import Report
from dashgen.check.lint import LintDashboard, LintGroup, LintPanel, LintProject, LintQuery, LintRuleSubject
from dashgen.check.lint.file_subjects import NoFile
from dashgen.check.lint.places import FilePlace
from dashgen.check.lint.rule_registry import own_rules

PLACE = FilePlace(Report(NoFile()))


PROJECT = LintProject(place=PLACE)


def panel_query(
    text: str, language: str = "prometheus", kind: str = "timeseries", **more: object
) -> LintQuery:
    """The query of a panel."""
    dashboard = LintDashboard(place=PLACE, file="x.json", title="Example")
    panel = LintPanel(place=PLACE, type=kind, title="Example", dashboard=dashboard)
    query = LintQuery(place=PLACE, text=text, language=language, owner=panel, **more)  # type: ignore[arg-type]
    panel.queries = [query]
    return query


def alert_query(text: str, language: str = "prometheus", kind: str = "alert") -> LintQuery:
    """The query of a rule in a rule file."""
    group = LintGroup(place=PLACE, file="x.yaml", name="example", is_spec=False)
    rule = LintRuleSubject(place=PLACE, kind=kind, name="Example", group=group, is_spec=False)
    query = LintQuery(place=PLACE, text=text, language=language, instant=True, owner=rule)
    rule.queries = [query]
    return query


def messages(name: str, query: LintQuery, project: LintProject | None = None) -> list[str]:
    """The messages of a rule about a query or the panel or rule that has it."""
    rule = own_rules()[name]
    subject = query if rule.subject is LintQuery else query.owner
    return [problem.message for problem in rule.problems(subject, project or PROJECT)]

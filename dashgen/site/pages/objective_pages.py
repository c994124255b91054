"""The service level objectives: what is promised, what is left of the budget, and which alerts watch it.

They are those of the component `std/slo`, which records them under names of their own.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.site.plain_words import duration_words, joined
from dashgen.site.site_page import SitePage
from dashgen.site.site_paths import file_stem
from dashgen.site.site_project import SiteLink, SiteProject

OBJECTIVES: Final = "objectives.html"
_OBJECTIVE: Final = lazy_pattern(r"slo:objective:(\w+)_ratio")
_CONSTANT: Final = lazy_pattern(r"\s*vector\((\d+(?:\.\d+)?)\)\s*")
_BUDGET: Final = lazy_pattern(r"slo:error_ratio:\w+_rate(\d+[dhw])\b")


class ObjectiveView(NamedTuple):
    """An objective."""

    anchor: str
    title: str
    promise: str
    description: str
    errors: str
    total: str
    alerts: list[SiteLink]
    panel: SiteLink
    dashboard: SiteLink | None
    location: SiteLink


def objectives_page(project: SiteProject) -> SitePage:
    """The page of all objectives."""
    objectives = sorted(_objectives(project), key=lambda one: one.title)
    names = joined([one.title for one in objectives], " ")
    return SitePage(OBJECTIVES, "Objectives", "list", "objectives.html", {"objectives": objectives}, names)


def _objectives(project: SiteProject) -> Iterator[ObjectiveView]:
    queries = {rule.rule.record: rule.rule.query for _, rule in project.records}
    for _, rule in project.records:
        name = _OBJECTIVE.fullmatch(rule.rule.record)
        if name is None:
            continue
        uid, title, description = _budget_panel(project, name[1])
        key = f"slo-{name[1]}-budget"
        location = rule.placed.document.resolved.origin(rule.placed.path).location()
        yield ObjectiveView(
            anchor=file_stem(name[1]),
            title=title or name[1].replace("_", " "),
            promise=_promise(rule.rule.query, queries.get(f"slo:budget_remaining:{name[1]}_ratio", "")),
            description=description,
            errors=queries.get(f"slo:errors:{name[1]}_rate5m", "").strip(),
            total=queries.get(f"slo:total:{name[1]}_rate5m", "").strip(),
            alerts=[
                project.alert_link(alert.rule.alert)
                for _, alert in project.alerts
                if f"slo:error_ratio:{name[1]}_rate" in alert.expression
            ],
            panel=project.panel_link(uid, key) if uid else SiteLink(""),
            dashboard=project.dashboard_link(uid) if uid else None,
            location=project.place(location),
        )


def _promise(objective: str, budget: str) -> str:
    """The objective and its period: ``97 % within 30 days``."""
    share, period = _CONSTANT.fullmatch(objective), _BUDGET.search(budget)
    part = f"{float(share[1]) * 100:.10g} %" if share else objective.strip()
    return f"{part} within {duration_words(period[1])}" if period else part


def _budget_panel(project: SiteProject, name: str) -> tuple[str, str, str]:
    """The dashboard of the panel that shows the budget, the title of its row, and its description."""
    for uid, dashboard in project.dashboards.items():
        for row in dashboard.settled.rows:
            for panel in row.panels:
                if panel.key == f"slo-{name}-budget":
                    return uid, row.title or "", panel.description or ""
    return "", "", ""

"""What reads a metric, and what reads that in turn."""

from collections.abc import Collection, Iterator
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.metrics_spec import series_names
from dashgen.project.impact.impact_use import ImpactProject, ImpactUse, location_of, query_use
from dashgen.project.placed_queries import RECORDING

_FIRST_WORD: Final = lazy_pattern(r"\s*([A-Za-z_:][A-Za-z0-9_:]*)")


def metric_impact(project: ImpactProject, name: str) -> Iterator[ImpactUse]:
    """What reads a metric, and in turn what reads the series that recording rules make of it.

    Alert rules bring the policies that their alerts take.
    """
    alerts: set[str] = set()
    waiting: list[tuple[str, tuple[str, ...]]] = [(series, ()) for series in _series_of(project, name)]
    seen = {series for series, _ in waiting}
    while waiting:
        series, via = waiting.pop(0)
        for query, offset in project.series.uses(series):
            part = f"{query.role}, by a pattern" if offset < 0 else query.role
            yield query_use(query, project.location(query, offset), part, via)
            if query.asker.kind == RECORDING and query.asker.name not in seen:
                seen.add(query.asker.name)
                waiting.append((query.asker.name, (*via, query.asker.name)))
            if query.asker.kind == "alert-rule":
                alerts.add(query.asker.name)
        yield from _tests(project, series, via)
    yield from _policies(project, alerts)


def _series_of(project: ImpactProject, name: str) -> tuple[str, ...]:
    """The series of a metric of the contract: a histogram has three."""
    for document in project.inspection.documents.of("Metrics"):
        metric = document.model.metrics.get(name)
        if metric is not None:
            return tuple(dict.fromkeys((name, *series_names(name, metric))))
    return (name,)


def _tests(project: ImpactProject, series: str, via: tuple[str, ...]) -> Iterator[ImpactUse]:
    """The tests of rules that make up values of a series, each at the first of them."""
    for group in project.inspection.groups:
        for alert in group.alerts:
            for number, test in enumerate(alert.rule.tests):
                first_words = {key: _FIRST_WORD.match(key) for key in test.series}
                key = next((key for key, word in first_words.items() if word and word[1] == series), None)
                if key is not None:
                    path = (*alert.placed.path, "tests", number, "series", key)
                    location = location_of(group.document.resolved, path, is_key=True)
                    part = f"test `{test.name}`"
                    yield ImpactUse("alert-rule", alert.rule.alert, group.name, part, location, via)


def _policies(project: ImpactProject, names: Collection[str]) -> Iterator[ImpactUse]:
    """The policies that the alerts of some rules may take."""
    for routed in project.alerts:
        if routed.alert.rule.alert not in names:
            continue
        for route in routed.routes.routes:
            contact = project.book.contact_route(route)
            if contact.policies:
                location = contact.policies[-1].location
                yield ImpactUse(
                    "policy", route.contact_point, "", "route", location, (routed.alert.rule.alert,)
                )

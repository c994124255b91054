"""The page of each metric of the contract, and recording rules: who charts them and who alerts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from dashgen.compile.compile_context import metric_facts
from dashgen.core.sentence_parts import listed
from dashgen.model.alert_rules import ValueTest
from dashgen.model.metric_units import metric_unit
from dashgen.model.metrics_spec import Bound, LabelValues, series_names
from dashgen.model.settled_alerts import SettledGroup, SettledRecord
from dashgen.project.impact.impact_use import ImpactUse, arranged
from dashgen.project.impact.metric_impact import metric_impact
from dashgen.site.pages.dashboard_pages import unit_words
from dashgen.site.plain_words import every, joined
from dashgen.site.site_page import SitePage
from dashgen.site.site_paths import METRIC, file_stem
from dashgen.site.site_project import RECORDINGS, ContractMetric, SiteLink, SiteProject

_HEADINGS: Final = (
    ("Charted by", ("panel", "annotation", "variable", "row", "dashboard")),
    ("Alerted on by", ("alert-rule",)),
    ("Recorded by", ("recording-rule",)),
    ("Also read by", ("report", "scaler", "datasource")),
    ("Its alerts notify", ("policy",)),
)
_SHOWN_VALUES: Final = 20


class UseView(NamedTuple):
    """What reads a metric: where, through which recording rules, and its line."""

    link: SiteLink
    dashboard: SiteLink | None
    part: str
    via: list[SiteLink]
    location: SiteLink


class LabelView(NamedTuple):
    """A label and its values in words."""

    name: str
    values: str


class RecordPart(NamedTuple):
    """A recording rule: its group, how often it is evaluated, and its query."""

    group: str
    interval: str
    source: SiteLink
    query: str
    location: SiteLink


class RecordView(NamedTuple):
    """A recorded series: the rules that make it, what they read, and what reads it."""

    anchor: str
    name: str
    parts: list[RecordPart]
    series: list[SiteLink]
    uses: list[UseView]
    tests: list[str]


def metric_pages(project: SiteProject) -> Iterator[SitePage]:
    """A page for each metric of the contract."""
    for one in project.metrics:
        values = {
            "metric": one.metric,
            "unit": _unit(project, one),
            "series": [name for name in series_names(one.name, one.metric) if name != one.name],
            "labels": [
                LabelView(name, label_words(label)) for name, label in sorted(one.metric.labels.items())
            ],
            "job": one.document.model.job or "",
            "uses": uses_by_heading(project, metric_impact(project.impact, one.name)),
            "place": project.place(one.location),
        }
        search = joined([one.metric.help, one.metric.type, *one.metric.labels], " ")
        path = project.paths.page(METRIC, one.name)
        yield SitePage(path, one.name, "metric", "metric.html", values, search)


def _unit(project: SiteProject, one: ContractMetric) -> str:
    if one.metric.type == "counter" and one.metric.unit is None:
        return ""
    unit, _ = metric_unit(one.name, metric_facts(project.inspection.documents.of("Metrics")))
    return unit_words(unit) if unit else ""


def label_words(values: LabelValues) -> str:
    """The values of a label in words."""
    if isinstance(values, Bound):
        example = f", such as {values.example}" if values.example else ""
        return f"at most {values.max} values{example}"
    hidden = len(values) - _SHOWN_VALUES
    return joined(values[:_SHOWN_VALUES], ", ") + (f" and {hidden} more" if hidden > 0 else "")


def uses_by_heading(project: SiteProject, uses: Iterable[ImpactUse]) -> Mapping[str, list[UseView]]:
    """Uses below the headings of a page, each thing once."""
    headings: dict[str, list[UseView]] = {}
    seen = set()
    for use in arranged(uses):
        heading = next((name for name, kinds in _HEADINGS if use.kind in kinds), "")
        key = (heading, use.kind, use.parent, use.name)
        # Tests make values up; they do not read any.
        if heading and key not in seen and not use.part.startswith("test "):
            seen.add(key)
            headings.setdefault(heading, []).append(_use(project, use))
    return {name: headings[name] for name, _ in _HEADINGS if name in headings}


def _use(project: SiteProject, use: ImpactUse) -> UseView:
    is_dashboard = use.parent in project.dashboards
    return UseView(
        project.use_link(use),
        project.dashboard_link(use.parent) if is_dashboard else None,
        use.kind if is_dashboard and use.kind != "panel" else "",
        [project.series_link(name) for name in use.via] if use.kind != "policy" else [],
        project.place(use.location),
    )


def recordings_page(project: SiteProject) -> SitePage:
    """All recording rules on one page; several rules may record one series."""
    rules: dict[str, list[tuple[SettledGroup, SettledRecord]]] = {}
    for group, rule in project.records:
        rules.setdefault(rule.rule.record, []).append((group, rule))
    records = [_record(project, name, rules[name]) for name in sorted(rules)]
    return SitePage(
        RECORDINGS, "Recording rules", "list", "recordings.html", {"records": records}, joined(rules, " ")
    )


def _record(
    project: SiteProject, name: str, rules: Sequence[tuple[SettledGroup, SettledRecord]]
) -> RecordView:
    uses = uses_by_heading(project, metric_impact(project.impact, name))
    return RecordView(
        anchor=file_stem(name),
        name=name,
        parts=[_record_part(project, group, rule) for group, rule in rules],
        series=project.series_of(project.queries_of.get(("recording-rule", name), ())),
        uses=[use for heading, many in uses.items() if heading != _HEADINGS[-1][0] for use in many],
        tests=[_test_words(test) for _, rule in rules for test in rule.rule.tests],
    )


def _record_part(project: SiteProject, group: SettledGroup, rule: SettledRecord) -> RecordPart:
    location = rule.placed.document.resolved.origin((*rule.placed.path, "record")).location()
    source, position = project.data_source_link(rule.datasource.uid), project.place(location)
    return RecordPart(group.name, every(group.interval), source, rule.rule.query.strip(), position)


def _test_words(test: ValueTest) -> str:
    return f"{test.name} ({listed([f'at {at}' for at in test.expect])})" if test.expect else test.name

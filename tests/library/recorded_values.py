"""The recorded series of a shipped component, computed at one time from series with one value each."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from dashgen.compile.settle.settle_warnings import SIGN
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql
from dashgen.evaluate.samples import NAME, SampleStore
from dashgen.model.settled_alerts import SettledRecord
from dashgen.model.settled_dashboard import SettledPanel
from dashgen.project.inspection import inspect_project
from dashgen.query.promql.series_notation import series_labels

NOW = 1_796_040_000_000
"""Monday, 2026-11-30, 12:00 UTC, in milliseconds."""
SOURCES = {
    "kind": "DataSources",
    "datasources": {"prometheus": {"url": "http://prometheus:9090", "default": True}},
}


class RecordedRules(Struct, frozen=True):
    """The recording rules of one use of a shipped component, in the order of their evaluation, and its panels."""

    rules: list[SettledRecord]
    panels: list[SettledPanel] = []

    def warnings(self, series: Mapping[str, float]) -> dict[str, set[str]]:
        """The messages that each panel shows, by its title."""
        store = SampleStore()
        self.values(series, store=store)
        shown: dict[str, set[str]] = {}
        for panel in self.panels:
            sent = [(one.sent or one.query.query).replace("$__rate_interval", "4m") for one in panel.queries]
            results: list[Any] = [evaluate_promql(text, store, NOW) for text in sent]
            texts = {text for labels, _ in results[0] for text in labels.values() if text.startswith(SIGN)}
            for query, result in zip(panel.queries, results, strict=True):
                if query.warning is not None and not query.query.hide and result:
                    texts.add(query.legend)
            shown[panel.panel.title] = {text.removeprefix(f"{SIGN} ") for text in texts}
        return {title: texts for title, texts in shown.items() if texts}

    def values(
        self, series: Mapping[str, float], at: int = NOW, store: SampleStore | None = None
    ) -> dict[str, float]:
        """What is recorded, by series as queries write them, from series with one value."""
        store = SampleStore() if store is None else store
        for written, value in series.items():
            store.add(series_labels(written), at, value)
        recorded: dict[str, float] = {}
        for rule in self.rules:
            result: Any = evaluate_promql(rule.rule.query.strip(), store, at)
            for labels, value in [({}, result)] if isinstance(result, float) else result:
                kept = {**labels, **rule.labels, NAME: rule.rule.record}
                store.add(kept, at, value)
                recorded[_written(kept)] = value
        return recorded

    def until(self, record: str) -> "RecordedRules":
        """The rules up to the last one that records a series."""
        last = max(i for i, rule in enumerate(self.rules) if rule.rule.record == record)
        return RecordedRules(self.rules[: last + 1])


def _written(labels: Mapping[str, str]) -> str:
    inner = ", ".join(f'{name}="{value}"' for name, value in sorted(labels.items()) if name != NAME and value)
    return labels[NAME] + (f"{{{inner}}}" if inner else "")


def recorded_rules(folder: Path, component: str, arguments: Mapping[str, Any]) -> RecordedRules:
    """The recording rules that a use of a component brings.

    Args:
        folder: an empty folder for the project.
        component: its name, such as `std/slo`.
        arguments: the arguments of the use.
    """
    dashboard = {
        "kind": "Dashboard",
        "uid": "d",
        "title": "D",
        "folder": "F",
        "rows": [{"use": component, "with": arguments}],
    }
    specs = folder / "specs"
    specs.mkdir()
    (folder / "dashgen.yaml").write_text("specs: [specs]\n", "utf-8")
    for number, document in enumerate((SOURCES, dashboard)):
        (specs / f"{number}.yaml").write_text(json.dumps(document), "utf-8")
    inspection = inspect_project(folder)
    assert [f"{one.rule}: {one.message}" for one in inspection.diagnostics] == []
    rules: Iterable[Any] = (rule for group in inspection.groups for rule in group.rules)
    panels = [panel for row in inspection.dashboards[0].settled.rows for panel in row.panels]
    return RecordedRules([rule for rule in rules if isinstance(rule, SettledRecord)], panels)

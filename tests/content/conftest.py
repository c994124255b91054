"""What the tests of the bot's own dashboards and alerts read: generated/, as it is committed, and the specs beside it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GENERATED = ROOT / "generated"
SPECS = ROOT / "specs"
DASHBOARDS = {
    "mission-control": "🚀 Mission Control",
    "user-analytics": "👥 User Analytics & Business",
    "ai-cost": "🤖 AI & Cost Analytics",
    "product-analytics": "🔮 Product Analytics",
    "scale-forecast": "📈 Scale & Forecast",
}


@dataclass(frozen=True)
class Metric:
    """A series name of the contract: its labels with their known values, none where only their number is known."""

    labels: dict[str, list[str] | None]


def load_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def panels_of(dashboard: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The panels of a dashboard, also those in collapsed rows; rows themselves are left out."""
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            yield from panel.get("panels", [])
        else:
            yield panel


def queries_of(dashboard: dict[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    """(panel title, query) of every query to a data source of a kind."""
    for panel in panels_of(dashboard):
        for target in panel.get("targets", []):
            if target["datasource"]["type"] == kind:
                yield panel["title"], target.get("expr") or target.get("query", "")


@pytest.fixture(scope="session")
def dashboards() -> dict[str, dict[str, Any]]:
    folder = GENERATED / "dashboards" / "Dubai Estate AI"
    return {uid: json.loads((folder / f"{uid}.json").read_text(encoding="utf-8")) for uid in DASHBOARDS}


@pytest.fixture(scope="session")
def rules() -> dict[str, dict[str, Any]]:
    """Every alert of the Prometheus and Loki rule files, by name, with the server that it is for."""
    found = {}
    rule_files = (
        path for server in ("prometheus", "loki") for path in (GENERATED / "rules" / server).glob("*.yaml")
    )
    for path in sorted(rule_files):
        for group in load_yaml(path)["groups"]:
            for rule in group["rules"]:
                if "alert" in rule:
                    found[rule["alert"]] = {**rule, "server": path.parent.name}
    return found


@pytest.fixture(scope="session")
def grafana_rules() -> dict[str, dict[str, Any]]:
    """Every alert that Grafana evaluates itself, by title, with its folder."""
    groups = load_yaml(GENERATED / "provisioning" / "alerting" / "rules.yaml")["groups"]
    return {rule["title"]: {**rule, "folder": group["folder"]} for group in groups for rule in group["rules"]}


@pytest.fixture(scope="session")
def contract() -> dict[str, Metric]:
    """The metric contract by series name: a histogram has three."""
    found: dict[str, Metric] = {}
    files = (SPECS / "metrics.yaml", SPECS / "insights-metrics.yaml")
    for name, metric in chain.from_iterable(load_yaml(file)["metrics"].items() for file in files):
        values = metric.get("labels", {}).items()
        labels = {label: known if isinstance(known, list) else None for label, known in values}
        if metric["type"] == "histogram":
            found[f"{name}_bucket"] = Metric({**labels, "le": None})
            found |= {f"{name}_sum": Metric(labels), f"{name}_count": Metric(labels)}
        else:
            found[name] = Metric(labels)
    return found


@pytest.fixture(scope="session")
def series(contract: dict[str, Metric]) -> dict[str, Metric]:
    """The series of the contract, and those that rules record."""
    return contract | dict(_recorded())


# How an expression names the labels of its result, besides those of what it reads.
_LABELS = (
    r"\bby\s*\(([^()]*)\)",
    r"\bgroup_(?:left|right)\s*\(([^()]*)\)",
    r"\bcount_values(?:\s+by\s*\([^()]*\))?\s*\(\s*\"(\w+)\"",
    r",\s*\"(\w+)\",\s*\"[^\"]*\",\s*\"\w*\",\s*\"[^\"]*\"\s*\)",  # label_replace
    r",\s*\"(\w+)\",\s*\"-\",",  # label_join
)


def _recorded() -> Iterator[tuple[str, Metric]]:
    """What rules record, with every label that it may have: those of its query, and of the recorded series in it."""
    own: dict[str, set[str]] = {}
    reads: dict[str, set[str]] = {}
    for path in sorted((GENERATED / "rules" / "prometheus").glob("*.yaml")):
        for group in load_yaml(path)["groups"]:
            for rule in group["rules"]:
                if "record" in rule:
                    found = [match for pattern in _LABELS for match in re.findall(pattern, rule["expr"])]
                    names = {name.strip() for names in found for name in names.split(",") if name.strip()}
                    own.setdefault(rule["record"], set()).update(names, rule.get("labels", {}))
                    words = re.findall(r"[a-z_]+:[a-z0-9_:]+", rule["expr"])
                    reads.setdefault(rule["record"], set()).update(words)
    for name in own:
        todo, seen = [name], set()
        while todo:
            one = todo.pop()
            if one in own and one not in seen:
                seen.add(one)
                todo += reads[one]
        yield name, Metric(dict.fromkeys(label for one in seen for label in own[one]))


@pytest.fixture(scope="session")
def promql(dashboards: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    """Every PromQL expression that the project compiles, with where it is."""
    found = [
        (f"{uid}: {title}", expr)
        for uid, d in dashboards.items()
        for title, expr in queries_of(d, "prometheus")
    ]
    for path in sorted((GENERATED / "rules" / "prometheus").glob("*.yaml")):
        for group in load_yaml(path)["groups"]:
            found += [(rule.get("alert") or rule["record"], rule["expr"]) for rule in group["rules"]]
    return found

"""A project with a load, a panel that shows it, and a scaler, built in this process."""

from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import yaml

from dashgen.core.diagnostics import Diagnostic
from tests.project.project import Project

SOURCES = """\
kind: DataSources
datasources:
  prometheus: {url: "http://prometheus:9090", default: true}
  hidden: {type: prometheus, url: $PROMETHEUS_URL}
  login: {type: prometheus, url: "http://p:9090", basic_auth: {user: g, password: $PASSWORD}}
  loki: {url: "http://loki:3100"}
"""
RULES = """\
kind: AlertRules
group: shop
folder: Shop
rules:
  - {record: "shop:requests:rate5m", query: "sum(rate(requests_total[5m]))"}
  - {record: "shop:requests:rate5m_by_code", query: "sum by (code) (rate(requests_total[5m]))"}
  - {record: "shop:twice", query: "sum(a)", labels: {part: a}}
  - {record: "shop:twice", query: "sum(b)", labels: {part: b}}
  - {record: "shop:lines", query: 'sum(rate({app="shop"}[5m]))', datasource: loki}
"""
DASHBOARD = """\
kind: Dashboard
uid: shop
title: Shop
folder: Shop
panels:
  - {title: Above, query: up}
rows:
  - title: Traffic
    panels:
      - title: Requests
        query: sum by (code) (rate(requests_total[$__rate_interval])) * 60
        unit: reqpm
      - {title: Other, query: up}
"""
LINES = {
    "name": "name: shop",
    "target": "target: deployment/shop",
    "query": "query: shop:requests:rate5m * 60",
    "threshold": "threshold: 60",
    "replicas": "replicas: {min: 1, max: 10}",
}


def scaler(changes: str = "") -> str:
    """A scaler with some keys written differently, or more of them; `-key` leaves one out."""
    lines = dict(LINES)
    for line in dedent(changes).strip().splitlines():
        key = line.partition(":")[0]
        if line.startswith("-"):
            del lines[line[1:]]
        elif line.startswith(" "):
            last = next(reversed(lines))
            lines[last] += f"\n{line}"
        else:
            lines[key] = line
    return "\n".join(["kind: Scaler", *lines.values(), ""])


def scaling_project(folder: Path, *scalers: str, more: str = "", settings: str = "") -> Project:
    """The project with these scalers, more documents, and more lines of its project file."""
    project = Project(folder)
    project.write("dashgen.yaml", f"specs: [specs]\n{dedent(settings)}")
    project.write("specs/sources.yaml", SOURCES)
    project.write("specs/rules.yaml", RULES)
    project.write("specs/shop.yaml", DASHBOARD)
    for number, text in enumerate(scalers):
        project.write(f"specs/scaler{number or ''}.yaml", text)
    if more:
        project.write("specs/more.yaml", dedent(more))
    return project


def findings(project: Project) -> list[Diagnostic]:
    """What a build finds, as `rule line:column` where the finding is in a scaler."""
    return project.build(use_cache=False).diagnostics


def loaded(project: Project, path: str) -> Any:
    """The one document of a file of the output."""
    return yaml.safe_load((project.output / path).read_text(encoding="utf-8"))


__all__ = ["Project", "findings", "indent", "loaded", "scaler", "scaling_project"]

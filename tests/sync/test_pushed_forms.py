"""What a push has of dashboards that say what only schema v2 can hold."""

from pathlib import Path

import pytest

from dashgen.sync.push.built_specs import build_for
from tests.project.project import SOURCES, Project

TABS = """\
kind: Dashboard
uid: tabs
title: Tabs
variables: [{name: limit, type: textbox, default: "5"}]
tabs:
  - title: A
    layout: auto
    panels: [{title: P, query: up@}]
"""


def contents(project: Project) -> dict[str, str]:
    """The text of each dashboard that a push has."""
    built = build_for(project.root, None)
    assert not built.failed, built.diagnostics
    return {item.uid: str(dict(item.content)) for item in built.desired.items if item.kind == "dashboard"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("dashgen.yaml", "grafana: '13.3'\n")
    made.write("specs/sources.yaml", SOURCES)
    made.dashboard("plain")
    return made


def test_a_push_keeps_what_a_build_in_the_classic_form_loses(project: Project) -> None:
    project.write("specs/tabs.yaml", TABS.replace("@", ""))
    fresh = contents(project)
    assert "'dynamic'" in fresh["tabs"]
    # The memory of a build spares compiling dashboards, but not those that were written without their tabs.
    assert not project.build().failed
    assert contents(project) == fresh


def test_what_only_the_classic_form_refuses_is_pushed(project: Project) -> None:
    project.write("specs/tabs.yaml", TABS.replace("@", ", thresholds: {green: 0, red: $limit}"))
    assert project.build().failed
    assert "'valueExpr': '$limit'" in contents(project)["tabs"]

"""A project in memory, a dashboard as Grafana's editor saves it, and the patch that pull makes of it."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

from dashgen.formats.upgrade.upgrade_panels import with_defaults
from dashgen.project.spec_writing import unified
from dashgen.sync.pull.dashboard_search import DashboardSearch, make_goal
from dashgen.sync.pull.pull_sides import with_tag
from dashgen.sync.pull.pulled_project import PulledProject
from dashgen.sync.pull.take_dashboard import take_over
from dashgen.workspace.workspace import open_workspace

SOURCES = """\
kind: DataSources
datasources:
  prometheus: {url: "http://prometheus:9090", default: true}
  loki: {url: "http://loki:3100"}
"""
Json = dict[str, Any]
Edit = Callable[[Json], None]


def open_specs(folder: Path, files: dict[str, str], sources: str = SOURCES) -> PulledProject:
    """Write a project to a folder and open it for pulling; any number of edits may share it, which builds it once."""
    own = {"specs/sources.yaml": sources} if sources else {}
    for name, text in {"dashgen.yaml": "specs: [specs]\n", **own, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return PulledProject(open_workspace(folder))


class Pulled:
    """What pull makes of an edit of one dashboard of a project.

    Args:
        project: the project.
        uid: the dashboard.
        edit: changes what is built.
        save: what Grafana makes of it when it is saved.
    """

    def __init__(
        self, project: PulledProject, uid: str, edit: Edit, save: Callable[[Json], Json] | None = None
    ) -> None:
        self.project = project
        building = self.project.built(self.project.texts)
        assert not building.problems, building.problems
        built = building.dashboards[uid]
        self.live = deepcopy(built.data)
        edit(self.live)
        self.live = with_tag((save or as_saved)(self.live))
        goals = {uid: make_goal(built, self.live, built.titles)}
        self.patch = DashboardSearch(self.project, dict(self.project.texts), building, goals)
        take_over(self.patch, uid)
        self.rest = {part: paths for (_, part), paths in self.patch.state.rest.items()}

    @property
    def text(self) -> str:
        """The patch."""
        return unified(self.project.texts, self.patch.texts)

    @property
    def changed(self) -> str:
        """The lines of the patch that are removed or added."""
        marks = ("--- ", "+++ ")
        lines = [line for line in self.text.splitlines() if line[:1] in "+-" and not line.startswith(marks)]
        return "\n".join(lines)

    @property
    def lost_comments(self) -> list[str]:
        """Comments that were in the specs and are not any more."""
        before, after = (comments(texts) for texts in (self.project.texts, self.patch.texts))
        return [comment for comment in before if comment not in after]


def comments(texts: Any) -> list[str]:
    """Every comment of YAML files in which no text has ` # `."""
    lines = [line for text in texts.values() for line in text.splitlines()]
    return [f"#{line.partition('#')[2]}" for line in lines if " # " in line or line.startswith("#")]


def panel(data: Json, title: str) -> Json:
    """A panel or row of a dashboard by its title, those in collapsed rows too."""
    every = [one for top in data["panels"] for one in (top, *top.get("panels", ()))]
    return next(one for one in every if one.get("title") == title)


def as_saved(data: Json) -> Json:
    """A dashboard as the editor saves it: no gaps above panels, and every option written out."""
    rows = [one for one in data["panels"] if one.get("type") == "row" and one.get("panels")]
    _compact(data["panels"])
    for row in rows:
        top = row["gridPos"]["y"] + 1
        first = min(child["gridPos"]["y"] for child in row["panels"])
        for child in row["panels"]:
            child["gridPos"]["y"] += top - first
    saved = {**data, "id": 12, "version": 7}
    saved["panels"] = [_saved(one) for one in data["panels"]]
    return saved


def _saved(one: Json) -> Json:
    if one["type"] == "row":
        return {**one, "panels": [_saved(child) for child in one["panels"]]}
    return {**with_defaults(one), "pluginVersion": "12.4.3"}


def _compact(panels: list[Json]) -> None:
    """Grafana's grid has no gap above a panel, and no panel over another."""
    placed: list[Json] = []
    for one in sorted(panels, key=lambda item: (item["gridPos"]["y"], item["gridPos"]["x"])):
        location = one["gridPos"]
        while location["y"] > 0 and not any(
            _overlap({**location, "y": location["y"] - 1}, other) for other in placed
        ):
            location["y"] -= 1
        while any(_overlap(location, other) for other in placed):
            location["y"] += 1
        placed.append(location)


def _overlap(one: Json, other: Json) -> bool:
    beside = one["x"] < other["x"] + other["w"] and other["x"] < one["x"] + one["w"]
    return beside and one["y"] < other["y"] + other["h"] and other["y"] < one["y"] + one["h"]

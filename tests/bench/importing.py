"""What importing a dashboard of 5,000 lines costs above starting up, where nothing is equal enough to be a loop for free."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import as_dashgen, content
from tests.bench.measure import run
from tests.bench.report import Line
from tests.bench.rounds import DASHGEN, Results, typical

LINES = 5_000
SECONDS = 0.5
LARGE, SMALL = "import", "import of one panel"


def large_dashboard(project: Path) -> dict[str, Any]:
    """A dashboard of the benchmark with the panels of others below its own, until it has 5,000 lines."""
    as_dashgen.write_project(project, [content.dashboard(number) for number in range(1, 9)])
    run([DASHGEN, "build", "--jobs", "1"], project)
    built = [json.loads(path.read_bytes()) for path in sorted(project.glob("generated/dashboards/*/*.json"))]
    made: dict[str, Any] = {**built[0], "uid": "large", "title": "Large", "panels": []}
    for dashboard in built:
        top = max((p["gridPos"]["y"] + p["gridPos"]["h"] for p in made["panels"]), default=0)
        for panel in dashboard["panels"]:
            if text(made).count("\n") < LINES:
                place = {**panel["gridPos"], "y": panel["gridPos"]["y"] + top}
                made["panels"].append({**panel, "id": len(made["panels"]) + 1, "gridPos": place})
    return made


def text(dashboard: dict[str, Any]) -> str:
    """A dashboard as Grafana exports it."""
    return json.dumps(dashboard, indent=2)


def compete_at_import(folder: Path, rounds: int, results: Results, progress: Callable[[str], None]) -> None:
    """Import the large dashboard and one of one panel in turns, once to warm up and then ``rounds`` times."""
    project = folder / "import"
    large = large_dashboard(project)
    small = {**large, "panels": large["panels"][1:2]}
    for name, dashboard in (("large.json", large), ("small.json", small)):
        (project / name).write_text(text(dashboard), encoding="utf-8")
    for number in range(rounds + 1):
        progress(f"import, {'warm-up' if number == 0 else f'round {number} of {rounds}'}")
        for name, file in ((LARGE, "large.json"), (SMALL, "small.json")):
            cost = run([DASHGEN, "import", file], project)
            if number:
                results[name, 0].append(cost)


def import_line(results: Results) -> Line:
    """The processor time of an import above that of a small one, as a part of what it may take."""
    above = typical(results, LARGE, 0) - typical(results, SMALL, 0)
    return Line(f"{LINES:,} lines of JSON imported, above start-up / {SECONDS} s", above / SECONDS, 1)

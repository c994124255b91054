"""What recording rules and dashboards cost a Prometheus that has the load generator's thirty days.

Usage: python -m tests.bench.rule_cost [--data FOLDER]

Each rule and each query of a dashboard is evaluated at times of the last hour of that history; Prometheus itself says how long
it took. Times are of a busy machine, so the shortest of several counts. The rules that the project writes itself, in documents of
the kind `AlertRules`, are compared with those that components bring.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from dashgen.compile.outputs.rule_files import group_data
from dashgen.doctor.live.live_queries import PanelQuery, panel_queries
from dashgen.doctor.live.query_costs import refresh_of
from dashgen.doctor.live.series_views import project_views, scrape_intervals, with_options
from dashgen.model.duration import milliseconds
from dashgen.model.settled_alerts import SettledGroup
from dashgen.project.inspection import Inspection, inspect_project
from dashgen.servers.http import Endpoint
from dashgen.servers.telemetry import Prometheus, QueryRefusedError
from tests.bench.report import Line, table
from tests.native.processes import Processes, free_port, wait_for
from tests.native.run import is_up, prometheus_command, remember
from tests.native.scenarios import Scenario, month
from tests.stack.files import ROOT

ROUNDS = 5
MOMENTS = 4
OWN = "AlertRules"
MONTH = Scenario(name="month", story="thirty days, and what rules recorded in them", past=month, records=True)
_PYTHONS = (sys.executable, *(f"{ROOT}/.nox/{name}/bin/python" for name in ("stack", "app")))


class EvaluationCost(Struct, frozen=True):
    """What something costs a Prometheus: milliseconds of evaluation and samples read, in a minute."""

    name: str
    milliseconds: float
    samples: float
    is_own: bool = True


class RuleCosts(Struct, frozen=True):
    """The costs of rule groups, and of dashboards that one person looks at."""

    groups: list[EvaluationCost]
    dashboards: list[EvaluationCost]

    @property
    def own(self) -> float:
        """What the project's own rules cost, in milliseconds a minute."""
        return sum(one.milliseconds for one in self.groups if one.is_own)

    @property
    def brought(self) -> float:
        """What the rules cost that components bring."""
        return sum(one.milliseconds for one in self.groups if not one.is_own)

    @property
    def share(self) -> float:
        """The part that the brought rules add to the evaluation of the own rules and of each dashboard, open once."""
        return self.brought / (self.own + sum(one.milliseconds for one in self.dashboards))

    @property
    def load(self) -> float:
        """The part of a processor that all rules need."""
        return (self.own + self.brought) / 60_000


def bot_python() -> str | None:
    """A Python that has the bot and its load generator; none when no session of nox has made one."""
    for python in _PYTHONS:
        if Path(python).exists():
            found = subprocess.run([python, "-c", "import bot, loadgen"], capture_output=True, check=False)
            if found.returncode == 0:
                return python
    return None


@contextmanager
def month_of_history(folder: Path, python: str) -> Iterator[tuple[Prometheus, float]]:
    """A running Prometheus with thirty days of what the bot and the rules recorded, and the end of these.

    Args:
        folder: where its data is, or is written when there is none.
        python: a Python that has the bot.
    """
    end = folder / "end"
    if not end.exists():
        folder.mkdir(parents=True, exist_ok=True)
        remember(MONTH, folder, python)
        end.write_text(str(int(time.time())), "utf-8")
    (folder / "empty.yml").write_text("scrape_configs: []\n", "utf-8")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with Processes(folder) as processes:
        processes.start("prometheus", prometheus_command("empty.yml", port))
        wait_for("Prometheus is ready", lambda: is_up(f"{url}/-/ready"), 60)
        server = Prometheus(Endpoint("Prometheus", url))
        yield server, _last_sample(server, float(end.read_text("utf-8")))


def _last_sample(server: Prometheus, latest: float) -> float:
    """The time of the newest sample of the history, which ended before the past of rules was computed."""
    newest = server.query("max(max_over_time(timestamp(dubai_estate_app_info)[2h:1m]))", at=latest)
    return float(newest.series[0].points[-1][1])


def _cost(server: Prometheus, expressions: Iterable[str], end: float) -> tuple[float, float]:
    """The milliseconds and samples that evaluating some expressions once takes."""
    shortest, most = 0.0, 0.0
    for expression in expressions:
        costs = [
            server.query(expression, at=end - 900 * (number % MOMENTS)).cost
            for number in range(ROUNDS * MOMENTS)
        ]
        shortest += min(one.seconds or 0 for one in costs) * 1000
        most += max(one.samples or 0 for one in costs)
    return shortest, most


def group_cost(server: Prometheus, group: SettledGroup, end: float) -> EvaluationCost | None:
    """What a group costs in a minute; nothing when Prometheus does not evaluate it."""
    rules = [rule for rule in group.rules if "prometheus" in rule.outputs]
    if not rules:
        return None
    written = group_data(group, rules, "prometheus")["rules"]
    spent, samples = _cost(server, [str(rule["expr"]) for rule in written], end)
    often = 60_000 / (milliseconds(group.interval) or 60_000)
    is_own = group.document.resolved.document.data.get("kind") == OWN
    return EvaluationCost(f"{group.name} ({len(rules)} rules)", spent * often, samples * often, is_own)


def dashboard_costs(server: Prometheus, inspection: Inspection, end: float) -> Iterator[EvaluationCost]:
    """What each dashboard costs in a minute while one person looks at it."""
    now = datetime.fromtimestamp(end, UTC)
    for view in project_views(inspection):
        queries = panel_queries([with_options(view, server, now)], now, scrape_intervals(inspection))
        spent, samples = 0.0, 0.0
        for query in queries:
            if query.source_type == "prometheus":
                seconds, read = _panel_cost(server, query)
                spent, samples = spent + seconds * 1000, samples + read
        often = 60 / (refresh_of(view.data) or 60)
        yield EvaluationCost(str(view.data["title"]), spent * often, samples * often)


def _panel_cost(server: Prometheus, query: PanelQuery) -> tuple[float, float]:
    start, end = query.window.aligned
    costs = []
    for _ in range(2):
        try:
            result = (
                server.query(query.expr, at=query.window.end)
                if query.instant
                else server.query_range(query.expr, start=start, end=end, step=query.window.step)
            )
        except QueryRefusedError:
            return 0.0, 0.0
        costs.append(result.cost)
    return min(one.seconds or 0 for one in costs), max(one.samples or 0 for one in costs)


def rule_costs(folder: Path, python: str) -> RuleCosts:
    """Measure the rules and dashboards of this project."""
    inspection = inspect_project(ROOT)
    with month_of_history(folder, python) as (server, end):
        groups = [cost for group in inspection.groups if (cost := group_cost(server, group, end)) is not None]
        return RuleCosts(groups, list(dashboard_costs(server, inspection, end)))


def rule_lines(costs: RuleCosts) -> list[Line]:
    """The costs as ratios, with the goal."""
    return [
        Line("rules that components bring / own rules and each dashboard open once", costs.share, 0.05),
        Line("rules that components bring / own rules", costs.brought / costs.own),
        Line("evaluation of all rules / time of one processor", costs.load, 0.05),
    ]


def cost_table(costs: RuleCosts) -> str:
    """The groups and dashboards as a Markdown table, the most expensive first, as parts of the own rules' time."""
    costly = sorted([*costs.groups, *costs.dashboards], key=lambda one: -one.milliseconds)
    rows = [f"| {one.name} | {one.milliseconds / costs.own:.3g} | {one.samples:,.0f} |" for one in costly]
    return "\n".join(
        ["| of the time of the own rules | part | samples a minute |", "|---|---|---|", *rows, ""]
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="rule_cost")
    parser.add_argument("--data", type=Path, help="a folder that keeps the history for another run")
    parser.add_argument("--python", default=bot_python(), help="a Python that has the bot")
    options = parser.parse_args()
    if options.python is None:
        parser.error("no Python here has the bot: run `nox -s app` once, or give one by --python")
    with tempfile.TemporaryDirectory(prefix="dashgen-rules-") as temporary:
        costs = rule_costs(options.data or Path(temporary), options.python)
    print(table(rule_lines(costs)), cost_table(costs), sep="\n")


if __name__ == "__main__":
    main()

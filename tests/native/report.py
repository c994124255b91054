"""What a run has measured, as tables: for the terminal, and the scenarios for docs/alert-scenarios.md."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.native.run import Running


@dataclass(frozen=True, order=True)
class Row:
    """A panel and how many rows its queries returned."""

    dashboard: str
    panel: str
    rows: int


def as_text(rows: Iterable[Row]) -> str:
    """The panels, one a line."""
    ordered = sorted(rows)
    width = max(len(f"{row.dashboard}  {row.panel}") for row in ordered)
    lines = [f"{row.dashboard + '  ' + row.panel:<{width}}  {row.rows:>6}" for row in ordered]
    return "\n".join(["", f"{'panel':<{width}}    rows", *lines])


def scenarios_page(runs: Iterable[Running]) -> str:
    """The scenarios and their alerts with the times of one run, as Markdown."""
    lines = [
        "# The alerts in their scenarios",
        "",
        "Measured by `nox -s stack`: the bot, the load generator, Prometheus with the generated rules (evaluated every 5 seconds",
        "instead of each minute, no `for` above 5 minutes) and Alertmanager with the stack's routes, on one machine. The times of one",
        "run; `DASHGEN_GOLDEN=1 nox -s stack` writes this page anew. HeavyUser is a LogQL rule: Loki does not run there, so the",
        "run checks that the bot's log lines have what the rule reads.",
        "",
        "| scenario | what happens | alert | fired after | webhook heard after | cleared after it ended |",
        "|---|---|---|---|---|---|",
    ]
    for running in runs:
        lines += [_line(running, name) for name in running.scenario.alerts or ("",)]
    return "\n".join([*lines, ""])


def _line(running: Running, name: str) -> str:
    scenario, alert = running.scenario, running.alerts.get(name)
    if alert is None:
        return f"| {scenario.name} | {scenario.story} | none | – | – | – |"
    ended = running.cured or 0.0
    cells = [_seconds(alert.fired), _seconds(alert.heard)]
    cells.append(_seconds(alert.cleared - ended) if alert.cleared is not None else "never")
    return f"| {scenario.name} | {scenario.story} | {name} | {' | '.join(cells)} |"


def _seconds(value: float | None) -> str:
    if value is None:
        return "never"
    minutes, seconds = divmod(round(value), 60)
    return f"{minutes} min {seconds:02} s"

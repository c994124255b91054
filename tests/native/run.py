"""One run: a bot, a Prometheus, an Alertmanager and receivers for each scenario, all at once, until all alerts cleared."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.native.configs import INSTANCE, write_alertmanager, write_prometheus, write_rules
from tests.native.processes import Processes, free_port, wait_for
from tests.native.receivers import Receiver
from tests.native.scenarios import Past, Scenario
from tests.stack.files import ROOT, STACK

# Answers take a hundredth of the time; what is observed is the whole of it.
_SPEED = "100"
_LOAD_SECONDS = "900s"


@dataclass
class Alert:
    """When an alert fired and cleared in Prometheus, and when the webhook heard of it; seconds since the start."""

    fired: float | None = None
    heard: float | None = None
    cleared: float | None = None
    heard_cleared: float | None = None


@dataclass
class Running:
    """A scenario while it runs."""

    scenario: Scenario
    folder: Path
    processes: Processes
    receiver: Receiver
    bot: str = ""
    prometheus: str = ""
    app: subprocess.Popen[bytes] | None = None
    load: subprocess.Popen[bytes] | None = None
    cured: float | None = None
    alerts: dict[str, Alert] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether all alerts fired, cleared, and were heard of."""
        expected = [self.alerts.get(name, Alert()) for name in self.scenario.alerts]
        return all(alert.heard is not None and alert.heard_cleared is not None for alert in expected)

    def log_file(self) -> Path:
        """The bot's log lines."""
        return self.folder / "bot.jsonl"

    def log_files(self) -> dict[str, Path]:
        """The files of log lines, by the label `app` that the collectors give to their lines."""
        files = {"bot": self.log_file()}
        return files | ({"insights": self.folder / "insights.jsonl"} if self.scenario.predicts else {})


TEMPLATES = Path("/usr/share/prometheus/alertmanager")


def program(*names: str) -> str:
    """The first of some programs that is here.

    Raises:
        LookupError: none is.
    """
    for name in names:
        if found := shutil.which(name):
            return found
    raise LookupError(f"{names[0]} is missing; Debian has it in a package")


def alertmanager_program() -> str:
    """Alertmanager, with the templates that Debian's build reads at a path of the system.

    Raises:
        LookupError: the program or its templates are missing.
    """
    found = program("prometheus-alertmanager", "alertmanager")
    # Debian's package, unpacked beside the project, lacks them; other builds have them inside.
    beside = Path(found).resolve().parents[1] / "share" / TEMPLATES.relative_to("/usr/share")
    if beside.exists() and not TEMPLATES.exists():
        raise LookupError(f"{found} needs {TEMPLATES}: copy {beside} there, or install Debian's package")
    return found


def start(scenario: Scenario, folder: Path) -> Running:
    """Start all that a scenario needs; answers when Prometheus has scraped the bot."""
    folder.mkdir(parents=True)
    running = Running(scenario, folder, Processes(folder), Receiver())
    app, prometheus, alertmanager = free_port(), free_port(), free_port()
    ports = {INSTANCE: app, "localhost:9090": prometheus, "alertmanager:9093": alertmanager}
    running.bot, running.prometheus = f"http://127.0.0.1:{app}", f"http://127.0.0.1:{prometheus}"
    remember(scenario, folder)
    _start_bot(running, scenario.settings)
    write_alertmanager(folder / "alertmanager.yml", running.receiver.port, scenario.name)
    running.processes.start("alertmanager", [
        alertmanager_program(),
        "--config.file=alertmanager.yml",
        "--storage.path=alertmanager",
        f"--web.listen-address=127.0.0.1:{alertmanager}",
        "--cluster.listen-address=",
    ])  # fmt: skip
    write_rules(folder / "rules")
    wait_for(f"{scenario.name}: the bot is ready", lambda: is_up(f"{running.bot}/readyz"), 60)
    if scenario.predicts:
        ports["insights:8010"] = _predict(running)
    write_prometheus(folder / "prometheus.yml", folder / "rules", ports)
    running.processes.start("prometheus", prometheus_command("prometheus.yml", prometheus))
    wait_for(f"{scenario.name}: the bot is scraped", lambda: _value(running, 'up{job="bot"}') == 1, 60)
    if scenario.trouble:
        running.load = _load(running, "load", scenario.trouble)
    return running


def _predict(running: Running) -> int:
    """Start the nightly job on the bot's database; gives its port."""
    port = free_port()
    running.processes.start("insights", [sys.executable, "-m", "insights"], {
        "INSIGHTS_PORT": str(port),
        "INSIGHTS_DATABASE": str(running.folder / "bot.db"),
        "INSIGHTS_STATE": str(running.folder / "insights.json"),
        "INSIGHTS_LOG_FILE": str(running.log_files()["insights"]),
        "OMP_NUM_THREADS": "1",
    })  # fmt: skip
    url = f"http://127.0.0.1:{port}/metrics"
    wait_for("the nightly job has predicted", lambda: 'reason="starting"} 1' not in _text(url), 120)
    return port


def remember(scenario: Scenario, folder: Path, python: str = sys.executable) -> None:
    """Give a Prometheus in a folder the scenario's past, written by a Python that has the bot."""
    if scenario.past is None:
        return
    past = Past(folder / "past.om", folder / "bot.db", python)
    scenario.past(past)
    command = [program("promtool"), "tsdb", "create-blocks-from", "--max-block-duration=720h", "openmetrics"]
    subprocess.run(
        [*command, str(past.file), str(folder / "data")], check=True, capture_output=True, timeout=300
    )
    past.file.unlink()
    if scenario.records:
        _record(folder)


def _record(folder: Path) -> None:
    """Give Prometheus the past of what its rules record, level by level; a start loads the blocks of the one before."""
    levels = folder / "levels"
    subprocess.run(
        [sys.executable, "-m", "dashgen", "backfill", str(levels)], cwd=ROOT, check=True, capture_output=True
    )
    (folder / "past.yml").write_text("scrape_configs: []\n", "utf-8")
    for level in sorted(levels.glob("*.yaml")):
        port, processes = free_port(), Processes(folder)
        url = f"http://127.0.0.1:{port}"
        processes.start("past", prometheus_command("past.yml", port))
        wait_for("the past is loaded", lambda url=url: is_up(f"{url}/-/ready"), 60)
        command = ["sh", str(STACK / "prometheus/backfill.sh"), str(level)]
        here = {**os.environ, "PROMETHEUS_URL": url, "PROMETHEUS_DATA": str(folder / "data")}
        subprocess.run(command, env=here, check=True, capture_output=True, timeout=300)
        processes.stop()


def prometheus_command(config: str, port: int) -> list[str]:
    """A Prometheus on loopback with its data in the folder `data`."""
    return [
        program("prometheus"),
        f"--config.file={config}",
        "--storage.tsdb.path=data",
        "--storage.tsdb.retention.time=90d",
        "--enable-feature=exemplar-storage",
        f"--web.listen-address=127.0.0.1:{port}",
    ]


def _start_bot(running: Running, settings: Mapping[str, str]) -> None:
    running.app = running.processes.start(
        "bot", [sys.executable, "-m", "bot"], {**_bot_settings(running), **settings}
    )


def _bot_settings(running: Running) -> dict[str, str]:
    return {
        "BOT_PORT": running.bot.rpartition(":")[2],
        "BOT_DATABASE": str(running.folder / "bot.db"),
        "BOT_LOG_FILE": str(running.log_file()),
        "BOT_SCENARIOS": "1",
        "BOT_SIM_SPEED": _SPEED,
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{running.receiver.port}",
        "ANTHROPIC_API_KEY": "",
    }


def _load(running: Running, name: str, words: tuple[str, ...]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "loadgen", *words, "--url", running.bot, "--duration", _LOAD_SECONDS]
    return running.processes.start(name, command)


def observe(running: Running, began: float) -> None:
    """Note which alerts fire now and what the webhook heard; end the trouble when all have fired."""
    firing = {
        alert["labels"]["alertname"]
        for alert in _get(running, "/api/v1/alerts")["alerts"]
        if alert["state"] == "firing" and _counts(running, alert["labels"])
    }
    now = time.monotonic() - began
    for name in firing | set(running.alerts):
        alert = running.alerts.setdefault(name, Alert())
        if name in firing and alert.fired is None:
            alert.fired = now
        if name not in firing and alert.cleared is None:
            alert.cleared = now
    for moment, status, labels in list(running.receiver.received.alerts):
        if not _counts(running, labels):
            continue
        alert = running.alerts.setdefault(labels["alertname"], Alert())
        if status == "firing" and alert.heard is None:
            alert.heard = moment - began
        if status == "resolved" and alert.heard_cleared is None:
            alert.heard_cleared = moment - began
    if running.cured is None and _all_heard(running):
        _cure(running, now)
    if running.cured is not None and running.is_over and running.load is not None:
        # What nobody looks at any more need not take the time of the others.
        running.processes.stop(running.load)
        running.load = None


def _counts(running: Running, labels: Mapping[str, str]) -> bool:
    """Whether an alert is one of the scenario's, or a trouble that is not. Load alone makes an experiment ready."""
    return labels["alertname"] in running.scenario.alerts or labels.get("severity") != "info"


def _all_heard(running: Running) -> bool:
    names = running.scenario.alerts
    return bool(names) and all(running.alerts.get(name, Alert()).heard is not None for name in names)


def _cure(running: Running, now: float) -> None:
    running.cured = now
    if running.scenario.cure_settings and running.app is not None:
        running.processes.stop(running.app)
        _start_bot(running, {**running.scenario.settings, **running.scenario.cure_settings})
        wait_for("the bot is ready again", lambda: is_up(f"{running.bot}/readyz"), 60)
    if running.scenario.cure:
        if running.load is not None:
            running.processes.stop(running.load)
        running.load = _load(running, "cure", running.scenario.cure)


def _get(running: Running, path: str, **params: str) -> Any:
    answer = requests.get(running.prometheus + path, params=params, timeout=20)
    answer.raise_for_status()
    return answer.json()["data"]


def _value(running: Running, query: str) -> float | None:
    try:
        result = _get(running, "/api/v1/query", query=query)["result"]
    except requests.RequestException:
        return None
    return float(result[0]["value"][1]) if result else None


def _text(url: str) -> str:
    """The body of an answer; until there is one, that of a job that starts."""
    try:
        return requests.get(url, timeout=5).text
    except requests.RequestException:
        return 'reason="starting"} 1'


def is_up(url: str) -> bool:
    """Whether an address answers well."""
    try:
        return requests.get(url, timeout=2).status_code == 200
    except requests.RequestException:
        return False

"""The part of the chain that runs natively: a real Prometheus that scrapes the application and evaluates the rules."""

import contextlib
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from dashgen.doctor.chain import ChainLink, LinkOutcome
from tests.doctor.servers import app_answers
from tests.doctor.world import World, faults
from tests.telemetry.running import scripted
from tests.tools.waiting import LONGEST_WAIT, wait_until

pytestmark = pytest.mark.external
NOWHERE = "http://127.0.0.1:1"
CONFIG = """
global: {{scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms}}
rule_files: ["rules/*.yaml"]
scrape_configs:
  - job_name: bot
    metrics_path: {path}
    static_configs: [{{targets: ["{app}"]}}]
"""


@dataclass
class Real:
    """A running Prometheus; its rules can be replaced."""

    folder: Path
    url: str
    app: str

    def load(self, rules: Path) -> bool:
        """Have it read the rules of a folder."""
        shutil.rmtree(self.folder / "rules", ignore_errors=True)
        shutil.copytree(rules, self.folder / "rules")
        return self.reload()

    def reload(self) -> bool:
        return requests.post(f"{self.url}/-/reload", timeout=LONGEST_WAIT).ok

    def has_scraped(self) -> bool:
        return '"unknown"' not in self.text("targets") and '"health":' in self.text("targets")

    def text(self, path: str) -> str:
        return requests.get(f"{self.url}/api/v1/{path}", timeout=LONGEST_WAIT).text

    def has(self, expr: str) -> bool:
        answer = requests.get(f"{self.url}/api/v1/query", params={"query": expr}, timeout=LONGEST_WAIT).json()
        return bool(answer["data"]["result"])


@contextlib.contextmanager
def _running(folder: Path, app: str, target: str, path: str) -> Iterator[Real]:
    folder.mkdir()
    text = CONFIG.format(app=target.removeprefix("http://"), path=path)
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    options = ["--config.file=config.yaml", "--storage.tsdb.path=data", f"--web.listen-address={address}"]
    process = subprocess.Popen(
        [shutil.which("prometheus") or "", *options, "--web.enable-lifecycle", "--log.level=error"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Real(folder, f"http://{address}", app)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def all_of_them(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Real]]:
    """One that scrapes an application, one that does at a wrong path, and one at a wrong address: ready together."""
    if shutil.which("prometheus") is None:
        pytest.skip("Prometheus is missing, so nothing was asked of a real one; Debian packages it")
    folder = tmp_path_factory.mktemp("prometheus")
    with scripted(app_answers()) as app, contextlib.ExitStack() as stack:
        wanted = {
            "good": (app.url, "/metrics"),
            "path": (app.url, "/metricz"),
            "address": (NOWHERE, "/metrics"),
        }
        found = {
            name: stack.enter_context(_running(folder / name, app.url, *where))
            for name, where in wanted.items()
        }
        for real in found.values():
            wait_until(lambda real=real: _ready(real) and real.has_scraped(), "the first scrape")
        yield found


def _ready(real: Real) -> bool:
    try:
        return requests.get(f"{real.url}/-/ready", timeout=LONGEST_WAIT).ok
    except requests.RequestException:
        return False


def _use(world: World, real: Real) -> Path:
    """Put a real one in the place of the scripted one; gives the folder of the rules."""
    world.given |= {ChainLink.PROMETHEUS: real.url, ChainLink.APP: f"{real.app}/metrics"}
    return world.root / "generated/rules/prometheus"


def _examined(world: World, count: int) -> dict[ChainLink, LinkOutcome]:
    """What doctor finds once there are that many faults: a scrape that a busy machine delays is one for a moment."""
    for _ in range(100):
        outcomes = world.examine()
        if len(faults(outcomes)) == count:
            break
    return outcomes


def _only(world: World) -> tuple[ChainLink, str, str]:
    (found,) = faults(_examined(world, 1))
    finding = found[1].finding
    return found[0], finding.what, finding.evidence


def test_an_application_that_is_down_is_the_only_cause_of_what_follows(
    world: World, all_of_them: dict[str, Real]
) -> None:
    real = all_of_them["address"]
    assert real.load(_use(world, real))
    world.given[ChainLink.APP] = f"{NOWHERE}/metrics"
    link, what, _ = _only(world)
    assert (link, what) == (ChainLink.APP, "the application does not answer")


def test_a_wrong_scrape_path_is_told_with_the_path(world: World, all_of_them: dict[str, Real]) -> None:
    real = all_of_them["path"]
    assert real.load(_use(world, real))
    link, what, evidence = _only(world)
    assert (link, what) == (ChainLink.SCRAPING, "Prometheus scrapes `bot` at the wrong path")
    assert "/metricz" in evidence
    assert "404" in evidence


def test_a_target_with_another_address_is_told(world: World, all_of_them: dict[str, Real]) -> None:
    real = all_of_them["address"]
    assert real.load(_use(world, real))
    link, what, _ = _only(world)
    assert (link, what) == (ChainLink.SCRAPING, "Prometheus cannot scrape `bot`")


def test_rules_that_were_not_loaded_are_told(
    world: World, all_of_them: dict[str, Real], tmp_path_factory: pytest.TempPathFactory
) -> None:
    real = all_of_them["good"]
    _use(world, real)
    assert real.load(tmp_path_factory.mktemp("nothing"))
    link, what, _ = _only(world)
    assert (link, what) == (
        ChainLink.RULES,
        "Prometheus has not loaded the rules `app:queries:rate5m`, `Errors`",
    )


def test_a_rule_file_that_broke_the_last_reload_is_told(world: World, all_of_them: dict[str, Real]) -> None:
    real = all_of_them["good"]
    assert real.load(_use(world, real))
    broken = real.folder / "rules/more.yaml"
    broken.write_text("groups: [{name: a, rules: [{record: x, expr: 'sum('}]}]\n", encoding="utf-8")
    assert not real.reload()
    link, what, evidence = _only(world)
    assert (link, what) == (ChainLink.PROMETHEUS, "Prometheus runs on an old configuration")
    assert "prometheus_config_last_reload_successful" in evidence


def test_a_rule_that_cannot_be_evaluated_is_told(world: World, all_of_them: dict[str, Real]) -> None:
    real = all_of_them["good"]
    assert real.load(_use(world, real))
    bad = "groups: [{name: more, rules: [{record: x, expr: 'app_users * on () app_queries_total'}]}]\n"
    (real.folder / "rules/more.yaml").write_text(bad, encoding="utf-8")
    assert real.reload()
    wait_until(lambda: '"health":"err"' in real.text("rules"), "a rule that fails")
    link, what, evidence = _only(world)
    assert (link, what) == (ChainLink.RULES, "Prometheus cannot evaluate the rule `x` of `more`")
    assert "many" in evidence


def test_a_healthy_prometheus_is_healthy(world: World, all_of_them: dict[str, Real]) -> None:
    real = all_of_them["good"]
    assert real.load(_use(world, real))
    # Longer than the longest step of a panel.
    wait_until(lambda: real.has("count_over_time(app_users[1m]) > 32"), "samples for all panels")
    found = _examined(world, 0)
    assert faults(found) == []
    assert found[ChainLink.SCRAPING].summary == "1 of 1 targets are up"
    assert found[ChainLink.RULES].summary == "2 rules are loaded as they were generated"

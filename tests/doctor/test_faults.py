"""Faults seeded one by one: each is found as itself, and nothing else is blamed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from dashgen.doctor.chain import ChainLink
from dashgen.doctor.subject import CostOptions
from tests.doctor import seeds
from tests.doctor.project import PASSWORD
from tests.doctor.servers import LINES
from tests.doctor.world import World, faults
from tests.telemetry.running import hang


@dataclass(frozen=True)
class Case:
    """How a fault is made, the link that has to find it, and words of the finding."""

    name: str
    seed: Callable[[World], Any]
    link: ChainLink
    said: str


FAULTS = [
    Case(
        "specs wrong",
        lambda w: w.replace_in("specs/home.yaml", "uid: home", "uidd: home"),
        ChainLink.OUTPUT,
        "the specs are wrong",
    ),
    Case("not built", seeds.not_built, ChainLink.OUTPUT, "`generated` does not match the specs"),
    Case(".env missing", lambda w: (w.stack / ".env").unlink(), ChainLink.STACK, "there is no `.env`"),
    Case("password empty", seeds.env("GRAFANA_ADMIN_PASSWORD=\n"), ChainLink.STACK, "in `.env` is empty"),
    Case(
        "password default in .env",
        seeds.password("admin"),
        ChainLink.STACK,
        "a well-known password",
    ),
    Case("password weak in .env", seeds.password("short-one"), ChainLink.STACK, "in `.env` is weak"),
    Case(
        "password file missing",
        seeds.secret_files(None),
        ChainLink.STACK,
        "the password in `stack/secrets/grafana_admin_password` is empty",
    ),
    Case("password file weak", seeds.secret_files("short-one"), ChainLink.STACK, "` is weak"),
    Case(
        "password file known to all",
        seeds.secret_files("changeme"),
        ChainLink.STACK,
        "the password in `stack/secrets/grafana_admin_password` is a well-known password",
    ),
    Case(
        "secret file missing",
        seeds.secret_files("a-password-of-a-file-x7", None),
        ChainLink.STACK,
        "the secret `slack_webhook_url` has no file",
    ),
    Case(
        "mount missing",
        lambda w: (w.stack / "prometheus.yml").unlink(),
        ChainLink.STACK,
        "mounts `stack/prometheus.yml`, which is not there",
    ),
    Case("port twice", lambda w: w.compose(tempo=w.ports["loki"]), ChainLink.STACK, "publish the same port"),
    Case("container ended", seeds.exited, ChainLink.CONTAINERS, "the container of `loki` does not run"),
    Case("port not published", seeds.no_service, ChainLink.PORTS, "`loki` publishes no port"),
    Case(
        "other program on the port",
        lambda w: w.tempo.answers.pop("/api/echo"),
        ChainLink.PORTS,
        "another program answers",
    ),
    Case("app down", lambda w: w.compose(app=seeds.NOBODY), ChainLink.APP, "the application does not answer"),
    Case("app hangs", seeds.answer("app", "/metrics", hang), ChainLink.APP, "the application hangs"),
    Case(
        "metric renamed",
        seeds.metrics("app_users", "app_user"),
        ChainLink.APP,
        "`app_users` is declared but not exported",
    ),
    Case("label missing", seeds.metrics(',tier="free"', ""), ChainLink.APP, "lack the label `tier`"),
    Case(
        "undeclared value",
        seeds.metrics('"success"', '"sucess"'),
        ChainLink.APP,
        "has the undeclared value `sucess`",
    ),
    Case(
        "wrong type",
        seeds.metrics("app_users gauge", "app_users counter"),
        ChainLink.APP,
        "exported as a counter",
    ),
    Case(
        "Prometheus down",
        lambda w: w.compose(prometheus=seeds.NOBODY),
        ChainLink.PROMETHEUS,
        "Prometheus does not answer",
    ),
    Case(
        "wrong path",
        seeds.scraped("bot", "/metricz", "server returned HTTP status 404 Not Found"),
        ChainLink.SCRAPING,
        "at the wrong path",
    ),
    Case("target down", seeds.job_down, ChainLink.SCRAPING, "Prometheus cannot scrape `collector`"),
    Case(
        "job without metrics",
        seeds.silent_job,
        ChainLink.SCRAPING,
        "the job `nightly` exports none of its metrics",
    ),
    Case("no such target", seeds.other_job, ChainLink.SCRAPING, "no target of Prometheus is the application"),
    Case(
        "rule not loaded",
        seeds.answer("prometheus", "/api/v1/rules", {"data": {"groups": []}}),
        ChainLink.RULES,
        "has not loaded the rules `app:queries:rate5m`, `Errors`",
    ),
    Case("rule stale", seeds.rules(query="vector(1)"), ChainLink.RULES, "an old form"),
    Case("rule file broken", seeds.rule_file, ChainLink.RULES, "extra.yaml` is broken"),
    Case(
        "reload failed", seeds.not_reloaded, ChainLink.PROMETHEUS, "Prometheus runs on an old configuration"
    ),
    Case("rule fails", seeds.failing_rule, ChainLink.RULES, "cannot evaluate the rule"),
    Case(
        "clock of one",
        lambda w: setattr(w.loki, "ahead", 600.0),
        ChainLink.CLOCKS,
        "the clock of Loki is wrong",
    ),
    Case("Loki unreachable", lambda w: w.compose(loki=seeds.NOBODY), ChainLink.LOKI, "Loki does not answer"),
    Case(
        "Loki not ready",
        seeds.answer("loki", "/ready", (503, b"Ingester not ready: waiting for 15s")),
        ChainLink.LOKI,
        "Loki is not ready",
    ),
    Case(
        "Loki without label",
        seeds.labels({"app": ["bot"], "lvl": ["info"]}),
        ChainLink.LOKI,
        "no log line has the label `level`",
    ),
    Case(
        "Loki with another value",
        seeds.labels({**LINES, "level": ["fatal"]}),
        ChainLink.LOKI,
        "has the undeclared value `fatal`",
    ),
    Case(
        "Loki's rule not loaded",
        seeds.answer("loki", "/prometheus/api/v1/rules", {"data": {"groups": []}}),
        ChainLink.LOKI,
        "Loki has not loaded the rule `Silence`",
    ),
    Case(
        "rule left over",
        lambda w: w.prometheus.answers["/api/v1/rules"]["data"]["groups"][0]["rules"].append({"name": "old"}),
        ChainLink.RULES,
        "an old form of the rule `old`",
    ),
    Case("Loki empty", seeds.labels({}), ChainLink.LOKI, "Loki has no log lines"),
    Case("Tempo down", lambda w: w.compose(tempo=seeds.NOBODY), ChainLink.TEMPO, "Tempo does not answer"),
    Case("Tempo hung", seeds.answer("tempo", "/ready", hang), ChainLink.TEMPO, "Tempo hangs"),
    Case(
        "Tempo empty",
        seeds.answer("tempo", "/api/search", {"traces": [], "metrics": {}}),
        ChainLink.TEMPO,
        "Tempo has no traces",
    ),
    Case(
        "Grafana down",
        lambda w: w.compose(grafana=seeds.NOBODY),
        ChainLink.GRAFANA,
        "Grafana does not answer",
    ),
    Case(
        "credentials wrong",
        seeds.env(f"GRAFANA_ADMIN_PASSWORD={PASSWORD}-old\n"),
        ChainLink.GRAFANA,
        "does not accept the credentials",
    ),
    Case("password default", seeds.default_password, ChainLink.PASSWORD, "its default password"),
    Case("data source's uid", seeds.other_uid, ChainLink.SOURCES, "has the wrong uid"),
    Case(
        "data source's address",
        seeds.source("loki", url="http://localhost:3100"),
        ChainLink.SOURCES,
        "`loki` does not match the specs",
    ),
    Case(
        "data source sick",
        lambda w: w.grafana.store.healthy.discard("tempo"),
        ChainLink.SOURCES,
        "`tempo` does not work",
    ),
    Case(
        "dashboard stale",
        seeds.edited,
        ChainLink.DASHBOARDS,
        "`home` in Grafana differs from what was generated",
    ),
    Case("dashboard missing", seeds.delete, ChainLink.DASHBOARDS, "does not have the dashboard `home`"),
    Case(
        "alert rule fails",
        lambda w: w.grafana.store.rule_errors.update({"Errors": "bad_data: no such function"}),
        ChainLink.ALERTS,
        "the alert rule `Errors` fails",
    ),
    Case("alert rules missing", lambda w: w.grafana.store.rules.clear(), ChainLink.ALERTS, "are missing"),
    Case(
        "contact point fails",
        lambda w: w.grafana.store.delivery_errors.update({"team": "dial tcp: connection refused"}),
        ChainLink.CONTACTS,
        "`team` cannot deliver by email",
    ),
    Case("disk full", seeds.disk, ChainLink.DISK, "is nearly full"),
    Case(
        "expensive",
        lambda w: setattr(w, "costs", CostOptions(expensive=0.03)),
        ChainLink.COSTS,
        "1 question cost $0.03 or more",
    ),
    Case("expensive by file", seeds.log_file, ChainLink.COSTS, "1 question cost $0.10 or more"),
    Case(
        "panel without data",
        lambda w: seeds.empty(w, "app_users"),
        ChainLink.PANELS,
        "`Users` of `home` shows nothing",
    ),
]


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case.name)
def test_a_seeded_fault_is_found_as_itself_and_nothing_else_is(world: World, case: Case) -> None:
    case.seed(world)
    found = faults(world.examine())
    assert [(link, fault.finding.what) for link, fault in found] == [(case.link, found[0][1].finding.what)]
    finding = found[0][1].finding
    assert case.said in finding.what
    assert all((finding.evidence, finding.cause, finding.fix))

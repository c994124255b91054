"""Ways to break one thing of a healthy world."""

import json
import re
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from dashgen.doctor.subject import CostOptions
from dashgen.doctor.tools import Disk, ProgramResult
from tests.doctor.project import METRICS, write
from tests.doctor.servers import loki_answers, rules_answer, target
from tests.doctor.world import World, docker_running
from tests.telemetry.running import ReceivedRequest

NOBODY = 1
"""A port where nothing listens."""


def metrics(old: str, new: str) -> Callable[[World], None]:
    def seed(world: World) -> None:
        assert old in METRICS
        world.app.answers["/metrics"] = (200, METRICS.replace(old, new).encode())

    return seed


def env(text: str) -> Callable[[World], None]:
    return lambda world: write(world.stack, {".env": text})


def password(word: str) -> Callable[[World], None]:
    """A password that Grafana took."""

    def seed(world: World) -> None:
        write(world.stack, {".env": f"GRAFANA_ADMIN_PASSWORD={word}\n"})
        world.grafana.accounts.passwords["admin"] = word

    return seed


def secret_files(word: str | None, hook: str | None = "http://slack.invalid/x") -> Callable[[World], None]:
    """A stack that reads its secrets from files; None leaves one out."""

    def seed(world: World) -> None:
        (world.stack / ".env").write_text("ALERT_EMAIL=team@example.org\n", encoding="utf-8")
        old = (
            'environment: {GF_SECURITY_ADMIN_PASSWORD: "${GRAFANA_ADMIN_PASSWORD:?run `dashgen stack init`}"}'
        )
        world.replace_in("stack/compose.yaml", old, "secrets: [grafana_admin_password, slack_webhook_url]")
        compose = world.stack / "compose.yaml"
        files = {"grafana_admin_password": word, "slack_webhook_url": hook}
        lines = "".join(f"  {name}: {{file: ./secrets/{name}}}\n" for name in files)
        compose.write_text(f"{compose.read_text(encoding='utf-8')}secrets:\n{lines}", encoding="utf-8")
        write(world.stack, {f"secrets/{name}": text for name, text in files.items() if text is not None})
        if word is not None:
            world.grafana.accounts.passwords["admin"] = word

    return seed


def scraped(job: str, path: str, error: str) -> Callable[[World], None]:
    def seed(world: World) -> None:
        targets = [target(job, world.app.url + path, error)]
        world.prometheus.answers["/api/v1/targets"] = {"data": {"activeTargets": targets}}

    return seed


def other_job(world: World) -> None:
    targets = [target("prometheus", world.prometheus.url + "/metrics")]
    world.prometheus.answers["/api/v1/targets"] = {"data": {"activeTargets": targets}}
    empty(world, "__name__=~")


def job_down(world: World) -> None:
    error = "dial tcp: lookup collector: no such host"
    targets = [
        target("bot", f"{world.app.url}/metrics"),
        target("collector", "http://collector:1/metrics", error),
    ]
    world.prometheus.answers["/api/v1/targets"] = {"data": {"activeTargets": targets}}


def second_contract(world: World) -> None:
    """The contract of another job, whose target is up."""
    text = "kind: Metrics\njob: nightly\nmetrics: {nightly_rows: {type: gauge, help: Rows.}}\n"
    write(world.root, {"specs/nightly.yaml": text})
    targets = [target("bot", f"{world.app.url}/metrics"), target("nightly", "http://nightly:1/metrics")]
    world.prometheus.answers["/api/v1/targets"] = {"data": {"activeTargets": targets}}


def silent_job(world: World) -> None:
    second_contract(world)
    empty(world, "nightly_rows")


def empty(world: World, part: str) -> None:
    """Queries with this part yield nothing."""
    full = {path: world.prometheus.answers[path] for path in ("/api/v1/query", "/api/v1/query_range")}

    def answer(asked: ReceivedRequest) -> Any:
        nothing = part in asked.fields["query"][0]
        return {"data": {"resultType": "vector", "result": []}} if nothing else full[asked.path]

    for path in full:
        world.prometheus.answers[path] = answer


def rules(**changes: Any) -> Callable[[World], None]:
    def seed(world: World) -> None:
        rules = rules_answer(world.root / "generated/rules/prometheus", **changes)
        world.prometheus.answers["/api/v1/rules"] = rules

    return seed


def rule_file(world: World) -> None:
    """The output says itself broken rules, as when a merge went wrong: the record of the build knows nothing of it."""
    write(
        world.root,
        {
            "generated/rules/prometheus/extra.yaml": "groups: [{name: a, rules: [{record: x, expr: 'sum('}]}]\n"
        },
    )


def no_service(world: World) -> None:
    path = world.stack / "compose.yaml"
    text = re.sub(r'    ports: \["127.0.0.1:\d+:3100"\]\n', "", path.read_text())
    path.write_text(text)


def source(uid: str, **changes: Any) -> Callable[[World], None]:
    def seed(world: World) -> None:
        sources = world.grafana.store.data_sources
        sources[uid] = {**sources[uid], **changes}

    return seed


def other_uid(world: World) -> None:
    sources = world.grafana.store.data_sources
    sources["P8E80F9AEF21F6940"] = {**sources.pop("loki"), "uid": "P8E80F9AEF21F6940"}


def default_password(world: World) -> None:
    world.grafana.accounts.passwords["admin"] = "admin"
    world.variables = {"GRAFANA_URL": world.grafana.url, "GRAFANA_TOKEN": world.grafana.admin_token}


def disk(world: World) -> None:
    world.tools = replace(world.tools, disk=lambda _path: Disk(100 * 2**30, 2**29))


def docker(answer: ProgramResult) -> Callable[[World], None]:
    def seed(world: World) -> None:
        world.tools = replace(world.tools, docker=lambda _words: answer)

    return seed


def exited(world: World) -> None:
    rows = docker_running([]).out.replace(
        '{"Service": "loki", "State": "running", "Health": "healthy", "ExitCode": 0}',
        '{"Service": "loki", "State": "exited", "Health": "", "ExitCode": 1}',
    )
    docker(ProgramResult(0, rows))(world)
    world.compose(loki=NOBODY)


def log_file(world: World) -> None:
    line = {
        "query": "All of it\x1b[2J",
        "cost": 0.5,
        "model": "large",
        "tokens": 100_000,
        "user_id": 4,
        "tool": "x",
    }
    file = world.root / "bot.jsonl"
    file.write_text(
        "".join(json.dumps(one) + "\n" for one in (line, {**line, "cost": 0.01, "model": "small"}))
    )
    world.costs = CostOptions(file, 0.1)


def edited(world: World) -> None:
    world.grafana.store.edit("home", title="Home of somebody")


def delete(world: World) -> None:
    del world.grafana.store.dashboards["home"]


def not_built(world: World) -> None:
    world.replace_in("specs/home.yaml", "title: Users", "title: People")


def labels(labels: dict[str, list[str]]) -> Callable[[World], None]:
    return lambda world: setattr(world.loki, "answers", loki_answers(labels))


def answer(server: str, path: str, answer: Any) -> Callable[[World], None]:
    return lambda world: getattr(world, server).answers.update({path: answer})


def failing_rule(world: World) -> None:
    answer = rules_answer(world.root / "generated/rules/prometheus")
    answer["data"]["groups"][0]["rules"][0] |= {"health": "err", "lastError": "many-to-many matching"}
    world.prometheus.answers["/api/v1/rules"] = answer


def not_reloaded(world: World) -> None:
    name = "prometheus_config_last_reload_successful"
    world.prometheus.answers["/metrics"] = (200, f"# TYPE {name} gauge\n{name} 0\n".encode())

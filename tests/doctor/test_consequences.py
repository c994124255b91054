"""What follows from a fault is said to follow, and nobody is asked whom the user did not name."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from dashgen.cli.documents.doctor_document import doctor_document
from dashgen.doctor import diagnosis_text, password_link
from dashgen.doctor.chain import ChainLink, Diagnosis, LinkState
from dashgen.doctor.tools import ProgramResult
from dashgen.project.build import BuildOptions, build
from dashgen.servers.http import Secret
from tests.doctor import seeds
from tests.doctor.project import PASSWORD, write
from tests.doctor.servers import loki_answers, target
from tests.doctor.world import World, docker_running, faults
from tests.grafana.fake.faults import Fault, FaultKind
from tests.telemetry.running import hang, scripted


def _all_away(world: World) -> None:
    world.compose(**{name: port for port, name in enumerate(world.ports, 1)})


def test_a_checkout_that_was_never_started_has_one_cause(world: World) -> None:
    (world.stack / ".env").unlink()
    _all_away(world)
    found = world.examine()
    assert [(link, one.finding.what) for link, one in faults(found)] == [
        (ChainLink.STACK, "there is no `.env` beside the compose file")
    ]
    assert found[ChainLink.LOKI].state is LinkState.NOT_CHECKED
    assert diagnosis_text.line(ChainLink.LOKI, found[ChainLink.LOKI], str).endswith(
        "not checked, because there is no `.env` beside the compose file"
    )


def test_a_stack_that_was_not_started_has_one_cause(world: World) -> None:
    _all_away(world)
    world.tools = replace(world.tools, docker=lambda _words: ProgramResult(0, ""))
    ((link, fault),) = faults(world.examine())
    assert (link, fault.finding.what) == (ChainLink.CONTAINERS, "the stack is not started")
    assert "up -d" in fault.finding.fix


def test_a_stack_that_was_not_started_has_one_cause_without_docker_too(world: World) -> None:
    _all_away(world)
    world.tools = replace(world.tools, docker=lambda _words: None)
    ((link, fault),) = faults(world.examine())
    assert (link, fault.finding.what) == (ChainLink.PORTS, "no server of the stack answers")
    assert "up -d" in fault.finding.fix


@pytest.mark.parametrize(
    ("ran", "said"),
    [
        (None, "Docker is not installed here"),
        (
            ProgramResult(1, "", "Cannot connect to the Docker daemon\nmore"),
            "Docker does not answer: Cannot connect to the Docker daemon",
        ),
        (ProgramResult(0, "[]"), "the stack has no containers; its servers run outside of Docker"),
        (ProgramResult(0, "not json"), "the stack has no containers; its servers run outside of Docker"),
    ],
)
def test_without_docker_nothing_is_wrong(world: World, ran: ProgramResult | None, said: str) -> None:
    world.tools = replace(world.tools, docker=lambda _words: ran)
    found = world.examine()
    assert faults(found) == []
    assert (found[ChainLink.CONTAINERS].state, found[ChainLink.CONTAINERS].summary) == (
        LinkState.NOT_CHECKED,
        said,
    )


def test_targets_of_servers_that_are_away_are_no_findings_of_their_own(world: World) -> None:
    world.compose(loki=1)
    down = [
        target("bot", f"{world.app.url}/metrics"),
        target("loki", "http://loki:3100/metrics", "no such host"),
    ]
    world.prometheus.answers["/api/v1/targets"] = {"data": {"activeTargets": down}}
    world.grafana.store.healthy.discard("loki")
    world.grafana.store.rule_errors["Errors"] = "not this one"
    found = world.examine()
    assert [link for link, _ in faults(found)] == [ChainLink.LOKI, ChainLink.ALERTS]
    assert (
        found[ChainLink.SCRAPING].summary
        == "1 of 2 targets are up (a server that is away explains the others)"
    )
    assert "1 not tried" in found[ChainLink.SOURCES].summary
    assert "those of loki were not checked, because Loki does not answer" in found[ChainLink.PANELS].summary


def test_metrics_of_spans_are_missed_for_want_of_tempo_alone(world: World) -> None:
    panel = '  - {title: Map, query: "sum(traces_service_graph_request_total)"}\n'
    world.replace_in("specs/home.yaml", "panels:\n", f"panels:\n{panel}")
    build(BuildOptions(world.root))
    world.fill()
    seeds.empty(world, "traces_service_graph")
    assert [link for link, _ in faults(world.examine())] == [ChainLink.PANELS]
    world.compose(tempo=1)
    assert [link for link, _ in faults(world.examine())] == [ChainLink.TEMPO]


def test_a_history_that_is_too_short_is_a_note(world: World) -> None:
    nothing = {"data": {"resultType": "matrix", "result": []}}
    world.prometheus.answers["/api/v1/query_range"] = nothing
    found = world.examine()
    assert faults(found) == []
    (note,) = found[ChainLink.PANELS].faults
    assert "the history is younger" in note.finding.cause
    assert found[ChainLink.PANELS].summary.startswith("3 of 4 have data")


def test_a_provisioned_dashboard_that_is_old_has_the_reason_of_grafanas_log(world: World) -> None:
    store = world.grafana.store
    found = store.dashboards.pop("home")
    old = {**found.spec, "title": "Old"}
    store.provision("home", old, "home.json", folder_uid=found.folder_uid)
    (link, fault) = faults(world.examine())[0]
    assert (link, fault.finding.cause) == (ChainLink.DASHBOARDS, "Grafana did not read the last build")
    line = 'logger=provisioning level=warn msg="provider has no database write permissions because of duplicates"'

    def docker(words: Sequence[str]) -> ProgramResult:
        return ProgramResult(0, f"starting\n{line}\n") if "logs" in words else docker_running(words)

    world.tools = replace(world.tools, docker=docker)
    ((link, fault),) = faults(world.examine())
    assert link is ChainLink.DASHBOARDS
    assert fault.finding.cause.startswith("two dashboards have one uid")
    assert "remove the file that is left over" in fault.finding.fix


def test_an_alert_rule_is_excused_when_what_it_asks_is_away(world: World) -> None:
    world.compose(prometheus=1)
    world.grafana.store.rule_errors["Errors"] = "connection refused"
    assert [link for link, _ in faults(world.examine())] == [ChainLink.PROMETHEUS]


def test_a_server_that_hangs_later_is_one_finding(world: World) -> None:
    world.grafana.fail(
        Fault(FaultKind.HANG, path="^/api/(datasources|v1/|folders|prometheus|alertmanager)", times=99)
    )
    ((link, fault),) = faults(world.examine())
    assert (link, fault.finding.what, fault.away) == (ChainLink.SOURCES, "Grafana stopped answering", True)


def test_a_prometheus_that_hangs_later_is_one_finding(world: World) -> None:
    for path in ("/api/v1/targets", "/api/v1/rules", "/api/v1/query", "/api/v1/query_range"):
        world.prometheus.answers[path] = hang
    ((link, fault),) = faults(world.examine())
    assert (link, fault.finding.what) == (ChainLink.SCRAPING, "Prometheus does not list its targets")


def test_only_addresses_of_this_machine_are_taken_from_a_compose_file(world: World) -> None:
    text = (
        (world.stack / "compose.yaml")
        .read_text()
        .replace(f"127.0.0.1:{world.ports['loki']}", "192.0.2.7:3100")
    )
    write(world.stack, {"compose.yaml": text})
    found = world.examine()
    assert faults(found) == []
    assert found[ChainLink.LOKI].summary == "no address of Loki is known; `--loki URL` names it"


def test_credentials_of_the_environment_go_to_no_address_that_only_a_file_names(world: World) -> None:
    world.variables = {"LOKI_TOKEN": "secret-of-loki", "PROMETHEUS_TOKEN": "secret-of-prometheus"}
    world.variables |= {"GRAFANA_TOKEN": "glsa_of_another"}
    assert faults(world.examine()) == []
    asked = [*world.loki.log, *world.prometheus.log, *world.app.log, *world.tempo.log]
    assert not any("Authorization" in one.headers for one in asked)
    assert not any("glsa_of_another" in call.raw for call in world.grafana.log)


def test_the_default_password_is_tried_once_and_only_when_no_other_is_known(world: World) -> None:
    world.examine()
    assert _attempts(world) == 0
    world.variables = {"GRAFANA_URL": world.grafana.url, "GRAFANA_TOKEN": world.grafana.admin_token}
    assert world.examine()[ChainLink.PASSWORD].summary == "admin/admin is refused"
    assert _attempts(world) == 1


@pytest.mark.parametrize(
    "url", ["http://grafana.example.com", "https://grafana.example.com:3000/g", "http://192.168.1.7:3000"]
)
def test_the_default_password_is_tried_on_no_other_machine(
    world: World, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    monkeypatch.setattr(password_link, "is_open", lambda settings: bool(tried.append(settings.url)))
    subject = world.subject()
    assert subject.chosen is not None
    for address, user, secret, state in (
        (url, None, None, LinkState.NOT_CHECKED),
        (url, "admin", Secret("admin"), LinkState.BROKEN),
        (url, "admin", Secret("another"), LinkState.WELL),
        (world.grafana.url, None, None, LinkState.WELL),
    ):
        settings = replace(subject.chosen.settings, url=address, user=user, password=secret, token=None)
        chosen = replace(subject.chosen, settings=settings)
        assert password_link.check(dataclasses.replace(subject, chosen=chosen), Diagnosis()).state is state
    assert tried == [world.grafana.url]
    subject.servers.close()


def _attempts(world: World) -> int:
    return sum("Basic YWRtaW46YWRtaW4=" in call.raw for call in world.grafana.log)


def test_nothing_of_a_running_system_is_changed(world: World) -> None:
    before = len(world.grafana.log)
    world.examine()
    assert not any(call.writes for call in [*world.grafana.log][before:])
    asked = [*world.prometheus.log, *world.loki.log, *world.tempo.log, *world.app.log]
    assert {one.path for one in asked if one.method != "GET"} == set()


def test_text_of_servers_is_cleaned_and_secrets_are_hidden(world: World) -> None:
    hook = "https://hooks.slack.com/services/T0/B0/very-secret"
    text = f"GRAFANA_ADMIN_PASSWORD={PASSWORD}\nSLACK_WEBHOOK_URL={hook}\n"
    write(world.stack, {".env": text})
    store = world.grafana.store
    store.delivery_errors["team"] = f'Post "{hook}": \x1b[2Jdial tcp, password {PASSWORD}'
    store.rule_errors["Errors"] = f"\u202e {PASSWORD}"
    seeds.scraped("bot\x1b]0;", "/metricz", f"status 404 {PASSWORD}")(world)
    found = list(world.examine().items())
    hide = world.redactor()
    shown = "\n".join(
        [*(diagnosis_text.line(*one, hide) for one in found), *diagnosis_text.findings(found, hide)]
    )
    assert [link for link, _ in faults(dict(found))] == [
        ChainLink.SCRAPING,
        ChainLink.ALERTS,
        ChainLink.CONTACTS,
    ]
    for secret in (PASSWORD, "very-secret", "\x1b", "\u202e"):
        assert secret not in shown
        assert secret not in diagnosis_text.as_junit(found, hide)
        assert secret not in str(doctor_document(found, hide))


def test_the_secrets_of_a_stack_are_read_from_their_files_and_hidden(world: World) -> None:
    hook = "https://hooks.slack.com/services/T0/B0/very-secret"
    seeds.secret_files(PASSWORD, hook)(world)
    world.grafana.store.delivery_errors["team"] = f"{hook} and {PASSWORD}"
    found = list(world.examine().items())
    assert [link for link, _ in faults(dict(found))] == [ChainLink.CONTACTS]
    text = "\n".join(diagnosis_text.findings(found, world.redactor()))
    assert PASSWORD not in text
    assert "very-secret" not in text


def test_hostile_answers_are_findings_and_no_tracebacks(world: World) -> None:
    junk: list[Any] = [
        (200, b"\xff\xfe"),
        [],
        "text",
        {"data": 7},
        {"data": {"activeTargets": [7], "groups": [7]}},
    ]
    for one in junk:
        for server in (world.prometheus, world.loki, world.tempo):
            ready = {path: server.answers[path] for path in server.answers if path in READY}
            server.answers = {**dict.fromkeys(server.answers, one), **ready}
        world.examine()
    with scripted(loki_answers({"app": ["x" * 10_000], "level": []})) as other:
        world.given[ChainLink.LOKI] = other.url
        assert faults(world.examine())


READY = {"/-/ready", "/ready", "/api/echo", "/api/v1/status/buildinfo", "/loki/api/v1/status/buildinfo"}


def test_what_grafana_has_from_files_is_not_to_be_pushed(world: World) -> None:
    store = world.grafana.store
    for rule in store.rules.values():
        rule["provenance"] = "file"
    for source in store.data_sources.values():
        source["readOnly"] = True
    assert faults(world.examine()) == []
    store.rules.clear()
    home = store.dashboards.pop("home")
    found = faults(world.examine())
    assert [link for link, _ in found] == [ChainLink.DASHBOARDS, ChainLink.ALERTS]
    for _, fault in found:
        assert "dashgen install" in fault.finding.fix
        assert "push" not in f"{fault.finding.cause} {fault.finding.fix}"
    assert home.uid == "home"


def test_rules_in_a_folder_with_a_uid_of_grafanas_own_are_not_missing(world: World) -> None:
    store = world.grafana.store
    (uid,) = {rule["folderUID"] for rule in store.rules.values()}
    folder = store.folders.pop(uid)
    folder.uid = "cdxq1"
    store.folders["cdxq1"] = folder
    for rule in store.rules.values():
        rule |= {"folderUID": "cdxq1", "provenance": "file"}
    store.intervals = {("cdxq1", name): length for (_, name), length in store.intervals.items()}
    for dashboard in store.dashboards.values():
        dashboard.annotations = {
            key: "cdxq1" if value == uid else value for key, value in dashboard.annotations.items()
        }
    assert [link for link, _ in faults(world.examine()) if link is ChainLink.ALERTS] == []

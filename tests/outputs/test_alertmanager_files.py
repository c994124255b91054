"""Alertmanager's file from `Notifications`: what is in it, what it cannot do, that Alertmanager takes it, and the way back."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from dashgen.check.check_alertmanager import check_alertmanager
from dashgen.check.check_report import Report
from dashgen.compile.outputs.alertmanager_files import alertmanager_files
from dashgen.compile.outputs.artifact import Artifact
from dashgen.core.diagnostics import Diagnostic, Location, has_errors
from dashgen.formats.upgrade.notes import Notes
from dashgen.importer.rules.import_notifications import notification_keys, notification_problems
from dashgen.importer.rules.notification_exports import provisioning_form
from dashgen.model.notification_spec import Notifications
from dashgen.model.project_file import AlertmanagerSettings
from dashgen.source.load import load_text
from tests.alert_support import documents, pointed_at, said

SETTINGS = msgspec.convert(
    {
        "smarthost": "smtp.example.com:587",
        "from": "alerts@example.com",
        "username": "bot",
        "password": "$SMTP_PASSWORD",
    },
    AlertmanagerSettings,
)
AMTOOL = shutil.which("amtool")
SPEC = r"""
kind: Notifications
contact_points:
  ops:
    email: [a@example.com, b@example.com]
    slack: [{url: $SLACK_URL, channel: "#ops", title: '{{ template "short" . }}'}, {token: $SLACK_TOKEN, channel: "#x"}]
  pager:
    pagerduty: {key: $PD_KEY, severity: critical, details: {a: b}, summary: x}
    opsgenie: {key: $OG_KEY, url: https://api.eu.opsgenie.com/v2/alerts, responders: [{type: team, name: shop}]}
  hook:
    webhook: {url: https://hooks.example.com/x, user: u, password: $HOOK, max_alerts: 5, send_resolved: false}
    webex: {token: $WEBEX, room: r}
    sns: {topic: "arn:aws:sns:eu-west-1:123456789012:alerts", sigv4: {region: eu-west-1}}
policies:
  contact_point: ops
  group_by: [alertname, cluster]
  group_wait: 30s
  routes:
    - {match: {severity: critical, team: [a, 'b"c']}, contact_point: pager, continue: true, mute: nights}
    - {match: {job: "~shop.*"}, contact_point: hook, active: nights, group_by: ['...'], repeat_interval: 1d}
    - {match: {env: "!prod"}, routes: [{match: {a: "!~b"}, contact_point: hook}]}
mute_timings:
  nights: {times: 22:00-06:00, weekdays: monday..friday, location: Europe/Berlin}
inhibition_rules:
  db: {source: {severity: critical}, target: {severity: [warning, info]}, equal: [cluster, job]}
  app: {source: {alertname: Down}, target: {alertname: "!Down", job: "~.+"}}
templates:
  short: '{{ define "short" }}{{ .Status | toUpper }}{{ end }}'
"""
NEWER = """
kind: Notifications
contact_points:
  all:
    telegram: {token: $TELEGRAM, chat: -100123, thread: 5, silent: true, parse_mode: HTML}
    discord: {url: $DISCORD, title: x, avatar_url: https://example.com/a.png}
    teams: {url: $TEAMS, title: x, message: y}
    pushover: {user_key: $USER_KEY, token: $PUSH, priority: "1", retry: "60", expire: "3600", device: d}
    wecom: {secret: $WECOM, corp: c, agent: "1", to: u, message_type: text}
    jira: {url: https://example.atlassian.net/rest/api/3, project: OPS, issue_type: Incident, user: u, password: $JIRA, labels: [a]}
    webhook: {url: $HOOK_URL, headers: {X-A: b}, scheme: Bearer, credentials: '$__file{/run/secrets/token}'}
policies: {contact_point: all}
"""


def built(text: str, **settings: Any) -> tuple[list[Artifact], list[Diagnostic]]:
    options = msgspec.structs.replace(SETTINGS, **settings)
    return alertmanager_files(documents(Notifications, text), options, Location("dashgen.yaml"))


def configuration(text: str, **settings: Any) -> dict[str, Any]:
    artifacts, problems = built(text, **settings)
    assert problems == [], said(problems)
    data: dict[str, Any] = yaml.safe_load(artifacts[0].content)
    return data


def findings(data: object) -> list[str]:
    """What our own reader has against a configuration."""
    document = load_text("alertmanager.yml", yaml.safe_dump(data, sort_keys=False)).documents[0]
    report = Report(document, Path("alertmanager.yml"))
    check_alertmanager(report)
    return said(report.problems)


def accepted(folder: Path, artifacts: list[Artifact]) -> None:
    """Have amtool check the files."""
    if AMTOOL is None:
        pytest.skip("amtool is not here; Debian's prometheus-alertmanager has it")
    for artifact in artifacts:
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.content)
    command = [AMTOOL, "check-config", str(folder / artifacts[0].path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # our own files
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_file_has_everything_of_the_specs() -> None:
    data = configuration(SPEC)
    assert data["global"] == {
        "smtp_smarthost": "smtp.example.com:587",
        "smtp_from": "alerts@example.com",
        "smtp_auth_username": "bot",
        "smtp_auth_password_file": "/etc/alertmanager/secrets/SMTP_PASSWORD",
    }
    assert [one["name"] for one in data["receivers"]] == ["ops", "pager", "hook"]
    ops, pager, hook = data["receivers"]
    assert [one["to"] for one in ops["email_configs"]] == ["a@example.com", "b@example.com"]
    assert ops["slack_configs"][0]["api_url_file"] == "/etc/alertmanager/secrets/SLACK_URL"
    token = {"authorization": {"credentials_file": "/etc/alertmanager/secrets/SLACK_TOKEN"}}
    assert (ops["slack_configs"][1]["http_config"], ops["slack_configs"][1]["api_url"]) == (token, "https://slack.com/api/chat.postMessage")  # fmt: skip
    assert pager["opsgenie_configs"][0]["api_url"] == "https://api.eu.opsgenie.com/"
    assert hook["webhook_configs"][0]["send_resolved"] is False
    first, second, third = data["route"]["routes"]
    assert first["matchers"] == ['severity="critical"', 'team=~"a|b\\"c"']
    assert (first["continue"], first["mute_time_intervals"]) == (True, ["nights"])
    assert (second["active_time_intervals"], second["group_by"]) == (["nights"], ["..."])
    assert third["routes"] == [{"receiver": "hook", "matchers": ['a!~"b"']}]
    assert [one["target_matchers"] for one in data["inhibit_rules"]] == [
        ['severity=~"warning|info"'],
        ['alertname!="Down"', 'job=~".+"'],
    ]
    (timing,) = data["time_intervals"]
    assert [one["start_time"] for one in timing["time_intervals"][0]["times"]] == ["22:00", "00:00"]
    assert data["templates"] == ["templates/*.tmpl"]


@pytest.mark.parametrize(("text", "version"), [(SPEC, "0.25"), (SPEC, "0.35"), (NEWER, "0.35")])
def test_our_own_reader_takes_the_file(text: str, version: str) -> None:
    assert findings(configuration(text, version=version)) == []


def test_alertmanager_takes_the_file(tmp_path: Path) -> None:
    artifacts, problems = built(SPEC, version="0.25")
    assert problems == []
    accepted(tmp_path, artifacts)


def test_newer_receivers_have_their_secrets_in_files() -> None:
    (receiver,) = configuration(NEWER)["receivers"]
    secrets = "/etc/alertmanager/secrets"
    assert receiver["telegram_configs"] == [
        {"send_resolved": True, "bot_token_file": f"{secrets}/TELEGRAM", "chat_id": -100123, "message_thread_id": 5, "parse_mode": "HTML", "disable_notifications": True}
    ]  # fmt: skip
    assert receiver["pushover_configs"][0]["retry"] == "60s"
    assert receiver["webhook_configs"] == [
        {"send_resolved": True, "url_file": f"{secrets}/HOOK_URL", "http_config": {"authorization": {"type": "Bearer", "credentials_file": "/run/secrets/token"}, "http_headers": {"X-A": {"values": ["b"]}}}}
    ]  # fmt: skip
    assert "$" not in str(receiver)


def point(receiver: str) -> str:
    return f"kind: Notifications\ncontact_points: {{ops: {{webhook: {{url: https://x.example}}, {receiver}}}}}\npolicies: {{contact_point: ops}}\n"


@pytest.mark.parametrize(
    ("text", "at", "finding"),
    [
        (point("googlechat: {url: $CHAT}"), "googlechat", "alertmanager/receiver Alertmanager has no receiver of the type `googlechat`: it notifies nobody there"),
        (point("slack: {url: $SLACK, mention: here}"), "here", "alertmanager/setting Alertmanager's slack_configs have no `mention`: it is left out"),
        (point("telegram: {token: $TG, chat: 1, protect: true}"), "true", "alertmanager/setting Alertmanager's telegram_configs have no `protect`: it is left out"),
        (point("slack: {url: $SLACK, raw: {foo: bar}}"), "bar", "alertmanager/setting Alertmanager's slack_configs have no `raw.foo`: it is left out"),
        (point("sns: {topic: t, sigv4: {region: r, access_key: $AWS_KEY}}"), "$AWS_KEY", "alertmanager/setting Alertmanager's sns_configs have no `sigv4.access_key`: it is left out"),
        (point("email: $ALERT_EMAIL"), "$ALERT_EMAIL", "alertmanager/reference Alertmanager does not expand environment variables, and `$ALERT_EMAIL` would stay as it is"),
        (point("slack: {url: '$__vault{a}'}"), "'$__vault{a}'", "alertmanager/reference Alertmanager reads secrets from files only"),
        (point("slack: {url: $SLACK, title: '{{ coll.Dict }}'}"), "'{{ coll.Dict }}'", "alertmanager/template Alertmanager has no template function `coll`"),
        (point("slack: {url: $SLACK, text: '{{ range .Alerts }}{{ .PanelURL }}{{ end }}'}"), "'{{ range .Alerts }}{{ .PanelURL }}{{ end }}'", "alertmanager/template an alert has no `.PanelURL`"),
        (point("""slack: {url: $SLACK, title: '{{ template "default.title" . }}'}"""), """'{{ template "default.title" . }}'""", "alertmanager/template Alertmanager has no template `default.title`, which is one of Grafana's"),
        ("kind: Notifications\ncontact_points: {ops: {dingding: {url: $DING}}}\npolicies: {contact_point: ops}\n", "ops", "alertmanager/receiver the contact point `ops` notifies nobody in Alertmanager"),
        ("kind: Notifications\nexternal_contact_points: [other]\npolicies: {contact_point: other}\n", "other", "alertmanager/unknown Alertmanager has no contact point `other`: the specs do not define it"),
        (point("slack: {url: $SLACK}").replace("{contact_point: ops}", "{contact_point: ops, routes: [{match: {grafana_folder: Shop}}]}"), "grafana_folder", "alertmanager/label only Grafana gives alerts the label `grafana_folder`, so nothing matches in Alertmanager"),
        (point("slack: {url: $SLACK}").replace("{contact_point: ops}", "{contact_point: ops, routes: [{match: {a: b}, mute: gone}]}"), "gone", "alertmanager/unknown Alertmanager has no mute timing `gone`: the specs do not define it"),
    ],
)  # fmt: skip
def test_what_alertmanager_cannot_do_is_said_at_its_place(text: str, at: str, finding: str) -> None:
    _, problems = built(text)
    lines = [line.split(" | ")[0] for line in said(problems)]
    assert finding in lines
    problem = problems[lines.index(finding)]
    assert problem.hint
    assert pointed_at(text, problem) == at


@pytest.mark.parametrize(
    ("text", "version", "finding"),
    [
        (
            point("telegram: {token: $TG, chat: 1}"),
            "0.25",
            "Alertmanager 0.25 has no `bot_token_file`; 0.26 has",
        ),
        (point("teams: {url: $TEAMS}"), "0.27", "Alertmanager 0.27 has no `msteamsv2_configs`; 0.28 has"),
        (
            point("wecom: {secret: $WECOM, corp: c, agent: a}"),
            "0.30",
            "Alertmanager 0.30 has no `api_secret_file`; 0.31 has",
        ),
    ],
)
def test_what_a_version_lacks_names_the_one_that_has_it(text: str, version: str, finding: str) -> None:
    _, problems = built(text, version=version)
    assert [one.message for one in problems] == [finding]
    assert built(text, version=finding.split("; ")[1].split(maxsplit=1)[0])[1] == []


def test_without_a_policy_tree_there_is_no_file() -> None:
    artifacts, problems = built(
        "kind: Notifications\ncontact_points: {ops: {webhook: {url: https://x.example}}}\n"
    )
    assert artifacts == []
    assert [one.rule for one in problems] == ["alertmanager/policies"]


def test_mails_need_a_server() -> None:
    _, problems = built(point("email: a@b.c"), smarthost=None)
    assert [one.message for one in problems] == ["Alertmanager needs a mail server for this"]


@pytest.mark.parametrize("text", [SPEC, NEWER], ids=["old", "new"])
def test_the_file_is_imported_as_the_notifications_that_it_was_built_from(text: str) -> None:
    data = configuration(text)
    provisioning = provisioning_form(data, Notes())
    assert provisioning is not None
    keys = notification_keys(provisioning, Notes())
    assert not notification_problems(keys)
    templates = (
        {"templates": {"short": '{{ define "short" }}{{ .Status | toUpper }}{{ end }}'}}
        if text is SPEC
        else {}
    )
    again = configuration(yaml.safe_dump({**keys, **templates}, sort_keys=False))
    assert again == data


FOREIGN = r"""
global: {slack_api_url: https://hooks.slack.com/services/T/B/secret-1, smtp_smarthost: "mail:25", smtp_from: a@b.c}
templates: [/etc/am/*.tmpl]
route:
  receiver: team
  routes:
    - {receiver: team, match: {severity: critical}, match_re: {job: "a|b"}}
    - {receiver: mail, matchers: ["env = prod", 'x =~ "a\"b"']}
receivers:
  - name: team
    slack_configs: [{channel: "#a", send_resolved: true, pretext: hi}]
    victorops_configs: [{api_key: secret-2, routing_key: r}]
  - name: mail
    email_configs: [{to: "a@b.c, d@e.f", send_resolved: true, headers: {Subject: s}}]
    webhook_configs: [{url: https://x.example, http_config: {basic_auth: {username: u, password: secret-3}}}]
inhibit_rules:
  - {source_match: {severity: critical}, target_match_re: {severity: "warning|info"}, equal: [job]}
  - {source_matchers: ['severity="critical"'], target_matchers: ['a!="b"', 'a!="c"']}
mute_time_intervals: [{name: n, time_intervals: [{weekdays: ["saturday"]}]}]
"""


def test_a_foreign_file_is_imported_without_its_secrets_and_says_what_is_lost() -> None:
    notes = Notes()
    provisioning = provisioning_form(yaml.safe_load(FOREIGN), notes)
    assert provisioning is not None
    keys = notification_keys(provisioning, notes)
    assert not notification_problems(keys)
    assert "secret-" not in str(keys)
    assert keys["contact_points"] == {
        "team": {"slack": {"url": "$TEAM_SLACK_URL", "channel": "#a"}},
        "mail": {
            "email": {"to": ["a@b.c", "d@e.f"], "single": True, "subject": "s"},
            "webhook": {"url": "https://x.example", "user": "u", "password": "$MAIL_WEBHOOK_PASSWORD"},
        },
    }
    assert keys["policies"]["routes"] == [
        {"match": {"severity": "critical", "job": ["a", "b"]}, "contact_point": "team"},
        {"match": {"env": "prod", "x": '~a"b'}, "contact_point": "mail"},
    ]
    assert keys["inhibition_rules"] == {
        "critical-over-warning-info": {"source": {"severity": "critical"}, "target": {"severity": ["warning", "info"]}, "equal": "job"}
    }  # fmt: skip
    lost = " | ".join(notes.dropped)
    for part in ("/etc/am/*.tmpl", "pretext", "victorops_configs", "inhibition rule"):
        assert part in lost
    assert not has_errors(notification_problems(keys))


def test_objects_of_grafanas_api_are_imported() -> None:
    rule = {
        "apiVersion": "notifications.alerting.grafana.app/v1beta1",
        "kind": "InhibitionRule",
        "metadata": {"name": "db"},
        "spec": {
            "source_matchers": [{"type": "=", "label": "severity", "value": "critical"}],
            "target_matchers": [{"type": "=~", "label": "severity", "value": "warning|info"}],
            "equal": ["cluster"],
        },
    }
    expected = {
        "source": {"severity": "critical"},
        "target": {"severity": ["warning", "info"]},
        "equal": "cluster",
    }
    receiver = {
        "metadata": {"name": "b3Bz"},
        "spec": {"title": "ops", "integrations": [{"uid": "u", "type": "slack", "settings": {}, "secureFields": {"url": True}}]},
    }  # fmt: skip
    lists = [
        (rule, {"inhibition_rules": {"db": expected}}),
        ({**rule, "kind": "InhibitionRuleList", "items": [{k: v for k, v in rule.items() if k in ("metadata", "spec")}]}, {"inhibition_rules": {"db": expected}}),
        ({"apiVersion": rule["apiVersion"], "kind": "ReceiverList", "items": [receiver]}, {"contact_points": {"ops": {"slack": {"uid": "u", "url": "$OPS_SLACK_URL"}}}}),
    ]  # fmt: skip
    for data, keys in lists:
        provisioning = provisioning_form(data, Notes())
        assert provisioning is not None
        assert notification_keys(provisioning, Notes()) == {"kind": "Notifications", **keys}


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"recievers": []}, "alertmanager-file/unknown-key Alertmanager does not start: the configuration has no field `recievers` | did you mean `receivers`?"),
        ({"route": {"receiver": "x"}}, "alertmanager-file/unknown Alertmanager does not start: there is no receiver `x` | use one of: `ops`"),
        ({"route": {}}, "alertmanager-file/route Alertmanager does not start: the root route has no receiver | add `receiver:`"),
        ({"route": {"receiver": "ops", "continue": True}}, "alertmanager-file/route Alertmanager does not start: the root route must not have `continue` | move it to a route below `routes:`"),
        ({"route": {"receiver": "ops", "group_by": ["...", "a"]}}, "alertmanager-file/route Alertmanager does not start: `group_by` has a label twice, or `...` beside others | write each label once, or `['...']`"),
        ({"route": {"receiver": "ops", "routes": [{"group_interval": "0s"}]}}, "alertmanager-file/route Alertmanager does not start: `group_interval` cannot be zero | write a longer one"),
        ({"route": {"receiver": "ops", "routes": [{"matchers": ["severity"]}]}}, 'alertmanager-file/matcher Alertmanager does not start: `severity` is not a matcher | write it as `team="web"`'),
        ({"route": {"receiver": "ops", "routes": [{"matchers": ['a=~"("']}]}}, "alertmanager-file/matcher Alertmanager does not start: `(` is not a regular expression: a `(` is never closed | correct it"),
        ({"receivers": [{"name": "ops"}, {"name": "ops"}]}, "alertmanager-file/name Alertmanager does not start: two receivers are called `ops` | rename one of them"),
        ({"receivers": [{"name": "ops", "slack_config": []}]}, "alertmanager-file/unknown-key Alertmanager does not start: a receiver has no field `slack_config` | did you mean `slack_configs`?"),
        ({"receivers": [{"name": "ops", "pagerduty_configs": [{}]}]}, "alertmanager-file/missing Alertmanager does not start: an entry of `pagerduty_configs` needs `routing_key` or `routing_key_file` or `service_key` or `service_key_file` | add `routing_key:`"),
        ({"receivers": [{"name": "ops", "email_configs": [{"to": "a@b.c"}]}]}, "alertmanager-file/missing Alertmanager does not start: an entry of `email_configs` needs `smarthost` | add `smarthost:`"),
        ({"receivers": [{"name": "ops", "slack_configs": [{"api_url": "x", "api_url_file": "y"}]}]}, "alertmanager-file/missing Alertmanager does not start: at most one of `api_url` and `api_url_file` may be there | remove one of them"),
        ({"inhibit_rules": [{"source_matchers": ['a="b"']}]}, "alertmanager-file/inhibition the inhibition rule has no matchers for its target, so every alert is one | add `target_matchers:`"),
        ({"time_intervals": [{"name": "n", "time_intervals": [{"times": [{"start_time": "22:00", "end_time": "06:00"}]}]}]}, "mute/time Alertmanager does not start: start time cannot be equal or greater than end time | split a range over midnight into two"),
    ],
)  # fmt: skip
def test_what_keeps_alertmanager_from_starting_is_found_in_any_file(
    change: dict[str, Any], finding: str
) -> None:
    sound: dict[str, Any] = {"route": {"receiver": "ops"}, "receivers": [{"name": "ops"}]}
    assert findings(sound) == []
    assert findings(sound | change) == [finding]

"""Every receiver that Grafana has can be written, in words or with Grafana's own settings."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from dashgen.check.check_tree import validate_paths
from dashgen.compile.outputs.notification_files import notifications
from dashgen.model.contact_types import CONTACT_TYPES
from dashgen.model.notification_spec import Notifications
from dashgen.model.receivers import RECEIVER_TYPES, Receiver
from tests.alert_support import documents, pointed_at
from tests.project.project import SOURCES, Project

EXAMPLES: dict[str, str] = {
    "email": "ops@example.com",
    "slack": "{url: $SLACK_URL}",
    "webhook": "{url: 'https://hooks.example.com/x'}",
    "pagerduty": "{key: $PAGERDUTY_KEY}",
    "opsgenie": "{key: $OPSGENIE_KEY}",
    "teams": "{url: $TEAMS_URL}",
    "telegram": "{token: $TELEGRAM_TOKEN, chat: -100123}",
    "discord": "{url: $DISCORD_URL}",
    "googlechat": "{url: $CHAT_URL, hide_button: true}",
    "alertmanager": "{url: 'http://am:9093', user: u, password: $AM_PASSWORD}",
    "dingding": "{url: $DING_URL, message_type: link}",
    "kafka": "{proxy: 'http://kafka:8082', topic: alerts, password: $KAFKA_PASSWORD, api_version: v3, cluster: c}",
    "line": "{token: $LINE_TOKEN}",
    "mqtt": "{broker: 'tcp://mqtt:1883', topic: alerts, qos: 1, retain: true, format: json}",
    "oncall": "{url: $ONCALL_URL, max_alerts: 5}",
    "pushover": "{user_key: $PUSHOVER_USER, token: $PUSHOVER_TOKEN, priority: 1, retry: 60}",
    "sensugo": "{url: 'http://sensu:8080', key: $SENSU_KEY}",
    "sns": "{topic: 'arn:aws:sns:eu-west-1:1:a', sigv4: {region: eu-west-1, secret_key: $AWS_SECRET}}",
    "threema": "{gateway: '*OPSTEAM', recipient: ECHOECHO, secret: $THREEMA_SECRET}",
    "victorops": "{url: $VICTOROPS_URL, message_type: CRITICAL}",
    "webex": "{token: $WEBEX_TOKEN, room: abc}",
    "wecom": "{url: $WECOM_URL}",
    "jira": "{url: 'https://j.example.com/rest/api/3', project: OPS, issue_type: Incident, token: $JIRA_TOKEN, labels: [a]}",
    "other": "{type: mqtt, settings: {brokerUrl: 'tcp://mqtt:1883', topic: x}}",
}


def test_the_list_is_that_of_grafana() -> None:
    assert {model.TYPE for model in RECEIVER_TYPES.values() if model.TYPE} == set(CONTACT_TYPES)
    assert EXAMPLES.keys() == RECEIVER_TYPES.keys()


@pytest.mark.parametrize(
    "model", [model for model in RECEIVER_TYPES.values() if model.TYPE], ids=lambda m: m.TYPE
)
def test_the_words_lead_to_settings_that_grafana_has(model: type[Receiver]) -> None:
    known = CONTACT_TYPES[model.TYPE]
    assert set(model.SETTINGS.values()) <= known.names
    assert known.needed.keys() <= set(model.SETTINGS.values())
    named = {secret for secret in known.secret if secret.split(".")[0] in model.SETTINGS.values()}
    assert named <= model.SECRETS | {"url"}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_each_receiver_is_built_and_found_good(kind: str, tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("specs/s.yaml", SOURCES)
    project.write(
        "specs/n.yaml", f"kind: Notifications\ncontact_points: {{ops: {{{kind}: {EXAMPLES[kind]}}}}}\n"
    )
    assert project.build().diagnostics == []
    assert validate_paths([project.output], show=str) == []


@pytest.mark.parametrize(
    ("receiver", "at", "rule"),
    [
        ("victorops: {url: https://alert.example.com/x}", "https", "secret/plain-text"),
        ("sns: {topic: t, sigv4: {secret_key: abc}}", "abc", "secret/plain-text"),
        ("webex: {token: $webex-token, room: r}", "$webex-token", "secret/reference"),
        ("other: {type: pushover, settings: {userKey: abc, apiToken: $T1}}", "abc", "secret/plain-text"),
        ("other: {type: newest, settings: {api_key: abc}}", "newest", "notification/receiver"),
        ("other: {type: kafka, settings: {kafkaTopic: x}}", "{", "notification/receiver"),
        ("other: {type: dingding, settings: {url: $URL1, mesage: x}}", "mesage", "notification/receiver"),
        ("other: {type: victorop, settings: {url: $URL1}}", "victorop", "notification/receiver"),
        ("webhook: {url: 'http://x', raw: {hmacConfig: {secret: abc}}}", "abc", "secret/plain-text"),
        ("sns: {subject: x}", "{", "notification/receiver"),
        ("wecom: {title: x}", "{", "notification/receiver"),
        ("victorops: {}", "{}", "spec/missing-key"),
    ],
)
def test_what_grafana_would_refuse_or_everybody_could_read_is_found(
    receiver: str, at: str, rule: str, tmp_path: Path
) -> None:
    text = f"kind: Notifications\ncontact_points: {{ops: {{{receiver}}}}}\n"
    project = Project(tmp_path)
    project.write("specs/s.yaml", SOURCES)
    project.write("specs/n.yaml", text)
    found = project.build().diagnostics
    assert rule in [one.rule for one in found]
    assert pointed_at(text, next(one for one in found if one.rule == rule)).startswith(at)


def test_settings_of_any_type_are_written_as_they_are() -> None:
    text = "kind: Notifications\ncontact_points: {ops: {other: [{type: newest, settings: {a: {b: [1, 'x$']}}, send_resolved: false}]}}\n"
    artifacts, _ = notifications(documents(Notifications, text))
    receiver: dict[str, Any] = yaml.safe_load(artifacts[0].content)["contactPoints"][0]["receivers"][0]
    assert receiver == {
        "uid": "ops-newest", "type": "newest", "disableResolveMessage": True, "settings": {"a": {"b": [1, "x$$"]}},
    }  # fmt: skip

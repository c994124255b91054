"""Two configurations of Alertmanager in a reviewer's sentences: the order of receivers, routes and inhibition rules counts."""

from typing import Any

import pytest
import yaml

from dashgen.compare import compare
from dashgen.compare.file_tree import read_both

FILE = "alertmanager/alertmanager.yml"
BASE: dict[str, Any] = {
    "global": {"smtp_smarthost": "mail:587"},
    "route": {
        "receiver": "ops",
        "routes": [{"receiver": "a", "matchers": ['x="1"']}, {"receiver": "b", "matchers": ['y="2"']}],
    },
    "receivers": [{"name": "ops"}, {"name": "a", "slack_configs": [{"channel": "#a"}]}, {"name": "b"}],
    "inhibit_rules": [
        {"source_matchers": ['s="c"'], "target_matchers": ['s="w"'], "equal": ["k", "j"]},
        {"source_matchers": ['n="d"'], "target_matchers": ['m="e"']},
    ],
    "time_intervals": [{"name": "n", "time_intervals": [{"weekdays": ["saturday"]}]}],
}


def sentences(after: dict[str, Any], more: tuple[dict[str, bytes], dict[str, bytes]] = ({}, {})) -> list[str]:
    files = [
        {FILE: yaml.safe_dump(data).encode(), **rest} for data, rest in zip((BASE, after), more, strict=True)
    ]
    before, then = read_both(*files)
    return [
        f"{change.kind}: {f'{detail.subject}: ' if detail.subject else ''}{detail.sentence}"
        for change in compare(before.resources, then.resources)
        for detail in change.details
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"receivers": list(reversed(BASE["receivers"]))}, "alertmanager: receivers in another order"),
        ({"inhibit_rules": list(reversed(BASE["inhibit_rules"]))}, "alertmanager: inhibition rules in another order"),
        ({"route": {**BASE["route"], "routes": list(reversed(BASE["route"]["routes"]))}}, "alertmanager: policies in another order: the first that matches counts"),
        ({"inhibit_rules": BASE["inhibit_rules"][:1]}, "alertmanager: inhibition rule n = d over m = e removed"),
        ({"receivers": [*BASE["receivers"], {"name": "c"}]}, "alertmanager: receiver c added"),
        ({"global": {"smtp_smarthost": "mail:25"}}, "alertmanager: global.smtp_smarthost: mail:587 → mail:25"),
        ({"time_intervals": [{"name": "n", "time_intervals": [{"weekdays": ["sunday"]}]}]}, "alertmanager: time interval n: saturday → sunday"),
    ],
)  # fmt: skip
def test_each_difference_is_a_sentence(change: dict[str, Any], expected: str) -> None:
    assert sentences({**BASE, **change}) == [expected]


def test_what_means_the_same_is_no_difference() -> None:
    rules = [
        {"source_match": {"s": "c"}, "target_match": {"s": "w"}, "equal": ["j", "k"]},
        {"source_matchers": ["n = d"], "target_matchers": ['m="e"'], "equal": []},
    ]
    assert sentences({**BASE, "inhibit_rules": rules, "templates": []}) == []


def test_a_secret_is_not_shown() -> None:
    receivers = [BASE["receivers"][0], {"name": "a", "slack_configs": [{"channel": "#a", "api_url": "https://hooks.slack.com/x"}]}, BASE["receivers"][2]]  # fmt: skip
    (sentence,) = sentences({**BASE, "receivers": receivers})
    assert "hooks.slack" not in sentence


def test_what_follows_from_the_same_notifications_is_told_once() -> None:
    point = "apiVersion: 1\ncontactPoints: [{{name: ops, receivers: [{{uid: u, type: email, settings: {{addresses: {}}}}}]}}]\n"
    files: tuple[dict[str, bytes], dict[str, bytes]] = (
        {"provisioning/alerting/contact-points.yaml": point.format("a@b.c").encode()},
        {"provisioning/alerting/contact-points.yaml": point.format("d@e.f").encode()},
    )
    changed = {
        **BASE,
        "receivers": [{"name": "ops", "email_configs": [{"to": "d@e.f"}]}, *BASE["receivers"][1:]],
    }
    changes = sentences(changed, files)
    assert [line.partition(":")[0] for line in changes] == ["contact-point"]
    changes = sentences({**changed, "global": {"smtp_smarthost": "mail:25"}}, files)
    assert [line.partition(":")[0] for line in changes] == ["contact-point", "alertmanager"]

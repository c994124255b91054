from pathlib import Path

import pytest
import yaml

from dashgen.compile.outputs.notification_files import notifications
from dashgen.compile.outputs.provisioning_file import Tombstone
from dashgen.model.label_matchers import matchers
from dashgen.model.notification_spec import Notifications
from tests import golden
from tests.alert_support import documents, pointed_at, said

HERE = Path(__file__).parent
SPEC = (HERE / "notifications.yaml").read_text(encoding="utf-8")


def test_the_files_are_as_recorded() -> None:
    artifacts, problems = notifications(documents(Notifications, SPEC))
    assert problems == []
    assert [artifact.path for artifact in artifacts] == [
        f"provisioning/alerting/{name}.yaml"
        for name in ("contact-points", "policies", "mute-timings", "templates")
    ]
    for artifact in artifacts:
        golden.check(HERE / "golden" / Path(artifact.path).name, artifact.content.decode())


def test_a_list_says_the_same_as_a_map() -> None:
    of_map, _ = notifications(
        documents(Notifications, "kind: Notifications\ncontact_points: {ops: {email: a@b}}\n")
    )
    of_list, _ = notifications(
        documents(Notifications, "kind: Notifications\ncontact_points: [{name: ops, email: a@b}]\n")
    )
    assert of_map[0].content == of_list[0].content


@pytest.mark.parametrize(
    ("value", "matcher"),
    [
        ("critical", ["=", "critical"]),
        ("=critical", ["=", "critical"]),
        ("!test", ["!=", "test"]),
        ("!=test", ["!=", "test"]),
        ("~bot.*", ["=~", "bot.*"]),
        ("=~bot.*", ["=~", "bot.*"]),
        ("!~bot.*", ["!~", "bot.*"]),
        ([], ["=~", ""]),
        (["a", "b.c"], ["=~", "a|b\\.c"]),
    ],
)
def test_matchers_have_short_forms(value: str | list[str], matcher: list[str]) -> None:
    assert matchers({"label": value}) == [("label", *matcher)]


@pytest.mark.parametrize(
    ("points", "at", "finding"),
    [
        ("{ops: {slack: {url: https://hooks.slack.com/services/T0/B0/XYZ}}}", "https://hooks.slack.com/services/T0/B0/XYZ", "secret/plain-text the slack url is a secret in plain text"),
        ("{ops: {pagerduty: {key: abc123}}}", "abc123", "secret/plain-text the pagerduty key is a secret in plain text"),
        ("{ops: {telegram: {token: 'x$TOKEN', chat: 5}}}", "'x$TOKEN'", "secret/plain-text the telegram token is a secret in plain text"),
        ("{ops: {webhook: {url: https://x, password: hunter2}}}", "hunter2", "secret/plain-text the webhook password is a secret in plain text"),
        ("{ops: {discord: {url: $XX, raw: {url: https://discord.com/api/webhooks/1}}}}", "https://discord.com/api/webhooks/1", "secret/plain-text the discord url is a secret in plain text"),
        ("{ops: {slack: {}}}", "{}", "notification/receiver Slack needs a webhook's `url`, or `token` and `channel`"),
        ("{ops: {slack: {token: $TT}}}", "{token: $TT}", "notification/receiver Slack needs a webhook's `url`, or `token` and `channel`"),
        ("{ops: {email: {to: []}}}", "[]", "notification/receiver the e-mail goes to nobody"),
        ("{ops: {webhook: {url: https://x, headers: {Authorization: x}}}}", "{Authorization: x}", "notification/receiver Grafana refuses the header `Authorization`"),
        ("{ops: {opsgenie: {key: $KK, responders: [{type: team}]}}}", "[{type: team}]", "notification/receiver a responder has no id, name or username"),
        ("{ops: {}}", "{}", "notification/receiver the contact point `ops` notifies nobody"),
        ("[{email: a@b}]", "{email: a@b}", "notification/name a contact point has no name"),
        ("[{name: a, email: a@b}, {name: a, email: c@d}]", "{name: a, email: c@d}", "notification/duplicate two contact points are called `a`"),
        ("{a: {email: {to: a@b, uid: x}}, b: {email: {to: a@b, uid: x}}}", "{to: a@b, uid: x}", "notification/duplicate-uid two receivers have the uid `x`"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_receiver_is_said_at_its_place(points: str, at: str, finding: str) -> None:
    text = f"kind: Notifications\ncontact_points: {points}\n"
    _, problems = notifications(documents(Notifications, text))
    assert [line.split(" | ")[0] for line in said(problems)] == [finding]
    assert all(problem.hint for problem in problems)
    assert pointed_at(text, problems[0]) == at


def test_a_secret_is_never_repeated() -> None:
    text = "kind: Notifications\ncontact_points: {ops: {slack: {url: https://hooks.slack.com/services/T0/B0/XYZ}}}\n"
    _, problems = notifications(documents(Notifications, text))
    assert "XYZ" not in str([(p.message, p.hint, p.related) for p in problems])


@pytest.mark.parametrize(
    ("policies", "at", "finding"),
    [
        ("{contact_point: opps}", "opps", "there is no contact point `opps`; Grafana would not start"),
        ("{contact_point: ops, routes: [{routes: [{contact_point: opps}]}]}", "opps", "there is no contact point `opps`; Grafana would not start"),
        ("{contact_point: ops, routes: [{mute: [weekend]}]}", "weekend", "there is no mute timing `weekend`; Grafana would not start"),
        ("{contact_point: ops, routes: [{active: weekend}]}", "weekend", "there is no mute timing `weekend`; Grafana would not start"),
    ],
)  # fmt: skip
def test_policies_name_what_exists(policies: str, at: str, finding: str) -> None:
    text = f"kind: Notifications\ncontact_points: {{ops: {{email: a@b}}}}\nmute_timings: {{weekends: {{weekdays: friday}}}}\npolicies: {policies}\n"
    _, problems = notifications(documents(Notifications, text))
    assert said(problems) == [
        f"notification/unknown {finding} | "
        + ("did you mean `ops`?" if "opps" in finding else "did you mean `weekends`?")
    ]
    assert pointed_at(text, problems[0]) == at


def test_what_grafana_has_from_elsewhere_may_be_named() -> None:
    text = """
        kind: Notifications
        external_contact_points: [grafana-default-email]
        external_mute_timings: [holidays]
        policies: {contact_point: grafana-default-email, routes: [{mute: holidays}]}
    """
    _, problems = notifications(documents(Notifications, text))
    assert problems == []


def test_there_is_one_policy_tree() -> None:
    text = "kind: Notifications\ncontact_points: {ops: {email: a@b}}\npolicies: {contact_point: ops}\n"
    artifacts, problems = notifications(
        documents(Notifications, f"{text}---\nkind: Notifications\npolicies: {{contact_point: ops}}\n")
    )
    assert said(problems) == [
        "notification/policies there is a second policy tree, and Grafana has one | put the routes into one tree"
    ]
    assert len(yaml.safe_load(artifacts[1].content)["policies"]) == 1


@pytest.mark.parametrize(
    ("timing", "intervals"),
    [
        ("{weekdays: saturday..monday}", [{"weekdays": ["saturday", "sunday", "monday"]}]),
        ("{weekdays: Fri}", [{"weekdays": ["friday"]}]),
        ("{times: 09:00-17:30}", [{"times": [{"start_time": "09:00", "end_time": "17:30"}]}]),
        ("{times: 22:00-06:00}", [{"times": [{"start_time": "22:00", "end_time": "24:00"}, {"start_time": "00:00", "end_time": "06:00"}]}]),
        ("{times: 22:00-00:00}", [{"times": [{"start_time": "22:00", "end_time": "24:00"}]}]),
        ("{months: december..2}", [{"months": ["12", "1", "2"]}]),
        ("{days: [1..5, -3..-1]}", [{"days_of_month": ["1:5", "-3:-1"]}]),
        ("{years: '2026'}", [{"years": ["2026"]}]),
        ("{weekdays: friday, location: Asia/Dubai, intervals: [{days: '1'}]}", [{"weekdays": ["friday"], "location": "Asia/Dubai"}, {"days_of_month": ["1"], "location": "Asia/Dubai"}]),
    ],
)  # fmt: skip
def test_times_wrap_around_nights_weekends_and_years(timing: str, intervals: list[object]) -> None:
    artifacts, problems = notifications(
        documents(Notifications, f"kind: Notifications\nmute_timings: {{m: {timing}}}\n")
    )
    assert problems == []
    assert yaml.safe_load(artifacts[0].content)["muteTimes"][0]["time_intervals"] == intervals


@pytest.mark.parametrize(
    ("timing", "at", "finding"),
    [
        ("{weekdays: freitag}", "freitag", "`freitag` is not a weekday"),
        ("{weekdays: sat..s}", "sat..s", "`s` is not a weekday"),
        ("{times: 22-06}", "22-06", "`22-06` is not a part of a day"),
        ("{times: 25:00-26:00}", "25:00-26:00", "`25:00-26:00` is not a part of a day"),
        ("{times: 08:00-08:00}", "08:00-08:00", "`08:00-08:00` is not a part of a day"),
        ("{days: '32'}", "'32'", "`32` is not a day of the month"),
        ("{days: 5..1}", "5..1", "`5..1` ends before it starts"),
        ("{months: '13'}", "'13'", "`13` is not a month"),
        ("{years: next}", "next", "`next` is not a year"),
    ],
)
def test_what_is_no_time_is_said_at_its_place(timing: str, at: str, finding: str) -> None:
    text = f"kind: Notifications\nmute_timings: {{m: {timing}}}\n"
    _, problems = notifications(documents(Notifications, text))
    assert problems[0].message == finding
    assert problems[0].hint
    assert pointed_at(text, problems[0]) == at


def test_a_template_closes_what_it_opens() -> None:
    _, problems = notifications(
        documents(Notifications, "kind: Notifications\ntemplates: {t: '{{ define \"t\" }'}\n")
    )
    assert [problem.rule for problem in problems] == ["notification/template"]


def test_grafana_is_told_to_delete_what_is_gone() -> None:
    dead = [
        Tombstone("contact-point", "old"),
        Tombstone("policies", "policies"),
        Tombstone("mute-timing", "nights"),
        Tombstone("template", "t"),
    ]
    artifacts, _ = notifications([], dead)
    content = {
        Path(a.path).stem: {k: v for k, v in yaml.safe_load(a.content).items() if k != "apiVersion"}
        for a in artifacts
    }
    assert content == {
        "contact-points": {"deleteContactPoints": [{"orgId": 1, "uid": "old"}]},
        "policies": {"resetPolicies": [1]},
        "mute-timings": {"deleteMuteTimes": [{"orgId": 1, "name": "nights"}]},
        "templates": {"deleteTemplates": [{"orgId": 1, "name": "t"}]},
    }
    artifacts, _ = notifications(documents(Notifications, SPEC), dead)
    assert not any(
        b"resetPolicies" in artifact.content or b"deleteMuteTimes" in artifact.content
        for artifact in artifacts
    )

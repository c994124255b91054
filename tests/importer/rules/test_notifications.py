"""Contact points, policies, mute timings and templates in words."""

from typing import Any

import pytest

from dashgen.compile.outputs.notification_files import notifications
from dashgen.core.diagnostics import has_errors
from dashgen.formats.upgrade.notes import Notes
from dashgen.importer.rules.import_notifications import notification_keys, notification_problems
from dashgen.importer.rules.import_policies import policy_keys, timing_keys
from dashgen.model.document import SpecDocument
from dashgen.model.notification_spec import Notifications
from dashgen.model.parse import parse_document
from dashgen.source.load import Document, load_text
from dashgen.source.provenance import Reporter, Resolved


def words(**data: Any) -> dict[str, Any]:
    """The words of a provisioning file, which the build takes."""
    result = notification_keys({"apiVersion": 1, **data}, Notes())
    assert notification_problems(result) == []
    return result


def built(found: dict[str, Any], key: str) -> Any:
    """What the words build to."""
    resolved = Resolved(Document.empty("x.yaml"), {k: v for k, v in found.items() if k != "kind"})
    model = parse_document(Notifications, Reporter(resolved))
    assert model is not None
    artifacts, problems = notifications([SpecDocument(model, resolved)])
    assert not has_errors(problems)
    for artifact in artifacts:
        data = load_text("x.yaml", artifact.content.decode()).documents[0].data
        if key in data:
            return data[key]
    raise AssertionError(key)


def point(*receivers: dict[str, Any], name: str = "ops") -> dict[str, Any]:
    """A contact point of a provisioning file."""
    return {"orgId": 1, "name": name, "receivers": list(receivers)}


def test_an_address_is_enough_for_an_email() -> None:
    receiver = {"uid": "contact-x", "type": "email", "settings": {"addresses": "a@b.c", "singleEmail": False}}
    result = words(contactPoints=[point({**receiver, "uid": "ops-email"})])
    assert (
        result["contact_points"] == {"ops": {"email": "a@b.c"}}
        or result["contact_points"]["ops"]["email"]["to"] == "a@b.c"
    )


def test_several_addresses_are_a_list() -> None:
    receiver = {
        "uid": "mail",
        "type": "email",
        "settings": {"addresses": "a@b.c; d@e.f"},
        "disableResolveMessage": True,
    }
    result = words(contactPoints=[point(receiver)])
    assert result["contact_points"]["ops"]["email"] == {
        "uid": "mail",
        "to": ["a@b.c", "d@e.f"],
        "send_resolved": False,
    }


@pytest.mark.parametrize(
    ("kind", "settings", "secret"),
    [
        ("slack", {"url": "https://hooks.slack.invalid/secret-1"}, "$OPS_SLACK_URL"),
        ("pagerduty", {"integrationKey": "secret-1"}, "$OPS_PAGERDUTY_KEY"),
        (
            "webhook",
            {"url": "https://x.invalid", "password": "secret-1", "username": "u"},
            "$OPS_WEBHOOK_PASSWORD",
        ),
        ("telegram", {"bottoken": "secret-1", "chatid": "5"}, "$OPS_TELEGRAM_TOKEN"),
        ("opsgenie", {"apiKey": "secret-1"}, "$OPS_OPSGENIE_KEY"),
        ("slack", {"url": "$SLACK", "someToken": "secret-1"}, "$OPS_SLACK_SOMETOKEN"),
    ],
)
def test_a_secret_never_gets_into_a_spec(kind: str, settings: dict[str, Any], secret: str) -> None:
    notes = Notes()
    result = notification_keys({"contactPoints": [point({"type": kind, "settings": settings})]}, notes)
    assert "secret-1" not in str(result)
    assert "secret-1" not in str(notes)
    assert secret in str(result)
    assert notification_problems(result) == []


def test_a_reference_to_the_environment_stays_one() -> None:
    result = words(contactPoints=[point({"type": "slack", "settings": {"url": "$SLACK_URL"}})])
    assert result["contact_points"]["ops"]["slack"]["url"] == "$SLACK_URL"


def test_two_receivers_of_a_type_are_a_list() -> None:
    one, two = ({"type": "webhook", "settings": {"url": f"https://{n}.invalid"}} for n in "ab")
    result = words(contactPoints=[point(one, two)])
    assert [hook["url"] for hook in result["contact_points"]["ops"]["webhook"]] == [
        "https://a.invalid",
        "https://b.invalid",
    ]


def test_a_type_without_a_word_keeps_its_settings_and_its_secrets_become_references() -> None:
    notes = Notes()
    receiver = {"type": "newest", "settings": {"room": "a", "auth": {"api_token": "abc"}}}
    result = notification_keys({"contactPoints": [point(receiver)]}, notes)
    other = {"type": "newest", "settings": {"room": "a", "auth": {"api_token": "$OPS_NEWEST_AUTH_API_TOKEN"}}}
    assert result["contact_points"] == {"ops": {"other": other}}


def test_secrets_inside_of_settings_become_references() -> None:
    notes = Notes()
    settings = {
        "url": "http://x",
        "hmacConfig": {"secret": "abc", "header": "X"},
        "tlsConfig": {"clientKey": "k"},
    }
    result = notification_keys({"contactPoints": [point({"type": "webhook", "settings": settings})]}, notes)
    assert result["contact_points"]["ops"]["webhook"]["raw"] == {
        "hmacConfig": {"secret": "$OPS_WEBHOOK_HMACCONFIG_SECRET", "header": "X"},
        "tlsConfig": {"clientKey": "$OPS_WEBHOOK_TLSCONFIG_CLIENTKEY"},
    }


def test_a_policy_tree_builds_to_itself() -> None:
    tree = {
        "receiver": "ops",
        "group_by": ["alertname"],
        "repeat_interval": "4h",
        "routes": [
            {
                "receiver": "ops",
                "object_matchers": [
                    ["a", "=", "x"],
                    ["b", "!=", "x"],
                    ["c", "=~", "x|y"],
                    ["d", "=~", "x.*"],
                    ["e", "!~", "x.*"],
                    ["f", "=", "!odd"],
                    ["g", "!=", "~odd"],
                    ["h", "=", ""],
                ],
                "mute_time_intervals": ["weekends"],
                "active_time_intervals": ["weekends", "nights"],
                "continue": True,
                "routes": [{"receiver": "ops", "object_matchers": [["z", "=", "1"]], "group_wait": "10s"}],
            }
        ],
    }
    result = words(policies=[{"orgId": 1, **tree}])
    assert result["policies"]["routes"][0]["match"]["c"] == ["x", "y"]
    assert built(result, "policies") == [{"orgId": 1, **tree}]
    assert result["external_contact_points"] == ["ops"]
    assert result["external_mute_timings"] == ["nights", "weekends"]


@pytest.mark.parametrize(
    ("route", "match"),
    [
        ({"match": {"a": "b"}}, {"a": "b"}),
        ({"match_re": {"a": "b.*"}}, {"a": "~b.*"}),
        ({"matchers": ['severity="critical"', "team!~bot.*"]}, {"severity": "critical", "team": "!~bot.*"}),
    ],
)
def test_older_forms_of_conditions_are_read(route: dict[str, Any], match: dict[str, Any]) -> None:
    assert policy_keys({"receiver": "x", "routes": [route]}, Notes())["routes"][0]["match"] == match


def test_a_second_condition_on_a_label_is_reported() -> None:
    notes = Notes()
    policy_keys(
        {"receiver": "x", "routes": [{"object_matchers": [["a", "=", "1"], ["a", "!=", "2"]]}]}, notes
    )
    assert any("second condition on the label `a`" in what for what in notes.dropped)


def test_a_mute_timing_builds_to_itself() -> None:
    interval = {
        "times": [{"start_time": "22:00", "end_time": "24:00"}],
        "weekdays": ["monday"],
        "days_of_month": ["1:5", "-1"],
        "months": ["1"],
        "years": ["2026:2027"],
        "location": "Asia/Dubai",
    }
    timing = {"orgId": 1, "name": "nights", "time_intervals": [interval]}
    assert built(words(muteTimes=[timing]), "muteTimes") == [timing]


def test_days_from_to_and_several_intervals() -> None:
    timing = {"name": "x", "time_intervals": [{"weekdays": ["saturday:sunday"]}, {"months": ["december"]}]}
    assert timing_keys(timing, Notes()) == {
        "weekdays": "saturday..sunday",
        "intervals": [{"months": "december"}],
    }


def test_templates_are_kept() -> None:
    template = '{{ define "x" }}hi{{ end }}\n'
    result = words(templates=[{"orgId": 1, "name": "x", "template": template}])
    assert built(result, "templates")[0]["template"] == template


def test_nothing_is_no_document() -> None:
    assert notification_keys({"policies": [], "contactPoints": []}, Notes()) == {}

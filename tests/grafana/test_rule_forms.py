from typing import Any

import pytest

from dashgen.servers.grafana.rule_forms import comparable, fingerprint, first_difference, seconds
from tests.grafana.support import rule

SERVER_SET = {"id": 7, "orgID": 1, "updated": "2026-11-23T09:31:25Z", "provenance": "api", "folderUID": "f"}


def test_what_the_server_fills_in_makes_no_difference() -> None:
    sent = rule("a")
    stored = {
        **sent,
        **SERVER_SET,
        "keep_firing_for": "0s",
        "isPaused": False,
        "notification_settings": None,
        "record": None,
        "data": [
            {
                **sent["data"][0],
                "model": {
                    "expr": "up",
                    "instant": True,
                    "intervalMs": 1000,
                    "maxDataPoints": 43200,
                    "refId": "A",
                },
            }
        ],
    }
    assert comparable(sent) == comparable(stored)
    assert fingerprint(60, (sent,)) == fingerprint(60, (stored,))
    assert first_difference(sent, stored) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "Other"}, "title"),
        ({"for": "10m"}, "for"),
        ({"labels": {"severity": "warning"}}, "labels"),
        ({"isPaused": True}, "isPaused"),
        ({"condition": "B"}, "condition"),
        ({"notification_settings": {"receiver": "ops"}}, "notification_settings"),
        ({"data": [{**rule("a")["data"][0], "datasourceUid": "other"}]}, "data"),
    ],
)
def test_what_an_author_changes_makes_a_difference(change: dict[str, Any], field: str) -> None:
    assert first_difference(rule("a"), rule("a", **change)) == field


@pytest.mark.parametrize(
    ("one", "other"),
    [("5m", "300s"), ("1h30m", "90m"), ("1d", "24h"), ("500ms", "0.5s")],
)
def test_durations_are_equal_when_they_are_as_long(one: str, other: str) -> None:
    assert comparable(rule("a", **{"for": one})) == comparable(rule("a", **{"for": other}))


@pytest.mark.parametrize("text", ["", "5 minutes", "m", "5", "5mm", "1h 30m"])
def test_what_is_no_duration_has_no_length(text: str) -> None:
    assert seconds(text) is None


def test_the_interval_counts() -> None:
    assert fingerprint(60, ()) != fingerprint(120, ())

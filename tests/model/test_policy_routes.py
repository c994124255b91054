"""An alert takes the policies that Alertmanager's own amtool says it takes."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.compile.outputs.notification_files import notifications
from dashgen.model.notification_spec import Notifications, Policies
from dashgen.model.policy_routes import AlertLabels, policy_routes
from dashgen.source.yaml_text import yaml_bytes
from tests.alert_support import documents

TREE = """
kind: Notifications
contact_points: {team: {email: a@b}, on-call: {email: a@b}, shop: {email: a@b}, audit: {email: a@b}}
mute_timings: {nights: {times: 22:00-07:00}, office: {times: 09:00-17:00}}
policies:
  contact_point: team
  group_by: [alertname]
  group_wait: 10s
  routes:
    - match: {audited: "~yes|true"}
      contact_point: audit
      continue: true
      group_by: ["..."]
    - match: {severity: critical}
      contact_point: on-call
      repeat_interval: 1h
      mute: nights
      routes:
        - match: {team: shop}
          contact_point: shop
          active: [office]
        - match: {team: "!~.+"}
    - match: {tier: [pro, basic]}
      group_interval: 10m
"""


def tree_of(text: str) -> Policies:
    policies = documents(Notifications, text)[0].model.policies
    assert policies is not None
    return policies


def routes(labels: dict[str, str], open_labels: frozenset[str] | None = frozenset()) -> list[str]:
    """The ways as ``contact point @ path if conditions``, a ``?`` after those that are not certain."""
    ways = policy_routes(tree_of(TREE), AlertLabels(labels, open_labels))
    return [
        route.contact_point
        + " @ "
        + "/".join(str(step) for step in route.policies[-1].path if step not in ("policies", "routes"))
        + "".join(f" if {condition}" for condition in route.conditions)
        + ("" if route.is_certain else "?")
        for route in ways
    ]


@pytest.mark.parametrize(
    ("labels", "ways"),
    [
        ({}, ["team @ "]),
        ({"severity": "warning"}, ["team @ "]),
        ({"severity": "critical", "team": "db"}, ["on-call @ 1"]),
        ({"severity": "critical", "team": "shop"}, ["shop @ 1/0"]),
        ({"severity": "critical"}, ["on-call @ 1/1"]),
        ({"severity": "critical", "team": ""}, ["on-call @ 1/1"]),
        ({"severity": "critical", "audited": "yes"}, ["audit @ 0", "on-call @ 1/1"]),
        ({"audited": "true"}, ["audit @ 0"]),
        ({"audited": "yes, true"}, ["team @ "]),
        ({"tier": "pro"}, ["team @ 2"]),
        ({"tier": "probably"}, ["team @ "]),
    ],
)
def test_the_first_policy_that_matches_is_taken(labels: dict[str, str], ways: list[str]) -> None:
    assert routes(labels) == ways


@pytest.mark.parametrize(
    ("labels", "open_labels", "ways"),
    [
        ({"severity": "warning"}, {"tier"}, ['team @ 2 if tier=~"pro|basic"?', "team @ ?"]),
        ({"severity": "critical"}, {"tier"}, ["on-call @ 1/1"]),
        (
            {"severity": "critical"},
            {"team"},
            ['shop @ 1/0 if team="shop"?', 'on-call @ 1/1 if team!~".+"?', "on-call @ 1?"],
        ),
        ({"tier": "pro"}, {"audited"}, ['audit @ 0 if audited=~"yes|true"?', "team @ 2"]),
        ({"severity": "info", "team": "x"}, {"audited"}, ['audit @ 0 if audited=~"yes|true"?', "team @ ?"]),
        (
            {"audited": "no", "tier": "x"},
            None,
            [
                'shop @ 1/0 if severity="critical" if team="shop"?',
                'on-call @ 1/1 if severity="critical" if team!~".+"?',
                'on-call @ 1 if severity="critical"?',
                "team @ ?",
            ],
        ),
    ],
)
def test_what_depends_on_unknown_labels_is_possible(
    labels: dict[str, str], open_labels: set[str] | None, ways: list[str]
) -> None:
    assert routes(labels, None if open_labels is None else frozenset(open_labels)) == ways


def test_a_value_that_a_policy_assumes_counts_below_it() -> None:
    text = TREE + "    - {match: {env: a}, routes: [{match: {env: b}, contact_point: shop}]}\n"
    ways = policy_routes(tree_of(text), AlertLabels({}, {"env"}))
    assert [way.contact_point for way in ways] == ["team", "team"]


def test_settings_come_from_above_but_for_timings_of_muting() -> None:
    shop, *_ = policy_routes(tree_of(TREE), AlertLabels({"severity": "critical", "team": "shop"}))
    assert (shop.group_by, shop.group_wait, shop.group_interval, shop.repeat_interval) == (
        ("alertname",), "10s", "5m", "1h",
    )  # fmt: skip
    assert (shop.mute, shop.active) == ((), ("office",))
    muted, *_ = policy_routes(tree_of(TREE), AlertLabels({"severity": "critical", "team": "db"}))
    assert muted.mute == ("nights",)
    audit, *_ = policy_routes(tree_of(TREE), AlertLabels({"audited": "yes"}))
    assert audit.group_by == ("...",)


LABELS = ("severity", "team", "tier")
VALUES = ("", "a", "b", "ab", "a.b")
MATCH_VALUES = st.one_of(
    st.sampled_from(
        ["a", "b", "=a", "!a", "!=b", "~a.*", "=~a|b", "!~a|b", "~.*", "~.+", "!~.+", "~", "~a?b"]
    ),
    st.lists(st.sampled_from(["a", "b", "a.b"]), min_size=1, max_size=2),
)


def policies(depth: int) -> st.SearchStrategy[dict[str, Any]]:
    below = st.lists(policies(depth - 1), max_size=3) if depth else st.just([])
    return st.fixed_dictionaries(
        {
            "match": st.dictionaries(st.sampled_from(LABELS), MATCH_VALUES, min_size=1, max_size=2),
            "continue": st.booleans(),
            "routes": below,
        },
        optional={"contact_point": st.just("")},
    )


def named(routes: list[dict[str, Any]], prefix: str) -> list[dict[str, Any]]:
    """Policies whose contact points have the path of the policy as name, but for those that inherit theirs."""
    for number, route in enumerate(routes):
        if "contact_point" in route:
            del route["contact_point"]
        else:
            route["contact_point"] = f"{prefix}-{number}"
        named(route["routes"], f"{prefix}-{number}")
    return routes


def contact_points(routes: list[dict[str, Any]]) -> list[str]:
    return [
        name for route in routes for name in (*contact_points(route["routes"]), route.get("contact_point"))
    ]


def alertmanagers_tree(text: str, names: set[str]) -> dict[str, Any]:
    """Alertmanager's configuration with the tree that is built for Grafana."""
    artifacts, problems = notifications(documents(Notifications, text))
    assert not problems, problems
    file = next(one for one in artifacts if one.path.endswith("policies.yaml"))

    tree = yaml.safe_load(file.content)["policies"][0]
    return {"route": as_alertmanager(tree), "receivers": [{"name": name} for name in sorted(names)]}


def as_alertmanager(route: dict[str, Any]) -> dict[str, Any]:
    keys = {key: value for key, value in route.items() if key not in ("object_matchers", "orgId", "routes")}
    if "object_matchers" in route:
        # A reference to the environment is doubled for Grafana.
        keys["matchers"] = [
            f"{label}{operator}{json.dumps(value.replace('$$', '$'))}"
            for label, operator, value in route["object_matchers"]
        ]
    return {**keys, "routes": [as_alertmanager(child) for child in route.get("routes", [])]}


@pytest.mark.external
@pytest.mark.property
@pytest.mark.skipif(
    shutil.which("amtool") is None, reason="amtool is not here; Debian's prometheus-alertmanager has it"
)
@settings(max_examples=60)
@given(data=st.data())
def test_amtool_sends_alerts_to_the_same_contact_points(data: st.DataObject, tmp_path: Path) -> None:
    tree = named(data.draw(st.lists(policies(2), min_size=1, max_size=4)), "p")
    names = {"top", *(name for name in contact_points(tree) if name)}
    document = {
        "kind": "Notifications",
        "contact_points": {name: {"email": "a@b"} for name in names},
        "policies": {"contact_point": "top", "routes": tree},
    }
    text = yaml_bytes(document).decode()
    config = tmp_path / "alertmanager.yml"
    config.write_bytes(yaml_bytes(alertmanagers_tree(text, names)))
    for _ in range(4):
        labels = data.draw(st.dictionaries(st.sampled_from(LABELS), st.sampled_from(VALUES), min_size=1))
        command = ["amtool", "config", "routes", "test", f"--config.file={config}"]
        done = subprocess.run(
            [*command, *(f"{name}={value}" for name, value in labels.items())],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        ways = policy_routes(tree_of(text), AlertLabels(labels))
        assert all(way.is_certain for way in ways)
        assert ",".join(way.contact_point for way in ways) == done.stdout.strip(), (text, labels)

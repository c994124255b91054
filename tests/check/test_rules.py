"""Rule files of Prometheus and Loki."""

from typing import Any

import pytest

from dashgen.core.diagnostics import Severity

from .conftest import Check, expect
from .samples import PROMETHEUS_RULES, REMOVED, changed

_FILE = "rules/prometheus/service.yaml"
_A = "groups.0.rules.0"
_R = "groups.0.rules.1"

BROKEN: list[tuple[str, str, Any, str, str]] = [
    ("file key", "group", [], "rules/unknown-key", "unknown key `group` in a rule file"),
    ("group key", "groups.0.every", "1m", "rules/unknown-key", "unknown key `every` in a rule group"),
    ("rule key", f"{_A}.keepFiringFor", "1m", "rules/unknown-key", "unknown key `keepFiringFor` in a rule"),
    ("kind", f"{_A}.labels", [], "rules/wrong-type", "`labels` has to be a mapping"),
    ("no group name", "groups.0.name", REMOVED, "rules/group-name", "a group without a name"),
    ("group twice", "groups.1", {"name": "service", "rules": []}, "rules/duplicate-group",
     "`service` is in this file twice"),
    ("interval", "groups.0.interval", "1 m", "rules/duration", "`interval` is not a duration"),
    ("for", f"{_A}.for", "5min", "rules/duration", 'unknown unit "min"'),
    ("both", f"{_A}.record", "a:b", "rules/kind", "both `alert` and `record`"),
    ("neither", f"{_R}.record", REMOVED, "rules/kind", "neither `alert` nor `record`"),
    ("no query", f"{_A}.expr", REMOVED, "rules/no-query", "the rule has no query"),
    ("syntax", f"{_A}.expr", "sum(rate(x[5m]) > 1", "query/syntax", ""),
    ("metric name", f"{_R}.record", "a{b}", "rules/record", "`a{b}` is not a metric name"),
    ("for of a recording", f"{_R}.for", "5m", "rules/record", "a recording rule has no `for`"),
    ("annotations of a recording", f"{_R}.annotations", {"a": "b"}, "rules/record", "has no `annotations`"),
    ("metric name as label", f"{_R}.labels.__name__", "x", "rules/label", "`__name__`"),
    ("template", f"{_A}.annotations.summary", "{{ $value", "rules/template", "does not parse as a template"),
    ("rule twice", "groups.0.rules.2", PROMETHEUS_RULES["groups"][0]["rules"][0], "rules/duplicate",
     "exists twice"),
]  # fmt: skip


NEWER: list[tuple[str, str, Any, str, str]] = [
    ("label", f"{_A}.labels", {"a-b": "x"}, "rules/label", "`a-b` is refused by Prometheus before 3.0"),
    (
        "metric",
        f"{_R}.record",
        "a.b:rate5m",
        "rules/record",
        "`a.b:rate5m` is refused by Prometheus before 3.0",
    ),
]


@pytest.mark.parametrize(
    ("path", "value", "rule", "fragment"), [n[1:] for n in NEWER], ids=[n[0] for n in NEWER]
)
def test_names_that_only_newer_servers_take_are_warnings(
    check: Check, path: str, value: Any, rule: str, fragment: str
) -> None:
    found = expect(check({_FILE: changed(PROMETHEUS_RULES, path, value)}), rule, fragment)
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize("second", ["other.yaml", _FILE.replace("service", "second")])
def test_a_rule_that_two_files_have_is_a_warning(check: Check, second: str) -> None:
    group = {"name": "g", "rules": [{"alert": "A", "expr": "up == 0"}]}
    files = {
        f"rules/prometheus/{name}.yaml": {"groups": [group]} for name in ("a", second.rpartition("/")[2])
    }
    assert expect(check(files), "rules/duplicate", "exists twice").severity is Severity.WARNING


@pytest.mark.parametrize(
    ("path", "value", "rule", "fragment"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_one_wrong_place_is_one_error(check: Check, path: str, value: Any, rule: str, fragment: str) -> None:
    sample = changed(PROMETHEUS_RULES, path, value)
    if path == f"{_A}.record":
        sample = changed(
            changed(changed(sample, f"{_A}.for", REMOVED), f"{_A}.keep_firing_for", REMOVED),
            f"{_A}.annotations",
            REMOVED,
        )
    assert expect(check({_FILE: sample}), rule, fragment).severity is Severity.ERROR


FINE: list[tuple[str, str, Any]] = [
    ("no interval", "groups.0.interval", REMOVED),
    ("labels of a group", "groups.0.labels", {"team": "web"}),
    ("a limit", "groups.0.limit", 10),
    (
        "a template with a variable",
        f"{_A}.annotations.summary",
        '{{ with $x := printf "a" }}{{ $x }}{{ else }}none{{ end }}',
    ),
    ("braces in a text of a template", f"{_A}.annotations.summary", '{{ "{{" }}'),
]


@pytest.mark.parametrize(("path", "value"), [f[1:] for f in FINE], ids=[f[0] for f in FINE])
def test_what_prometheus_takes_is_fine(check: Check, path: str, value: Any) -> None:
    assert check({_FILE: changed(PROMETHEUS_RULES, path, value)}) == []


_LOKI = {
    "groups": [
        {
            "name": "abuse",
            "rules": [
                {"alert": "Abuse", "expr": 'sum by (user_id) (count_over_time({app="bot"} | json [1h])) > 50'}
            ],
        }
    ]
}


@pytest.mark.parametrize("path", ["rules/loki/abuse.yaml", "any/abuse.yaml"])
def test_loki_rules_are_not_read_as_promql(check: Check, path: str) -> None:
    assert check({path: _LOKI}) == []


def test_the_place_is_the_query(check: Check) -> None:
    text = "groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: rate(x[5m]))\n"
    found = expect(check({_FILE: text}), "query/syntax", "")
    assert found.location is not None
    assert str(found.location).startswith(f"{_FILE}:5:")

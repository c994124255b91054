"""The tests of alert rules, as promtool runs them.

promtool compares the labels and annotations of firing alerts literally. A spec only says when an alert fires,
so its tests ask for the series ``ALERTS`` instead, which Prometheus writes for every firing alert.
"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from dashgen.compile.outputs.artifact import Artifact
from dashgen.compile.outputs.rule_files import rule_file_path
from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.alert_rules import slug
from dashgen.model.base import as_list
from dashgen.model.settled_alerts import SettledAlert, SettledGroup, SettledRecord
from dashgen.query.query_texts import double_quoted_text
from dashgen.source.provenance import SpecPart
from dashgen.source.source import Path
from dashgen.source.yaml_text import generated_header, yaml_bytes

FOLDER = "rules/tests"
_METRIC = lazy_pattern(r"[a-zA-Z_:][a-zA-Z0-9_:]*")


class Expectation(Struct, frozen=True):
    """What one test of an alert expects at one moment.

    Attributes:
        alert: the rule.
        test: the index of the test in the rule.
        moment: a duration after the first value.
        fires: whether the alert fires then.
        path: the path of the moment below the rule.
    """

    alert: SettledAlert
    test: int
    moment: str
    fires: bool
    path: Path

    @property
    def expression(self) -> str:
        """A query that gives 1 while the alert fires, else 0; its comment makes each test unique."""
        rule = self.alert.rule
        test = rule.tests[self.test]
        static = {name: text for name, text in self.alert.labels.items() if "{{" not in text}
        labels = {"alertname": rule.alert, "alertstate": "firing", **static, **test.labels}
        selector = ", ".join(f"{name}={double_quoted_text(value)}" for name, value in labels.items())
        comment = f"{rule.alert}, test {self.test + 1}: {' '.join(test.name.split())}"
        return f"(count(ALERTS{{{selector}}}) > bool 0) or vector(0) # {comment}"


def rule_test_path(group: str) -> str:
    """Where the tests of a group go."""
    return f"{FOLDER}/{slug(group, 'group')}.yaml"


def expectations(group: SettledGroup) -> list[Expectation]:
    """Everything that the tests of a group's rules for Prometheus expect, in the order of the spec."""
    return [expectation for alert in tested_alerts(group) for expectation in alert_expectations(alert)]


def alert_expectations(alert: SettledAlert) -> list[Expectation]:
    """When the tests of an alert expect it to fire and to be silent, in the order of the spec."""
    return [
        expectation for index in range(len(alert.rule.tests)) for expectation in _expectations(alert, index)
    ]


def tested_alerts(group: SettledGroup) -> list[SettledAlert]:
    """The alerts whose tests promtool can run: those of rule files for Prometheus."""
    return [
        alert
        for alert in group.alerts
        if alert.rule.tests and "prometheus" in alert.outputs and not alert.rule.paused
    ]


def _expectations(alert: SettledAlert, index: int) -> Iterator[Expectation]:
    test = alert.rule.tests[index]
    for key, written in (("fires_at", test.fires_at), ("silent_at", test.silent_at)):
        for number, moment in enumerate(as_list(written)):
            steps: Path = (key,) if isinstance(written, str) else (key, number)
            yield Expectation(alert, index, moment, key == "fires_at", ("tests", index, *steps))


def rule_tests(groups: Sequence[SettledGroup]) -> list[Artifact]:
    """A file for ``promtool test rules`` for each group whose alerts have tests."""
    return [artifact for group in groups if (artifact := _test_file(group, groups)) is not None]


def _test_file(group: SettledGroup, groups: Sequence[SettledGroup]) -> Artifact | None:
    expected = expectations(group)
    if not expected:
        return None
    resolved = group.document.resolved
    content = yaml_bytes(test_data(group, groups, expected), generated_header([resolved.file], []))
    return Artifact(rule_test_path(group.name), content, (), (((), SpecPart(resolved)),))


def test_data(group: SettledGroup, groups: Sequence[SettledGroup], expected: Iterable[Expectation]) -> Json:
    """The data of a test file for promtool.

    Each test becomes ``{"name": …, "interval": "1m", "input_series": […], "promql_expr_test": […]}``.

    Args:
        group: the group.
        groups: all groups, some of which record metrics that the group's alerts read.
        expected: what is to be checked.
    """
    tests: dict[tuple[Path, int], Json] = {}
    for item in expected:
        rule = item.alert.rule
        test = rule.tests[item.test]
        data = tests.setdefault(
            (item.alert.placed.path, item.test),
            {
                "name": f"{rule.alert}: {test.name}",
                "interval": test.interval,
                "input_series": [{"series": name, "values": values} for name, values in test.series.items()],
                "promql_expr_test": [],
            },
        )
        sample = {"labels": "{}", "value": int(item.fires)}
        data["promql_expr_test"].append(
            {"expr": item.expression, "eval_time": item.moment, "exp_samples": [sample]}
        )
    files = [
        f"../{rule_file_path(name, 'prometheus').removeprefix('rules/')}" for name in _files(group, groups)
    ]
    return {"rule_files": files, "evaluation_interval": group.interval, "tests": list(tests.values())}


def needed_groups(group: SettledGroup, groups: Sequence[SettledGroup]) -> list[SettledGroup]:
    """The group after those that record what it reads, directly or through each other."""
    recorders: dict[str, list[SettledGroup]] = {}
    for other in groups:
        for rule in other.rules:
            if isinstance(rule, SettledRecord):
                recorders.setdefault(rule.rule.record, []).append(other)
    needed: dict[str, SettledGroup] = {}
    # Recorded metrics may be recorded from others: the groups are a graph, possibly with cycles.
    waiting = [group]
    while waiting:
        current = waiting.pop()
        if current.name in needed:
            continue
        needed[current.name] = current
        for name in sorted(_read_metrics(current) & recorders.keys()):
            waiting += recorders[name]
    return [*(needed[name] for name in sorted(needed.keys() - {group.name})), group]


def _files(group: SettledGroup, groups: Sequence[SettledGroup]) -> list[str]:
    """The groups of `needed_groups` that have a rule file for Prometheus."""
    return [
        one.name
        for one in needed_groups(group, groups)
        if any("prometheus" in rule.outputs for rule in one.rules)
    ]


def _read_metrics(group: SettledGroup) -> set[str]:
    """Every name in the group's queries that may be a metric; functions and labels among them do no harm."""
    texts = [rule.rule.query if isinstance(rule, SettledRecord) else rule.expression for rule in group.rules]
    return {name for text in texts for name in _METRIC.findall(text)}

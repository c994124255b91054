"""Compare the values of queries on the data of tests with what these expect."""

import math
from collections.abc import Mapping, Sequence

from msgspec import Struct

from dashgen.core.diagnostics.frame import clean
from dashgen.evaluate.promql.aggregations import shortest_number
from dashgen.evaluate.samples import NAME, EvaluationFailedError, Labels, UnsupportedError, Vector
from dashgen.model.alert_rules import ValueTest
from dashgen.model.duration import milliseconds
from dashgen.model.settled_alerts import SettledRecord
from dashgen.project.rule_tests.alert_runs import TestedGroup
from dashgen.project.rule_tests.case_results import TestCase, ValueResult
from dashgen.project.rule_tests.made_up_data import Evaluators, MadeUpData
from dashgen.query.promql.series_notation import series_labels
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

_MOST_SHOWN = 4


class TestedQuery(Struct, frozen=True):
    """A query with tests.

    Attributes:
        subject: its name in messages.
        kind: the type of its data source.
        text: the query.
        labels: the labels that its results get.
        records: the recording rules whose results it may read.
        interval: the milliseconds between two evaluations of these.
        evaluators: what computes queries.
    """

    __test__ = False  # pytest collects classes with this name

    subject: str
    kind: str
    text: str
    labels: Labels
    records: Sequence[SettledRecord]
    interval: int
    evaluators: Evaluators


def examine_record(record: SettledRecord, group: TestedGroup) -> ValueResult:
    """Run the tests of a recording rule."""
    query = TestedQuery(
        record.rule.record,
        record.datasource.type,
        record.rule.query.strip(),
        record.labels,
        group.records(record)[0],
        group.interval,
        group.evaluators,
    )
    report = Reporter(group.group.document.resolved, record.placed.path)
    return examine_values([(query, test, ("tests", i)) for i, test in enumerate(record.rule.tests)], report)


def examine_values(tests: Sequence[tuple[TestedQuery, ValueTest, Path]], report: Reporter) -> ValueResult:
    """Run tests of queries, each with its path below the reporter's."""
    cases, checks = [], 0
    for query, test, path in tests:
        before = len(report.diagnostics)
        try:
            last = max((milliseconds(moment) or 0 for moment in test.expect), default=0)
            data = MadeUpData(test, query.evaluators, last, query.interval)
            for moment in sorted(test.expect, key=lambda moment: milliseconds(moment) or 0):
                _compare(query, test, moment, data, report.at(path))
        except UnsupportedError as error:
            message = f"`{query.subject}` is not tested: the evaluator lacks {error}"
            report.at(path).warn("test/unsupported", message)
        failures = [one for one in report.diagnostics[before:] if one.rule != "test/unsupported"]
        cases.append(TestCase(query.subject, test.name, failures))
        checks += len(test.expect)
    return ValueResult(cases, checks, tuple(report.diagnostics))


def _compare(query: TestedQuery, test: ValueTest, moment: str, data: MadeUpData, report: Reporter) -> None:
    at = milliseconds(moment) or 0
    for tick in range(data.recorded_until, at + 1, query.interval):
        data.record(query.records, tick)
        data.recorded_until = tick + query.interval
    where = f"at {moment} in the test `{clean(test.name)}`"
    try:
        vector = data.vector(query.kind, query.text, at)
    except EvaluationFailedError as error:
        report.error(
            "test/failed", f"`{query.subject}` cannot be computed {where}: {error}", ("expect", moment)
        )
        return
    samples = [one._replace(labels={**_without_name(one.labels), **query.labels}) for one in vector]
    for problem in _problems(test.expect[moment], samples):
        report.error(
            "test/failed", f"`{query.subject}` {problem} {where}", ("expect", moment), _shown(samples)
        )


def _without_name(labels: Labels) -> Labels:
    return {name: value for name, value in labels.items() if name != NAME}


def _problems(expected: float | Mapping[str, float], samples: Vector) -> list[str]:
    if not isinstance(expected, Mapping):
        if len(samples) != 1:
            return [f"has {len(samples) or 'no'} series instead of one"]
        return _difference("", expected, samples[0].value)
    problems = []
    if len(samples) != len(expected):
        problems.append(f"has {len(samples) or 'no'} series instead of {len(expected) or 'none'}")
    for selector, value in expected.items():
        wanted = series_labels(selector)
        matches = [
            one for one in samples if all(one.labels.get(name, "") == text for name, text in wanted.items())
        ]
        if len(matches) != 1:
            problems.append(f"has {len(matches) or 'no'} series `{selector}` instead of one")
        else:
            problems += _difference(f" for `{selector}`", value, matches[0].value)
    return problems


def _difference(what: str, expected: float, actual: float) -> list[str]:
    if math.isclose(expected, actual, rel_tol=1e-6, abs_tol=1e-12) or (
        math.isnan(expected) and math.isnan(actual)
    ):
        return []
    return [f"is {_written(actual)}{what}, not {_written(expected)},"]


def _written(value: float) -> str:
    """A number without the digits that rounding makes."""
    return shortest_number(float(f"{value:.10g}"))


def _shown(samples: Vector) -> str:
    """The series of a result as a hint."""
    texts = [
        f"{{{', '.join(f'{name}={text}' for name, text in sorted(labels.items()))}}} {_written(value)}"
        for labels, value in samples[:_MOST_SHOWN]
    ]
    more = f" and {len(samples) - _MOST_SHOWN} more" if len(samples) > _MOST_SHOWN else ""
    return f"it has {'; '.join(texts)}{more}" if texts else "it has no values"

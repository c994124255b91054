"""What lint rules about variables find, and what they leave alone."""

import pytest

from dashgen.check.lint import LintQuery, LintVariable
from tests.lint.lint_dashboards import findings, link, panel, variable
from tests.lint.lint_queries import PLACE


def _asking(text: str, language: str = "prometheus", **more: object) -> LintVariable:
    one = variable(**more)
    one.query = LintQuery(place=PLACE, text=text, language=language, owner=one)
    return one


ALONE = {
    "variable/not-on-time-change": [
        _asking("label_values(x, a)", refresh="time"), _asking("SELECT 1", "mysql", refresh="load"), variable("custom"),
    ],
    "variable/hidden-without-default": [
        variable("datasource", hide="variable"), variable("constant", hide="variable"), variable("query"),
        variable("query", hide="variable", has_default=True), variable("query", hide="variable", include_all=True),
        _asking("query_result(x)", hide="variable"), variable("query", hide="label"),
    ],
    "variable/duplicate-value": [variable("custom", values=("a", "A")), variable("interval", values=("1m", "1m"))],
    "variable/single-choice": [variable("custom", values=("a",), hide="variable"), variable("custom", values=("a", "b"))],
    "variable/high-cardinality": [
        _asking("label_values(x, user)"), _asking("label_values(x, trace)"), _asking("label_names()"),
        _asking("SELECT trace_id", "mysql"), _asking("label_values(x, group_id)"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "subject"), [(rule, subject) for rule, subjects in ALONE.items() for subject in subjects]
)
def test_a_sound_variable_is_left_alone(rule: str, subject: LintVariable) -> None:
    assert findings(rule, subject) == []


@pytest.mark.parametrize(
    ("text", "multi", "count"),
    [
        ('x{a="$name"}', True, 1), ('x{a!="${name}"}', True, 1), ('x{a="[[name]]"}', True, 1),
        ('x{a="$name", b="$name"}', True, 2), ('x{a=~"$name"}', True, 0), ('x{a="$name"}', False, 0),
        ('x{a="$other"}', True, 0), ('x{a="prefix-$name"}', True, 0), ('x{a="${name:regex}"}', True, 0),
        ('x == "$name"', True, 0), ('label_replace(x, "a", "$name", "b", "c")', True, 0),
    ],
)  # fmt: skip
def test_a_variable_of_several_values_needs_a_regular_expression(text: str, multi: bool, count: int) -> None:
    one = panel("Example", text)
    one.dashboard.variables = [variable(multi=multi)]
    assert len(findings("variable/multi-equals", one.queries[0])) == count


def test_a_repeated_panel_has_one_value_in_each_copy() -> None:
    one = panel("Example", 'x{a="$name"}', repeat="name")
    one.dashboard.variables = [variable(multi=True)]
    assert findings("variable/multi-equals", one.queries[0]) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('{a="b"} |~ "(?i)$name"', 1), ('{a="b"} |~ `${name}`', 1), ('{a=~".*$name.*"}', 1),
        ('{a="b"} |= "$name"', 0), ('{a="b"} |~ `${name:regex}`', 0), ('{a="$name"}', 0), ('{a="b"} |~ "$other"', 0),
    ],
)  # fmt: skip
def test_a_text_box_is_quoted_in_a_regular_expression(text: str, count: int) -> None:
    one = panel()
    one.queries = [LintQuery(place=PLACE, text=text, language="loki", owner=one)]
    one.dashboard.variables = [variable("textbox")]
    assert len(findings("variable/unquoted-text", one.queries[0])) == count


def test_a_hidden_variable_may_be_there_for_links() -> None:
    one = variable("custom", hide="variable")
    assert findings("variable/unused", one) == ["nothing on the dashboard uses the variable `name`"]
    one.dashboard.links = [link("/d/x")]
    assert findings("variable/unused", one) == []
    assert findings("variable/unused", variable("adhoc")) == []


@pytest.mark.parametrize(
    "text",
    [
        'x{instance="127.0.0.1:9090"}',
        'x{instance=~"$instance"}',
        'x{instance="web-1"}',
        'x{version="10.1.2.3"}',
    ],
)
def test_a_query_without_the_address_of_a_machine_is_left_alone(text: str) -> None:
    assert findings("variable/no-instance", panel("Example", text).queries[0]) == []


@pytest.mark.parametrize(
    "text", ['x{instance="10.1.2.3:9100"}', r'x{a="b", instance=~"10\\.1\\.2\\.3:9100"}']
)
def test_the_address_of_a_machine_is_found(text: str) -> None:
    assert len(findings("variable/no-instance", panel("Example", text).queries[0])) == 1

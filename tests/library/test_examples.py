"""Every shipped component is described, and works as each of its examples uses it."""

from pathlib import Path

import pytest

from dashgen.evaluate.curves import sample_times
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql
from dashgen.project.inspection import inspect_project
from dashgen.project.library_project import NOW, library_examples, sample_data
from dashgen.project.rule_tests.made_up_data import QueryTimes, interpolated
from dashgen.source.shipped_components import library_names, library_text
from tests.conftest import Promtool
from tests.library.example_projects import ShippedExample, component_of, shipped_examples
from tests.project.project import run

EXAMPLES = shipped_examples()
every_example = pytest.mark.parametrize("shipped", EXAMPLES, ids=str)


@pytest.mark.parametrize("name", library_names())
def test_a_component_says_what_it_is_for_and_what_each_parameter_is(name: str) -> None:
    component = component_of(name)
    first, _, rest = component.description.strip().partition("\n")
    assert first.endswith(".")
    assert len(first) <= 110
    assert len(rest.strip()) > 100
    assert [key for key, one in component.parameters.items() if not one.description] == []
    assert library_examples(component)
    assert max(map(len, library_text(name).splitlines())) <= 140


@every_example
def test_an_example_builds_without_a_finding(shipped: ShippedExample, tmp_path: Path) -> None:
    root = str(shipped.project(tmp_path))
    for words in (("build",), ("validate", "--strict"), ("lint", "--preset", "strict")):
        finished = run(*words, "-C", root)
        assert (finished.code, finished.err, "error" in finished.out) == (0, "", False), finished.out


@every_example
def test_the_rules_of_an_example_pass_their_tests(shipped: ShippedExample, tmp_path: Path) -> None:
    root = shipped.project(tmp_path)
    finished = run("test", "-C", str(root))
    assert finished.code == 0, finished.err + finished.out
    alerts = [alert for group in inspect_project(root).groups for alert in group.alerts]
    assert [one.rule.alert for one in alerts if not one.rule.tests] == []


@pytest.mark.external
@every_example
def test_promtool_accepts_the_rules_of_an_example(
    shipped: ShippedExample, tmp_path: Path, promtool: Promtool
) -> None:
    root = shipped.project(tmp_path)
    run("build", "-C", str(root))
    for file in sorted((root / "generated/rules/prometheus").glob("*.yaml")):
        checked = promtool(root, "check", "rules", str(file))
        assert checked.returncode == 0, checked.stdout + checked.stderr
    for file in sorted((root / "generated/rules/tests").glob("*.yaml")):
        tested = promtool(file.parent, "test", "rules", file.name)
        assert tested.returncode == 0, tested.stdout + tested.stderr


@every_example
def test_every_query_of_an_example_has_data_and_warns_of_nothing(
    shipped: ShippedExample, tmp_path: Path
) -> None:
    inspection = shipped.inspection(tmp_path)
    data = sample_data(shipped.example, inspection.groups)
    assert data.failures == {}
    wrong = []
    for panel in (one for row in inspection.dashboards[0].settled.rows for one in row.panels):
        for query in panel.queries:
            if query.datasource.type != "prometheus" or query.query.is_expression:
                continue
            times = QueryTimes(*sample_times(shipped.example.sample, NOW))
            written = query.sent if query.warning is not None else query.query.query
            text = interpolated(written, times, shipped.example.variables, times.step)
            if (evaluate_promql(text, data.store, NOW) == []) is (query.warning is None):
                wrong.append(f"{panel.key}: {text}")
    assert wrong == []

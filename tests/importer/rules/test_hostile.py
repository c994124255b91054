"""Whatever a file of rules holds, import ends with specs that load or with a sentence."""

import copy
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.cli.documents.import_document import import_document
from dashgen.core.diagnostics import Diagnostic
from dashgen.importer.exported_inputs import ImportInput, parse, read_file
from dashgen.importer.import_dashboard import Importer
from dashgen.importer.import_files import ImportedFile, import_input
from dashgen.importer.import_summary import details, headline, urgent
from dashgen.importer.rules.rule_document import ImportedRules
from tests.importer.rules.support import computed, over_time, query, reduced, rule, threshold
from tests.importer.support import importer_for, small_project
from tests.importer.test_hostile import JUNK, _spoilt

FILES: list[dict[str, Any]] = [
    {
        "apiVersion": 1,
        "groups": [
            {
                "name": "g", "folder": "F", "interval": "1m",
                "rules": [
                    rule(query("a"), reduced("A"), threshold("B", "gt", 5), labels={"a": "b"}, annotations={"summary": "{{ $values.B }}"}),
                    rule(over_time("a"), query("b", "B"), computed("C", "math", "$A > 1 && $B > 2"), uid="b", title="B"),
                    {"uid": "r", "title": "x:y", "record": {"metric": "x:y", "from": "A"}, "data": [query("a")]},
                ],
            }
        ],
        "contactPoints": [{"name": "ops", "receivers": [{"type": "slack", "uid": "u", "settings": {"url": "x", "mentionUsers": "a,b"}}]}],
        "policies": [{"receiver": "ops", "routes": [{"object_matchers": [["a", "=", "b"]]}]}],
        "muteTimes": [{"name": "m", "time_intervals": [{"weekdays": ["monday"], "times": [{"start_time": "1:00", "end_time": "2:00"}]}]}],
        "templates": [{"name": "t", "template": "{{ define `t` }}{{ end }}"}],
    },
    {
        "groups": [
            {
                "name": "g", "interval": "1m",
                "rules": [
                    {"alert": "X", "expr": "a > 1", "for": "5m", "labels": {"severity": "page"}, "annotations": {"summary": "x"}},
                    {"record": "a:b", "expr": "sum(a)", "labels": {"x": "y"}},
                ],
            }
        ]
    },
]  # fmt: skip


@pytest.fixture(scope="module")
def importer(tmp_path_factory: pytest.TempPathFactory) -> Importer:
    return importer_for(small_project(tmp_path_factory.mktemp("project")))


@pytest.mark.property
@settings(max_examples=60)
@given(st.sampled_from(FILES), st.lists(st.tuples(st.integers(0, 100_000), JUNK), min_size=1, max_size=10))
def test_spoilt_rules_become_specs_that_load(
    importer: Importer, data: dict[str, Any], changes: list[Any]
) -> None:
    # Through JSON, because a spoilt mapping may have got a number for a key.
    spoilt = orjson.loads(
        orjson.dumps(_spoilt(copy.deepcopy(data), copy.deepcopy(changes)), option=orjson.OPT_NON_STR_KEYS)
    )
    for result in import_input(ImportInput("x.yaml", spoilt, 5), importer):
        if isinstance(result, ImportedRules):
            assert result.differences == []
            assert headline("x", result)
            assert all(
                "\x00" not in line
                for line in [
                    *urgent(result),
                    *details(result),
                    str(import_document([("x", result)], None, [])),
                ]
            )


def test_rules_nested_without_end_are_refused(importer: Importer) -> None:
    deep: Any = 1
    for _ in range(300):
        deep = {"a": [deep]}
    (result,) = import_input(ImportInput("x", {"groups": [{"rules": [{"expr": deep}]}]}, 1), importer)
    assert isinstance(result, Diagnostic)


def test_aliases_that_multiply_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    result = parse("x.yaml", "\n".join(lines).encode())
    assert isinstance(result, Diagnostic)


def test_steering_characters_do_not_reach_the_terminal(importer: Importer) -> None:
    odd = {"alert": "\x1b[31mred", "expr": "a > 1", "annotations": {"summary": "\x1b]0;x\x07"}, "\x1b[2J": 1}
    (result,) = import_input(
        ImportInput("\x1b[31mx", {"groups": [{"name": "g", "rules": [odd]}]}, 1), importer
    )
    assert isinstance(result, ImportedRules)
    shown = [
        headline("\x1b[31mx", result),
        *urgent(result),
        *details(result),
        result.text,
        str(import_document([("x", result)], None, [])),
    ]
    assert all("\x1b" not in line for line in shown)


@pytest.mark.parametrize(
    ("content", "rule_name"),
    [
        (b"groups: [", "yaml/syntax"),
        (b"a: 1\na: 2\n", "yaml/duplicate-key"),
        (b"just text", "import/json"),
        (b"{", "import/json"),
    ],
)
def test_what_is_not_a_file_of_anything_is_reported(tmp_path: Path, content: bytes, rule_name: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    result = read_file(path)
    assert isinstance(result, Diagnostic)
    assert result.rule.split("/")[0] == rule_name.split("/", maxsplit=1)[0]


def test_a_program_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "board.dashboard.py"
    path.write_text("raise SystemExit")
    result = read_file(path)
    assert isinstance(result, Diagnostic)
    assert "generate-dashboard" in result.hint


def test_a_list_of_dashboards_is_several(importer: Importer) -> None:
    boards = [{"uid": f"b{n}", "title": "X", "schemaVersion": 42, "panels": []} for n in range(3)]
    result = list(import_input(ImportInput("x.json", {"items": boards}, 30), importer))
    assert [one.name for one in result if isinstance(one, ImportedFile)] == ["b0.yaml", "b1.yaml", "b2.yaml"]
    assert list(import_input(ImportInput("x.json", orjson.loads(orjson.dumps(boards)), 30), importer))

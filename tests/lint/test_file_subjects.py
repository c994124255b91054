"""Where findings in dashboards of others are, and which files are no dashboards."""

import json
from pathlib import Path

import pytest

from dashgen.check.lint.file_subjects import read_foreign
from dashgen.check.lint.lint_rule import Preset
from dashgen.check.lint.rule_registry import own_rules
from dashgen.check.lint.run_rules import RuleRunner, RuleSelection

OLD = {
    "title": "Old",
    "rows": [
        {"title": "Hidden", "showTitle": False, "panels": [{"type": "text", "title": "T", "content": "x"}]},
        {"title": "Shown", "showTitle": True, "panels": []},
    ],
}
LATENCY = "histogram_quantile(0.9, sum by (le) (rate(x_bucket[$__rate_interval])))"
NEW = {
    "title": "New",
    "panels": [
        {"type": "row", "title": "First", "panels": []},
        {"type": "row", "title": "Second", "panels": []},
        {
            "type": "timeseries",
            "title": 'A "quoted" Ünit',
            "datasource": {"type": "prometheus", "uid": "${source}"},
            "targets": [
                {"expr": 'x{a="ü €",\n b=~"b"}\n', "legendFormat": "x"},
                {"expr": LATENCY, "legendFormat": "p50"},
            ],
        },
    ],
}
TEMPLATE = {
    "title": "T",
    "rows": [{"class": "row", "title": "A", "rows": [{"class": "row", "panels": [{"class": "ops_panel"}]}]}],
}


def places(folder: Path, text: str) -> dict[str, str]:
    """The positions of findings, by their rules."""
    (folder / "board.json").write_text(text)
    tree = read_foreign([folder / "board.json"], lambda path: path.name)
    selection = RuleSelection([*own_rules().values()], tree.project.settings, Preset.COMMUNITY)
    runner = RuleRunner(tree.project, selection)
    found = [one.diagnostic for board in tree.dashboards() for one in runner.dashboard(board)]
    return {one.rule: str(one.location) for one in found}


def _position(text: str, part: str) -> str:
    at = text.index(part)
    return f"board.json:{text.count(chr(10), 0, at) + 1}:{at - text.rfind(chr(10), 0, at)}"


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("indent", [None, 1, 2])
def test_a_character_of_a_query_is_found_behind_what_json_escapes(
    tmp_path: Path, ascii_only: bool, indent: int | None
) -> None:
    text = json.dumps(NEW, ensure_ascii=ascii_only, indent=indent)
    located = places(tmp_path, text)
    assert located["query/needless-regex"] == _position(text, r"=~\"b")
    assert located["panel/title-quantile"] == _position(text, '"p50"')


@pytest.mark.parametrize(("board", "title"), [(OLD, "Shown"), (NEW, "First")])
def test_a_row_without_panels_is_found_at_its_line(tmp_path: Path, board: object, title: str) -> None:
    text = json.dumps(board, indent=2)
    line = _position(text, f'"{title}"').split(":")[1]
    assert int(places(tmp_path, text)["row/empty"].split(":")[1]) in (int(line), int(line) - 1, int(line) - 2)


def test_a_template_of_another_program_is_no_dashboard(tmp_path: Path) -> None:
    assert places(tmp_path, json.dumps(TEMPLATE)) == {}
    assert places(tmp_path, json.dumps({"title": "T", "panels": [{"title": "A"}, {"title": "A"}]})) == {}

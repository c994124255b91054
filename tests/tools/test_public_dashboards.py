"""The tool that imports public dashboards reads how each command ended."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tools import public_dashboards
from tests.tools.public_dashboards import examine, run

DASHBOARD = {
    "title": "Shop",
    "panels": [
        {
            "id": 1, "type": "timeseries", "title": "Up", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
            "datasource": {"type": "prometheus", "uid": "prometheus"},
            "targets": [{"refId": "A", "expr": "up", "datasource": {"type": "prometheus", "uid": "prometheus"}}],
        }
    ],
}  # fmt: skip


def _board(folder: Path, data: object = DASHBOARD) -> Path:
    path = folder / "board.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--version"], 0),
        (["--help"], 0),
        (["import", "nowhere.json"], 1),
        (["build", "-C", "nowhere"], 2),
        (["no-such-command"], 2),
        (["build", "--no-such-option"], 2),
    ],
)
def test_the_exit_code_is_that_of_the_command(
    words: list[str], code: int, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*words)[0] == code


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (SystemExit(3), 3),
        (SystemExit(None), 0),
        (SystemExit("a message"), 1),
        (RuntimeError("a fault"), 99),
    ],
)
def test_a_command_that_ends_otherwise_is_read_too(
    ending: BaseException, code: int, monkeypatch: Any
) -> None:
    def main() -> None:
        raise ending

    monkeypatch.setattr("dashgen.cli.app.main", main)
    assert run("import")[0] == code


def test_a_sound_dashboard_fails_nowhere_and_loses_nothing(tmp_path: Path) -> None:
    outcome = examine(_board(tmp_path))
    assert (outcome.failure, outcome.faults) == ("", [])
    assert outcome.leaves == 7
    assert "up" in outcome.spec


def test_what_is_no_dashboard_fails_in_import(tmp_path: Path) -> None:
    assert examine(_board(tmp_path, {"a": 1})).failure.startswith("import ends with 1")


@pytest.mark.parametrize(
    ("command", "failure"), [("import", "import ends with 1: no"), ("build", "build ends with 1")]
)
def test_a_command_that_fails_is_a_failure_whatever_it_wrote(
    command: str, failure: str, tmp_path: Path, monkeypatch: Any
) -> None:
    def failing(*words: str) -> tuple[int, str]:
        code, text = run(*words)
        return (1, "no") if words[0] == command else (code, text)

    monkeypatch.setattr(public_dashboards, "run", failing)
    assert examine(_board(tmp_path)).failure.startswith(failure)


def test_a_value_that_the_build_loses_is_a_fault(tmp_path: Path, monkeypatch: Any) -> None:
    def losing(*words: str) -> tuple[int, str]:
        ended = run(*words)
        for path in Path(words[-1]).glob("generated/dashboards/**/*.json"):
            path.write_text(path.read_text(encoding="utf-8").replace('"up"', '"down"'), encoding="utf-8")
        return ended

    monkeypatch.setattr(public_dashboards, "run", losing)
    assert examine(_board(tmp_path)).faults == ["target(prometheus).expr = 'up' → 'down'"]

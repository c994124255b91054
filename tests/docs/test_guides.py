"""What tables and sentences of the guides say holds, beside their examples."""

import re
from pathlib import Path

import pytest

from tests.cli.transcript import run_command
from tests.docs.examples import ROOT
from tests.docs.promises import ALERT, panel, project

ALERTS = (ROOT / "docs/alerts.md").read_text(encoding="utf-8")
CONDITIONS = [
    condition
    for row in re.findall(r"^\| (`(?:above|below|equals|between|absent|present).*?) \|", ALERTS, re.MULTILINE)
    for condition in re.findall(r"`([^`]+)`", row)
]
NUMBERS = re.findall(r"`([^`]+)`", ALERTS.partition("Numbers may have a unit: ")[2].partition(". ")[0])


def test_the_guide_names_all_conditions() -> None:
    assert {condition.split()[0] for condition in CONDITIONS} == {
        "above", "at", "below", "equals", "between", "outside", "absent", "present",
    }  # fmt: skip
    assert len(NUMBERS) > 4


@pytest.mark.parametrize("condition", [*CONDITIONS, *(f"above {number}" for number in NUMBERS)])
def test_a_condition_of_the_guide_builds(condition: str, tmp_path: Path) -> None:
    alert = (
        ALERT.replace("when: above 5", f"when: {condition}")
        .partition("    tests:")[0]
        .replace("    panel: d/queue\n", "")
    )
    ended = run_command(
        ["build"], project(tmp_path, a=alert, d=panel("title: Queue\nquery: sum(queue_depth)")), {}
    )
    assert (ended.code, "error" in ended.stderr) == (0, False), ended.stderr

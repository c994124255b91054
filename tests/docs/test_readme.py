"""The README's first screen: the picture is that of the YAML beside it, and its numbers are those that were measured."""

import re
import struct
from pathlib import Path

import pytest

from tests.cli.transcript import run_command
from tests.docs.examples import ROOT, blocks
from tests.docs.promises import README
from tests.tools.readme_pictures import DASHBOARD_SIZE, EXAMPLE_SIZE, MOST_BYTES, example, picture

PERFORMANCE = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
MEASURED = {
    "1.07 times": "1000 dashboards, cold, all checks / grafanalib's `generate-dashboards`",
    "0.017 of that": "1000 dashboards, nothing changed / cold",
    "0.12 when one spec": "1000 dashboards, one spec changed / cold",
    "0.058 of the time": "`push` of 1000 unchanged dashboards, Grafana 12 / serial requests",
}
"""Words of the README, and the line of docs/performance.md that they round."""
NOISE = 1.25
"""Two runs of the benchmark differ by less."""


def test_the_picture_is_that_of_twelve_lines_that_have_no_finding(tmp_path: Path) -> None:
    path, text = example()
    assert len(text.splitlines()) <= 12
    assert run_command(["init", "."], tmp_path, {}).code == 0
    (tmp_path / path).write_text(text, encoding="utf-8")
    for words in (
        ["build"],
        ["validate", "--strict"],
        ["lint", "--fail-on", "info"],
        ["preview", "checkout"],
    ):
        result = run_command(words, tmp_path, {})
        assert result.code == 0, result.stdout + result.stderr
    before = README.partition("docs/images/preview-light.png")[0]
    assert text in before
    assert before.count("\n") < 40


@pytest.mark.parametrize(
    ("name", "size", "page"),
    [
        ("preview", EXAMPLE_SIZE, "README.md"),
        ("mission-control", DASHBOARD_SIZE, "README.md"),
        ("mission-control", DASHBOARD_SIZE, "docs/preview.md"),
    ],
)
def test_there_is_a_picture_for_each_theme(name: str, size: tuple[int, int], page: str) -> None:
    pictures = [picture(name, theme).read_bytes() for theme in ("dark", "light")]
    assert pictures[0] != pictures[1]
    for content in pictures:
        assert len(content) <= MOST_BYTES
        assert struct.unpack(">II", content[16:24]) == size
    images = "docs/images" if page == "README.md" else "images"
    text = (ROOT / page).read_text(encoding="utf-8")
    assert f'media="(prefers-color-scheme: dark)" srcset="{images}/{name}-dark.png"' in text
    assert f'src="{images}/{name}-light.png"' in text


def test_numbers_are_those_of_the_benchmark() -> None:
    for words, line in MEASURED.items():
        match = re.search(rf"^\| {re.escape(line)} \| ([0-9.]+) \|", PERFORMANCE, re.MULTILINE)
        assert match, line
        assert words in " ".join(README.split()), words
        said = float(words.split()[0])
        assert said / NOISE <= float(match[1]) <= said * NOISE, (words, match[1])


def test_commands_that_tools_call_stand_as_they_are() -> None:
    commands = {block.text.strip() for block in blocks(README) if block.language == "sh"}
    assert {".ci/setup && .venv/bin/dashgen build", ".ci/setup && .venv/bin/nox -s tests"} <= commands


def test_it_can_be_tried_without_a_clone() -> None:
    assert "uvx --from git+https://github.com/YOUR-ORG/dashgen dashgen init my-dashboards" in README
    assert "pipx install git+https://github.com/YOUR-ORG/dashgen" in README
    assert README.index("uvx --from") < README.index(
        "git clone" if "git clone" in README else "## Who does what"
    )

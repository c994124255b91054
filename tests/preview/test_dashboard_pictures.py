"""The pictures of the project's dashboards are current, and every panel in them shows something."""

from pathlib import Path

import pytest

from dashgen.preview.__main__ import FOLDER, dashboard_pictures, main
from tests.drawing.picture_support import texts

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in (ROOT / "generated/dashboards").rglob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_of_a_dashboard_is_current(name):
    ((path, picture),) = dashboard_pictures(ROOT, [name])
    assert path == ROOT / FOLDER / f"{name}.svg"
    assert path.is_file(), "run `python -m dashgen.preview`"
    assert path.read_text("utf-8") == picture, "run `python -m dashgen.preview`"
    assert not {"No data", "Invalid date", "undefined"} & set(texts(picture))


def test_check_finds_a_picture_that_is_old(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "dashgen.preview.__main__.dashboard_pictures",
        lambda _root, _names: iter([(FOLDER / "a.svg", "<svg/>\n"), (FOLDER / "b.svg", "<svg/>\n")]),
    )
    assert main([]) == 0
    assert main(["--check"]) == 0
    (FOLDER / "b.svg").write_text("old")
    assert main(["--check"]) == 1
    assert capsys.readouterr().out.endswith("b.svg is not current: run `python -m dashgen.preview`\n")

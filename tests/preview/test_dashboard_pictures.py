"""Every panel in the committed pictures of the project's dashboards shows something."""

from pathlib import Path

import pytest

from dashgen.preview.dashboard_pictures import dashboard_picture
from dashgen.preview.preview_subject import project_subject
from dashgen.preview.sources.sample_source import sample_source
from tests.drawing.picture_support import texts

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in (ROOT / "generated/dashboards").rglob("*.json"))


@pytest.fixture(scope="module")
def subject():
    return project_subject(ROOT, None)


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_of_a_dashboard_is_current(subject, name):
    (dashboard,) = (one for one in subject.dashboards if one.uid == name)
    picture = dashboard_picture(dashboard.data, sample_source(subject.inspection))
    committed = ROOT / "docs/images" / f"{name}.svg"
    assert committed.is_file(), "run `dashgen preview --update`"
    assert committed.read_text("utf-8") == f"{picture}\n", "run `dashgen preview --update`"
    assert not {"No data", "Invalid date", "undefined"} & set(texts(picture))

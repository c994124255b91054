"""Edits of the project's own dashboards come back as patches that one would merge; they are in `patches/ui`."""

from pathlib import Path

import pytest

from tests.golden import check
from tests.pull.support import Pulled, open_specs
from tests.pull.ui_edits import EDITS

ROOT = Path(__file__).parents[2]
PATCHES = Path(__file__).parent / "patches" / "ui"
FILES = {str(path.relative_to(ROOT)): path.read_text() for path in sorted(ROOT.glob("specs/**/*.yaml"))}
FILES["dashgen.yaml"] = (ROOT / "dashgen.yaml").read_text()
CASES = [(uid, edit) for uid, edits in EDITS.items() for edit in edits]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return open_specs(tmp_path_factory.mktemp("specs"), FILES, sources="")


@pytest.mark.parametrize(("uid", "edit"), CASES, ids=[f"{uid}-{edit.__name__}" for uid, edit in CASES])
def test_an_edit_comes_back_as_a_patch_that_one_would_merge(uid, edit, project):
    result = Pulled(project, uid, edit)
    assert not result.rest
    assert result.lost_comments == []
    check(PATCHES / uid / f"{edit.__name__}.patch", result.text)

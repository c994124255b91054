"""Edits of dashboards: their own words, variables, annotations, links, and panels and rows that come, go and move.

The patches are in `patches/dashboard`.
"""

from pathlib import Path

import pytest

from tests.golden import check
from tests.pull.dashboards import DASHBOARD, FILES
from tests.pull.support import Pulled, open_specs

PATCHES = Path(__file__).parent / "patches"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return open_specs(tmp_path_factory.mktemp("specs"), FILES)


@pytest.mark.parametrize("name", DASHBOARD)
def test_an_edit_of_a_dashboard_comes_back(name, project):
    result = Pulled(project, "shop", DASHBOARD[name])
    lost = "".join(f"! lost {comment}\n" for comment in result.lost_comments)
    rest = "".join(f"! {scope}: {sorted(paths, key=str)}\n" for scope, paths in result.rest.items())
    check(PATCHES / "dashboard" / f"{name}.patch", result.text + rest + lost)
    assert not result.rest

"""The output is byte for byte what it was: a build that was recorded once, of many kinds of panels.

Below `recorded/` are specs of dashboards as people make them: imported, of old and new versions, with most types of panels,
folded as the importer folds. Their titles, series and labels were replaced by plain words. Beside them are the hashes of all
files that were built of them, as ``sha256sum`` prints them.
"""

import shutil
from hashlib import sha256
from pathlib import Path

from dashgen.project.build import BuildOptions, build
from tests import golden
from tests.project.project import contents

RECORDED = Path(__file__).parent / "recorded"
PROJECT = Path(__file__).parents[2]


def test_the_recorded_dashboards_build_to_the_same_bytes(tmp_path: Path) -> None:
    shutil.copytree(RECORDED, tmp_path, dirs_exist_ok=True)
    report = build(BuildOptions(tmp_path))
    assert not report.failed
    lines = [f"{sha256(content).hexdigest()}  {path}\n" for path, content in contents(report.output)]
    assert len(lines) > 35
    golden.check(RECORDED / "hashes.txt", "".join(lines))


def test_the_project_s_own_specs_build_to_the_same_bytes() -> None:
    report = build(BuildOptions(PROJECT, check=True, use_cache=False))
    assert len(report.records) > 10
    assert not report.differs

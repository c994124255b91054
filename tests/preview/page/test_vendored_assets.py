"""What the page has of others: uPlot, in its version, with its licence, unchanged; and all of it is in the wheel."""

import hashlib
import subprocess
import sys
import zipfile

import pytest

from dashgen.preview.page.page_assets import page_assets
from tests.stack.files import ROOT

PAGE = ROOT / "dashgen/preview/page"
UPLOT = PAGE / "assets/vendor/uplot-1.6.32"
HASHES = {
    # sha256 of the files of https://registry.npmjs.org/uplot/-/uplot-1.6.32.tgz, below dist/
    "uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
    "LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
}


def test_uplot_is_as_it_was_published():
    files = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in UPLOT.iterdir()}
    assert files == HASHES


def test_uplot_has_the_version_of_its_folder_and_its_licence():
    assert "uPlot (v1.6.32)" in (UPLOT / "uPlot.iife.min.js").read_text("utf-8")[:400]
    licence = (UPLOT / "LICENSE").read_text("utf-8")
    assert licence.startswith("The MIT License (MIT)")
    assert "Leon Sorokin" in licence


def test_the_page_has_every_asset_the_vendored_first():
    assets = page_assets()
    own = sorted(file.name for file in (PAGE / "assets").glob("*.js"))
    assert len(assets.scripts) == len(own) + 1
    assert "uPlot" in assets.scripts[0]
    for file in (PAGE / "assets").glob("*.css"):
        assert file.read_text("utf-8").strip() in assets.style


@pytest.mark.parametrize("script", sorted((PAGE / "assets").glob("*.js")), ids=lambda path: path.name)
def test_a_script_is_strict_and_runs_nothing_that_it_is_given(script):
    text = script.read_text("utf-8")
    assert '"use strict";' in text
    for means in ("eval(", "new Function", "document.write", "outerHTML =", "insertAdjacentHTML", "</script"):
        assert means not in text


def test_the_wheel_has_all_of_them(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    wanted = {path.relative_to(ROOT).as_posix() for path in PAGE.rglob("*") if path.is_file()}
    wanted = {path for path in wanted if "__pycache__" not in path}
    assert wanted - packed == set()
    assert wanted >= {(UPLOT / name).relative_to(ROOT).as_posix() for name in HASHES}

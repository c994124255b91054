"""`dashgen preview` from the command line: which dashboards are meant, and what is refused in whole sentences."""

import json

import pytest

from dashgen.cli.scaffold import write_project
from tests.cli.transcript import run_command

EMPTY = json.dumps({"schemaVersion": 42, "uid": "zero", "title": "Zero", "panels": []})


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    write_project(folder)
    (folder / "zero.json").write_text(EMPTY)
    return folder


def preview(folder, *words):
    return run_command(["preview", *words], folder, {})


@pytest.mark.parametrize(
    "name", ["specs/dashboards/shop.yaml", "specs/dashboards", "specs", ".", "dashgen.yaml"]
)
def test_a_spec_a_folder_of_specs_or_the_project_stands_for_the_dashboards_in_it(shop, name):
    assert preview(shop, "shop", "--out", "by-uid.html").code == 0
    assert preview(shop, name).code == 0
    assert (shop / "preview.html").read_bytes() == (shop / "by-uid.html").read_bytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["specs/alerts.yaml"],
            "no dashboard is in `specs/alerts.yaml`; `dashgen list dashboard` lists where they are",
        ),
        (
            ["zero.json", "shop"],
            "dashboards of the project and files are previewed apart; name only one kind of them",
        ),
        (
            ["zero.json", "specs"],
            "dashboards of the project and files are previewed apart; name only one kind of them",
        ),
        (["--range", "0h"], "the time range `0h` does not end after it begins; write its earlier time first"),
        (
            ["--range", "now-6h..now-7h"],
            "the time range `now-6h..now-7h` does not end after it begins; write its earlier time first",
        ),
        (
            ["--range", "99999999999h"],
            "`99999999999h` is no time range; write for example `24h`, or `now-7d..now-1d`",
        ),
        (["--var", "methd=GET"], "no dashboard has a variable `methd`; did you mean `method`?"),
        (
            ["zero.json", "--var", "a=b"],
            "no dashboard has a variable `a`; the dashboards have other variables, or none",
        ),
        (["--out", "dashgen.yaml/page.html"], "`dashgen.yaml` is a file; name a folder"),
        (
            ["--out", "-"],
            "the page is a file, and the terminal shows none; name it, such as `--out preview.html`",
        ),
        (["--svg", "dashgen.yaml"], "`dashgen.yaml` is a file; name a folder for the pictures"),
        (["--serve", "--check"], "`--serve` and `--check` do different things; run them one after the other"),
        (
            ["--serve", "--svg", "a"],
            "`--serve` and `--svg` and `--png` do different things; run them one after the other",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(shop, words, message):
    result = preview(shop, *words)
    assert (result.code, result.stderr) == (2, f"dashgen: {message}\n")


def test_a_page_is_written_into_folders_that_are_not_there_yet(shop):
    assert preview(shop, "--out", "build/pages/all.html").code == 0
    assert (shop / "build/pages/all.html").is_file()


def test_an_unknown_environment_writes_no_page(shop):
    result = preview(shop, "--env", "prd", "--out", "prd.html")
    assert (result.code, result.stdout) == (1, "")
    assert "there is no environment `prd`" in result.stderr
    assert not (shop / "prd.html").exists()


def test_panels_in_the_future_have_no_samples_and_no_error(shop):
    result = preview(shop, "--range", "now..now+6h")
    assert (result.code, result.stderr) == (0, "")


def test_the_terminal_tells_why_panels_have_no_result(shop):
    result = preview(shop, "--loki", "http://127.0.0.1:1")
    assert result.code == 0
    assert result.stderr == (
        "6 panels have no result: No Prometheus is named for this panel. "
        "Give its address with `--prometheus URL`.\n"
    )


def test_a_damaged_picture_is_a_difference_with_its_name_and_hides_no_other(shop):
    assert preview(shop, "--update", "--pictures", "looks").code == 0
    for damaged in (b"x\n", b"\xff\xfe", b""):
        (shop / "looks/shop.svg").write_bytes(damaged)
        result = preview(shop, "--check", "--pictures", "looks")
        assert result.code == 1
        assert result.stdout.startswith("looks/shop.svg: it is no picture of dashgen's: ")
        assert "run `dashgen preview --update --pictures looks`" in result.stderr
    assert preview(shop, "--update", "--pictures", "looks").code == 0
    assert preview(shop, "--check", "--pictures", "looks").stdout == "1 picture looks as committed\n"

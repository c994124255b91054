"""Whatever a file holds, import ends with a spec that builds or with a sentence."""

import copy

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.core.diagnostics import Diagnostic
from dashgen.importer.import_files import ImportedFile, import_file
from tests.importer.support import ROOT, dashboard, imported, importer_for, rebuilt, small_project

OWN = [
    orjson.loads(path.read_bytes()) for path in sorted((ROOT / "generated" / "dashboards").rglob("*.json"))
]
JUNK = st.sampled_from(
    [
        None,
        0,
        -1,
        3.5,
        True,
        "",
        [],
        {},
        "x",
        [None],
        [{}],
        {"a": None},
        "../../x",
        "\x00\u2028💥",
        "${{ x }}",
        "null",
        1e300,
        [[1]],
    ]
)
UP = {
    "type": "stat",
    "title": "Up",
    "targets": [{"refId": "A", "expr": "up"}],
    "gridPos": {"x": 0, "y": 0, "w": 24, "h": 8},
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    return small_project(folder), importer_for(folder)


def _paths(value, path=()):
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from _paths(part, (*path, key))


def _spoilt(data, changes):
    paths = list(_paths(data))[1:]
    for step, value in changes:
        *above, last = paths[step % len(paths)]
        place = data
        try:
            for key in above:
                place = place[key]
            place[last] = copy.deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue
    return data


@pytest.mark.property
@settings(max_examples=60)
@given(
    st.integers(0, len(OWN) - 1), st.lists(st.tuples(st.integers(0, 100_000), JUNK), min_size=1, max_size=12)
)
def test_spoilt_dashboards_become_specs_that_build_to_what_is_left_of_them(project, number, changes):
    folder, importer = project
    path = folder / "spoilt.json"
    spoilt = _spoilt(copy.deepcopy(OWN[number]), changes)
    path.write_bytes(orjson.dumps(spoilt, option=orjson.OPT_NON_STR_KEYS))
    result = import_file(path, importer)
    if isinstance(result, Diagnostic):
        assert result.rule == "import/dashboard"
        return
    assert result.imported.differences == []
    assert result.imported.problems == []


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "import/json"),
        (b"kind: Dashboard\n", "import/spec"),
        (b"\xff\xfe", "file/encoding"),
        (b"[]", "import/dashboard"),
        (b"null", "import/dashboard"),
        (b'{"panels": {}}', "import/dashboard"),
        (b'{"panels": ' + b"[" * 5000 + b"]" * 5000 + b"}", "import/json"),
        (b'{"panels": [' + b'{"panels": [' * 80 + b"]}" * 80 + b"]}", "import/dashboard"),
    ],
)
def test_what_is_not_a_dashboard_is_reported_in_a_sentence(content, rule, project):
    folder, importer = project
    path = folder / "bad.json"
    path.write_bytes(content)
    result = import_file(path, importer)
    assert isinstance(result, Diagnostic)
    assert result.rule == rule


def test_a_missing_file_and_a_folder_are_reported_in_a_sentence(project):
    folder, importer = project
    assert "no such file" in import_file(folder / "nowhere.json", importer).message
    assert "a folder" in import_file(folder, importer).message


@pytest.mark.parametrize("uid", ["../../etc/passwd", "a/b", "..", ".", "", "x" * 300, "a\x00b", "C:\\x"])
@pytest.mark.parametrize("title", ["../../up", "/", ".", "🚀", "con", "a" * 6000])
def test_no_uid_or_title_leads_out_of_the_folder(uid, title, project):
    folder, importer = project
    file = imported({**dashboard(UP), "uid": uid, "title": title}, folder, importer)
    assert file.name.endswith(".yaml")
    assert not set(file.name) & set("/\\\x00")
    assert not file.name.startswith(".")
    assert len(file.name) < 100
    assert file.imported.problems == []


def test_a_folder_that_leads_elsewhere_is_left_out(project):
    folder, importer = project
    data = {"dashboard": dashboard(UP), "meta": {"folderTitle": "../../etc"}}
    assert "folder:" not in imported(data, folder, importer).text


def test_expressions_and_control_characters_in_texts_stay_texts(project):
    folder, importer = project
    text = "a ${{ 1 + 1 }} {{b}} $c ${d}"
    panel = {**UP, "title": text, "description": f"\x1b[31m{text}"}
    built = rebuilt(imported(dashboard(panel), folder, importer), importer)["panels"][0]
    assert built["title"] == text
    assert built["description"] == f"[31m{text}"


def test_a_large_dashboard_is_imported_as_it_is(project):
    folder, importer = project
    large = copy.deepcopy(OWN[0])
    large["panels"] = [
        {**copy.deepcopy(panel), "gridPos": {"x": 0, "y": 8 * number, "w": 24, "h": 8}}
        for number, panel in enumerate([p for p in large["panels"] if p["type"] != "row"] * 8)
    ]
    # How long it takes is measured by `nox -s bench`.
    first = imported(large, folder, importer)
    assert first.lines > 5000
    assert len(rebuilt(first, importer)["panels"]) == len(large["panels"])


def test_two_imports_give_the_same_text(project):
    folder, importer = project
    texts = {imported(OWN[0], folder, importer).text for _ in range(2)}
    assert len(texts) == 1
    assert isinstance(import_file(folder / "dashboard.json", importer), ImportedFile)


@pytest.mark.parametrize("kind", [None, "", "stat", "acme-panel", 7])
def test_panels_inside_a_panel_that_is_not_a_row_are_reported_as_lost(kind, project):
    folder, importer = project
    file = imported(dashboard({**UP, "type": kind, "panels": [{**UP, "id": 9}]}), folder, importer)
    assert (file.imported.differences, file.imported.problems) == ([], [])
    assert "panels inside a panel that is not a row, which Grafana does not show" in dict(
        file.imported.notes.lost()
    )

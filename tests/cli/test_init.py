"""`dashgen init`: a project that works at once, and nothing lost."""

import json
import re
import shutil
from types import SimpleNamespace

import pytest
import yaml
from jsonschema import Draft202012Validator

from dashgen.cli.scaffold import conflicts, project_files, write_project
from dashgen.core.errors import DashgenError
from dashgen.source.load import load_file
from tests.cli.transcript import run_command


def test_the_new_project_builds_and_validates_without_warnings(tmp_path):
    for words in (["init", "."], ["build"], ["validate", "--strict"], ["build", "--check"]):
        result = run_command(words, tmp_path, {})
        assert result.code == 0
        assert "warning" not in result.stdout + result.stderr


@pytest.mark.external
def test_the_tests_of_the_new_project_s_alerts_pass_in_every_environment(tmp_path, promtool):
    assert promtool
    write_project(tmp_path)
    result = run_command(["test"], tmp_path, {})
    assert result.code == 0
    assert "prod: 2 tests" in result.stdout


def test_the_new_project_s_specs_fit_the_schemas_beside_them(tmp_path):
    write_project(tmp_path)
    settings = json.loads((tmp_path / ".vscode/settings.json").read_text())["yaml.schemas"]
    for schema, pattern in settings.items():
        validator = Draft202012Validator(json.loads((tmp_path / schema).read_text()))
        files = sorted(tmp_path.glob(pattern))
        assert files
        for path in files:
            for document in load_file(path, path.name).documents:
                assert [error.message for error in validator.iter_errors(document.data)] == []


def test_nobody_is_told_to_install_another_project_s_package():
    for path, content in project_files().items():
        assert b"pip install dashgen" not in content, path


def test_what_commands_write_for_people_is_not_committed(tmp_path):
    write_project(tmp_path)
    assert run_command(["preview"], tmp_path, {}).code == 0
    ignored = (tmp_path / ".gitignore").read_text().split()
    assert {"preview.html", "site/", ".dashgen/"} <= set(ignored)
    written = {path.name for path in tmp_path.iterdir()} - {
        path.partition("/")[0] for path in project_files()
    }
    assert written <= {name.rstrip("/") for name in ignored}


def test_its_workflow_and_hooks_are_yaml(tmp_path):
    write_project(tmp_path)
    workflow = yaml.safe_load((tmp_path / ".github/workflows/dashboards.yaml").read_text())
    commands = [step.get("run", "") for step in workflow["jobs"]["check"]["steps"]]
    assert [command for command in commands if command.startswith("dashgen")] == [
        "dashgen validate --format github",
        "dashgen build --check --format github",
        "dashgen lint --format github",
        "dashgen test --format github",
    ]
    hooks = yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text())
    assert [hook["entry"] for hook in hooks["repos"][0]["hooks"]] == [
        "dashgen build --check",
        "dashgen validate",
    ]


def test_what_exists_is_named_and_kept(tmp_path):
    (tmp_path / "dashgen.yaml").write_text("mine")
    (tmp_path / "specs").mkdir()
    assert conflicts(tmp_path) == ["dashgen.yaml"]
    result = run_command(["init", "."], tmp_path, {})
    assert result.code == 2
    assert "`dashgen.yaml`" in result.stderr
    assert (tmp_path / "dashgen.yaml").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dashgen.yaml", "specs"]


def test_files_beside_a_project_stay_as_they_are(tmp_path):
    kept = ("README.md", ".gitignore", ".github/workflows/dashboards.yaml")
    for name in kept:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("mine")
    result = run_command(["init", "."], tmp_path, {})
    assert result.code == 0
    assert [(tmp_path / name).read_text() for name in kept] == ["mine"] * 3
    assert all(f"= {name} was there" in result.stdout for name in kept)
    assert run_command(["build"], tmp_path, {}).code == 0


def test_a_folder_with_other_files_is_filled(tmp_path):
    (tmp_path / "app.py").write_text("mine")
    assert run_command(["init", "."], tmp_path, {}).code == 0
    assert (tmp_path / "app.py").read_text() == "mine"


def test_a_link_to_nothing_is_in_the_way_too(tmp_path):
    (tmp_path / "dashgen.yaml").symlink_to(tmp_path / "elsewhere")
    assert run_command(["init", "."], tmp_path, {}).code == 2
    assert not (tmp_path / "elsewhere").exists()


def test_what_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "specs").write_text("a file where a folder has to be")
    with pytest.raises(DashgenError, match="cannot write the project"):
        write_project(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["specs"]


def test_the_next_command_fits_the_folder(tmp_path):
    here, elsewhere = (run_command(["init", name], tmp_path, {}) for name in (".", "shop"))
    assert here.stderr == "next: dashgen preview\n"
    assert elsewhere.stderr == "next: cd shop && dashgen preview\n"


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("/home/me/.cache/uv/archive-v0/abc", "uvx --from git+https://x.example/dashgen dashgen"),
        ("/home/me/.cache/pipx/abc", "pipx run --spec git+https://x.example/dashgen dashgen"),
        ("/home/me/.local/share/uv/tools/dashgen", "dashgen"),
        ("/home/me/.local/share/pipx/venvs/dashgen", "dashgen"),
        ("/home/me/project/.venv", "dashgen"),
    ],
)
def test_the_next_command_can_be_typed_by_those_who_installed_nothing(prefix, typed, tmp_path, monkeypatch):
    record = '{"url": "https://x.example/dashgen", "vcs_info": {"vcs": "git", "commit_id": "0"}}'
    installed = SimpleNamespace(read_text=lambda _: record)
    monkeypatch.setattr("dashgen.cli.scaffold.next_command.distribution", lambda _: installed)
    monkeypatch.setattr("dashgen.cli.scaffold.next_command.sys", SimpleNamespace(prefix=prefix))
    assert run_command(["init", "."], tmp_path, {}).stderr == f"next: {typed} preview\n"


def test_what_the_new_project_s_readme_says_to_run_is_there(tmp_path):
    write_project(tmp_path)
    readme = (tmp_path / "README.md").read_text()
    commands = re.findall(r"^    dashgen (\w+) ?([^#\n]*)", readme, re.MULTILINE)
    offline = [(name, rest.split()) for name, rest in commands if name != "push" and "--watch" not in rest]
    assert len(offline) > 4
    for name, rest in offline:
        if name != "test" or shutil.which("promtool"):
            assert run_command([name, *rest], tmp_path, {}).code == 0, name
    for path in re.findall(r"^\| `([\w./-]+)`", readme, re.MULTILINE):
        assert (tmp_path / path).exists(), path
    for path in ("README.md", ".github/workflows/dashboards.yaml"):
        assert "YOUR-ORG" in (tmp_path / path).read_text()

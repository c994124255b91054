"""Which paths are specs and which are artifacts."""

import pytest

from dashgen.workspace.diagnostic_order import sort_paths

FILES = {
    "dashgen.yaml": "specs: [specs]",
    "specs/a.yaml": "kind: Dashboard",
    "specs/deep/b.yml": "# a comment\nkind: Metrics",
    "specs/notes.txt": "kind: text",
    "mixed/spec.yaml": "kind: Folder",
    "mixed/board.json": "{}",
    "mixed/values.yaml": "a: 1",
    "mixed/out/rules.yaml": "groups: []",
    "generated/dashboards/a.json": '{"kind": "Dashboard"}',
    "generated/provisioning/dashboards/dashgen.yaml": "apiVersion: 1",
    "resource.yaml": "apiVersion: dashboard.grafana.app/v1beta1\nkind: Dashboard",
    ".hidden/c.yaml": "kind: Dashboard",
}


@pytest.fixture
def tree(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "specs" / "loop").symlink_to(tmp_path / "specs")
    return tmp_path


@pytest.mark.parametrize(
    ("given", "specs", "artifacts"),
    [
        (["specs"], ["specs/a.yaml", "specs/deep/b.yml"], []),
        (["dashgen.yaml"], ["dashgen.yaml"], []),
        (["generated"], [], ["generated"]),
        (
            ["generated/provisioning/dashboards/dashgen.yaml"],
            [],
            ["generated/provisioning/dashboards/dashgen.yaml"],
        ),
        (["resource.yaml"], [], ["resource.yaml"]),
        (["mixed"], ["mixed/spec.yaml"], ["mixed/board.json", "mixed/out"]),
        (
            ["."],
            ["dashgen.yaml", "mixed/spec.yaml", "specs/a.yaml", "specs/deep/b.yml"],
            ["generated", "mixed/board.json", "mixed/out"],
        ),
    ],
)
def test_paths_are_sorted(given, specs, artifacts, tree):
    found = sort_paths([tree / name for name in given])
    assert sorted(p.relative_to(tree).as_posix() for p in found.specs) == specs
    assert sorted(p.relative_to(tree).as_posix() for p in found.artifacts) == artifacts

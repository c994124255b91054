"""The rules that keep the project easy to change."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "dashgen").rglob("*.py"))
CODE = sorted([*SOURCES, *(ROOT / "tests").rglob("*.py"), ROOT / "noxfile.py"])
PANEL_TYPES = sorted(
    path.stem for path in (ROOT / "dashgen/compile/lower/panels").glob("*.py") if path.stem != "__init__"
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _public(body: list[ast.stmt]) -> Iterator[ast.ClassDef | Function]:
    """The public classes and functions of a module, and those of its public classes."""
    for node in body:
        if isinstance(
            node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body)


@pytest.fixture(scope="module")
def texts() -> Mapping[Path, str]:
    """Every file of the code."""
    return {path: path.read_text(encoding="utf-8") for path in CODE}


@pytest.fixture(scope="module")
def trees(texts: Mapping[Path, str]) -> Mapping[Path, ast.Module]:
    """Every file of the code as Python reads it."""
    return {path: ast.parse(text) for path, text in texts.items()}


def test_layers_and_outside_packages_are_imported_only_where_the_contracts_allow() -> None:
    assert lint_imports(str(ROOT / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS


def test_a_file_is_found_by_its_name() -> None:
    names = Counter(
        # The name of a lint rule is its path.
        "/".join(path.parts[-2:]) if "lint/rules/" in path.as_posix() else path.name
        for path in SOURCES
        if path.stem not in {"__init__", "__main__"}
    )
    assert {name: count for name, count in names.items() if count > 1} == {}


def test_a_class_is_found_by_its_name(trees: Mapping[Path, ast.Module]) -> None:
    names = Counter(n.name for path in SOURCES for n in ast.walk(trees[path]) if isinstance(n, ast.ClassDef))
    assert {name: count for name, count in names.items() if count > 1} == {}


def test_no_folder_has_a_name_that_tools_leave_out() -> None:
    ignored = {"build", "dist", "spec", "specs", "test", "tests", "target", "vendor", "node_modules"}
    assert {
        name for path in SOURCES for name in path.relative_to(ROOT).parts[:-1] if name in ignored
    } == set()


def test_every_package_states_its_purpose(trees: Mapping[Path, ast.Module]) -> None:
    assert [
        _name(path) for path in SOURCES if path.name == "__init__.py" and not ast.get_docstring(trees[path])
    ] == []


def test_every_public_name_says_what_it_is(trees: Mapping[Path, ast.Module]) -> None:
    silent = [
        f"{_name(path)}: {node.name}"
        for path in SOURCES
        for node in _public(trees[path].body)
        if ast.get_docstring(node) is None
    ]
    assert silent == []


def test_nothing_is_left_for_later_and_no_test_is_switched_off(texts: Mapping[Path, str]) -> None:
    later = re.compile(r"#\s*(TODO|FIXME|XXX|HACK)\b|mark\.(skip|xfail)\b")
    others = {_name(path): text for path, text in texts.items() if path != Path(__file__)}
    assert [(name, words) for name, text in others.items() if (words := later.findall(text))] == []


@pytest.mark.parametrize("name", PANEL_TYPES)
def test_a_panel_type_has_a_test_with_its_name(name: str) -> None:
    assert list((ROOT / "tests/lower").rglob(f"*{name}*"))


def test_the_page_of_the_architecture_names_files_that_exist() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    paths = re.findall(r"`((?:[a-z_]+/)+(?:[a-z_*]+\.py)?)`", page)
    assert len(paths) > 40
    names = {_name(path) for path in [*CODE, *(path.parent for path in CODE)]} | {
        "generated",
        "docs/reference",
    }
    missing = [
        path for path in paths if not any(fnmatch(f"/{name}", f"*/{path.rstrip('/')}") for name in names)
    ]
    assert missing == []


def test_tests_wait_for_what_happens_and_not_for_the_clock(trees: Mapping[Path, ast.Module]) -> None:
    """A busy machine makes no test fail: limits are conditions, counts, or seconds of the processor."""
    allowed = ("tests/tools/waiting.py", "tests/tools/hanging.py", "tests/bench/*", "tests/native/*")
    # The latency that a fake is asked for, and the time that a script takes.
    reported = ("tests/grafana/fake/server.py", "tests/tools/public_dashboards.py")
    clocks = {"sleep", "monotonic", "perf_counter"}
    assert [
        f"{_name(path)}:{node.lineno}"
        for path, tree in trees.items()
        if _name(path).startswith("tests/")
        and not any(fnmatch(_name(path), pattern) for pattern in (*allowed, *reported))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in clocks
        and isinstance(node.value, ast.Name)
        and node.value.id == "time"
    ] == []


def test_properties_have_no_deadline(trees: Mapping[Path, ast.Module]) -> None:
    """Deadlines and slow examples are set once, in tests/conftest.py."""
    overriding = [
        f"{_name(path)}:{node.value.lineno}"
        for path, tree in trees.items()
        if _name(path) != "tests/conftest.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword)
        and (
            node.arg == "deadline"
            or (node.arg == "suppress_health_check" and ast.unparse(node.value) != "list(HealthCheck)")
        )
    ]
    assert overriding == []

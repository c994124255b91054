"""The rules that keep the project easy to change."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "dashgen").rglob("*.py"))
CODE = sorted([*SOURCES, *(ROOT / "tests").rglob("*.py"), ROOT / "noxfile.py"])
PANEL_TYPES = sorted(
    path.stem for path in (ROOT / "dashgen/lowering/panels").glob("*.py") if path.stem != "__init__"
)
LONGEST_FILE = 350
LONGEST_FUNCTION = 50

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _definitions(tree: ast.AST) -> Iterator[ast.ClassDef | Function]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _public(body: list[ast.stmt]) -> Iterator[ast.ClassDef | Function]:
    """The public classes and functions of a module, and those of its public classes."""
    for node in body:
        if isinstance(
            node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body)


def test_layers_and_outside_packages_are_imported_only_where_the_contracts_allow() -> None:
    assert lint_imports(str(ROOT / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_a_file_is_short_enough_to_read_at_once(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    long = [
        f"{node.name} has {length} lines"
        for node in _definitions(ast.parse(path.read_text(encoding="utf-8")))
        if not isinstance(node, ast.ClassDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_every_public_name_says_what_it_is(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    assert [node.name for node in _public(body) if ast.get_docstring(node) is None] == []


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_nothing_is_left_for_later_and_no_test_is_switched_off(path: Path) -> None:
    later = re.compile(r"#\s*(TODO|FIXME|XXX|HACK)\b|mark\.(skip|xfail)\b")
    text = path.read_text(encoding="utf-8") if path != Path(__file__) else ""
    assert later.findall(text) == []


@pytest.mark.parametrize("name", PANEL_TYPES)
def test_a_panel_type_has_a_test_with_its_name(name: str) -> None:
    assert list((ROOT / "tests/lowering").rglob(f"*{name}*"))

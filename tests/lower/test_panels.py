"""Every panel type, as little and as much as a spec can say of it, against golden files."""

from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
import yaml

from dashgen.compile.lower.panel_checks import check_panel
from dashgen.compile.lower.panels import panel_types
from dashgen.compile.lower.panels.plugin import PluginPanel
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.panel_spec import Panel
from tests import golden
from tests.lower.settled import built_panel, panel_of

HERE = Path(__file__).parent
FILES = sorted((HERE / "panels").glob("*.yaml"))
MODULES = {cls.__module__.rpartition(".")[2]: kind for kind, cls in panel_types().items()}
COMMON = {field.name for field in msgspec.structs.fields(Panel)}


def _file(path: Path) -> tuple[str, DataSourceRef, dict[str, dict[str, Any]]]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    kind, source = data.pop("type", None) or MODULES[path.stem], data.pop("source", "prometheus")
    return kind, DataSourceRef(source, source), data


CASES = [(path, size) for path in FILES for size in _file(path)[2]]
each_case = pytest.mark.parametrize(("path", "size"), CASES, ids=lambda part: getattr(part, "stem", part))
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def _all_values(value: Any) -> list[Any]:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(found for part in parts for found in _all_values(part))]


@each_case
def test_a_panel_is_what_was_recorded(path: Path, size: str) -> None:
    kind, source, cases = _file(path)
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    text = orjson.dumps(built_panel(kind, cases[size], source), option=options).decode()
    golden.check(HERE / "golden" / f"{path.stem}.{size}.json", text)


@each_file
def test_the_cases_together_say_everything_that_can_be_said(path: Path) -> None:
    kind, _, cases = _file(path)
    words = {field.name for field in msgspec.structs.fields(panel_types().get(kind, PluginPanel))}
    assert words - COMMON - {"type"} - {word for spec in cases.values() for word in spec} == set()


@each_file
def test_every_word_changes_something(path: Path) -> None:
    kind, source, cases = _file(path)
    for size, spec in cases.items():
        whole = built_panel(kind, spec, source)
        for word in spec if size != "min" else ():
            without = {key: value for key, value in spec.items() if key != word}
            needed = kind == "library" and word == "uid"
            assert needed or built_panel(kind, without, source) != whole, f"{word} changes nothing"


@each_case
def test_nothing_is_wrong_with_the_recorded_cases(path: Path, size: str) -> None:
    kind, _, cases = _file(path)
    assert list(check_panel(panel_of(kind, cases[size]))) == []


@each_case
def test_only_the_base_step_of_thresholds_is_null(path: Path, size: str) -> None:
    kind, source, cases = _file(path)
    for value in _all_values(built_panel(kind, cases[size], source)):
        if isinstance(value, dict):
            nulls = {key for key, part in value.items() if part is None}
            assert not nulls or set(value) == {"color", "value"}
        elif isinstance(value, list):
            assert None not in value


def test_every_panel_type_has_a_file_of_cases() -> None:
    assert {path.stem for path in FILES} == {*MODULES, "plugin"}

"""What holds of every spec that loads: places inside the file, values as YAML says, the same result twice."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dashgen.core.diagnostics import Span
from dashgen.source.load import Document, load_text
from dashgen.source.resolve import Scope, resolve
from dashgen.source.scalars import plain_scalar
from dashgen.source.source import Path
from tests.property.strategies import HOSTILE, KEYS, SETTINGS, as_yaml, projects
from tests.source.helpers import resolved_all

pytestmark = pytest.mark.property

TEXT = st.text(st.sampled_from("ab1.-: #'\"{}[]|>&*!%@`,?~<>=$\\\nжя🚀é\u202e\t"), max_size=20)
SCALARS = TEXT | st.sampled_from(
    ["on", "yes", "22:22", "2024-01-01", "010", "1e3", "null", "~", ".inf", "0x1f", "0o7", "1_000", "=", "<<"]
)
PLAIN = SCALARS | st.integers(-(10**12), 10**12) | st.booleans() | st.none() | st.floats(-1e9, 1e9)
DATA = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCALARS, inner, max_size=4),
    max_leaves=15,
)


def paths(data: Any, path: Path = ()) -> list[Path]:
    """The path of every value in the data."""
    steps = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for step, value in steps for found in paths(value, (*path, step)))]


def inside(span: Span | None, lines: list[str]) -> bool:
    """Whether a span is a stretch of the text."""
    assert span is not None
    assert 1 <= span.line <= span.end_line <= len(lines)
    assert 1 <= span.column <= len(lines[span.line - 1]) + 1
    return (span.line, span.column) <= (span.end_line, span.end_column)


def documents(text: str) -> list[Document]:
    loaded = load_text("x.yaml", text)
    assert not loaded.diagnostics, (loaded.diagnostics, text)
    return loaded.documents


@SETTINGS
@given(
    st.dictionaries(SCALARS, DATA, max_size=5),
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.sampled_from([True, False, None]),
)
def test_every_path_and_key_of_a_loaded_spec_has_a_place_inside_the_file(
    data: Any, style: str | None, flow: bool | None
) -> None:
    text = yaml.safe_dump(data, default_style=style, default_flow_style=flow, allow_unicode=True, width=40)
    lines = text.split("\n")
    for document in documents(text):
        for path in paths(document.data):
            assert inside(document.location(path).span, lines)
            assert inside(document.location(path, key=True).span, lines)
            assert inside(document.location((*path, "nothing", 7)).span, lines)


@SETTINGS
@given(
    st.dictionaries(TEXT, DATA, max_size=5),
    st.sampled_from([None, "'", '"']),
    st.sampled_from([True, False, None]),
)
def test_what_is_written_quoted_where_needed_comes_back(
    data: Any, style: str | None, flow: bool | None
) -> None:
    text = yaml.safe_dump(data, default_style=style, default_flow_style=flow, allow_unicode=True)
    wanted = yaml.load(text, _Core)  # noqa: S506  # a loader of plain data
    [document] = documents(text)
    assert document.data == wanted


class _Core(yaml.SafeLoader):
    """PyYAML with the scalars of YAML 1.2, and keys as text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # PyYAML's own name

    def construct_scalar(self, node: Any) -> Any:
        if node.tag.endswith((":int", ":float", ":bool", ":null")) or (
            node.style is None and node.tag.endswith(":str")
        ):
            return plain_scalar(node.value)
        return super().construct_scalar(node)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, Any]:
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


for _name in ("int", "float", "bool", "null"):
    _Core.add_constructor(f"tag:yaml.org,2002:{_name}", _Core.construct_scalar)


@SETTINGS
@given(st.text(max_size=60) | st.lists(TEXT, max_size=8).map("\n".join))
def test_any_text_loads_or_is_told_where_it_goes_wrong(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    loaded = load_text("x.yaml", text)
    lines = text.split("\n")
    for found in loaded.diagnostics:
        assert found.message
        if found.location is not None and found.location.span is not None:
            assert inside(found.location.span, lines)
    for document in loaded.documents:
        for path in paths(document.data)[:50]:
            assert document.location(path).span is not None


ITEMS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["A", "${{ t }}", "${{ item }}", "${{ nope }}", 3, None]),
        "query": st.sampled_from(["up", "${{ t }}", "x${{ item }}"]),
        "use": st.sampled_from(["c", "d", "nope", 3, None]),
        "with": st.sampled_from([{}, {"p": "x"}, {"p": "${{ t }}"}, {"q": 1}, [], None]),
        "for_each": st.sampled_from(
            [["x", "y"], {"t": ["x", "y"]}, {"t": {}}, {"t": ["x"], "u": [1, 2]}, 3, "${{ nope }}", None]
        ),
        "when_env": st.sampled_from(["prod", "dev", ["prod"], "nope", 3, None]),
        "raw": st.sampled_from(HOSTILE),
    },
)
COMPONENTS = """\
kind: Components
components:
  c: {params: {p: {default: z}}, panel: {title: "c ${{ p }}", query: up}}
  d: {panels: [{use: c}, {for_each: [1, 2], title: "d ${{ item }}"}]}
---
"""


@SETTINGS
@given(
    st.lists(ITEMS, max_size=4),
    st.lists(
        st.fixed_dictionaries(
            {"panels": st.lists(ITEMS, max_size=3)}, optional={"for_each": st.just({"t": ["x"]})}
        ),
        max_size=2,
    ),
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(HOSTILE), max_size=2),
)
def test_resolving_never_raises_and_every_value_has_an_origin(
    panels: list[Any], rows: list[Any], more: dict[str, Any]
) -> None:
    text = COMPONENTS + as_yaml([{**more, "kind": "Dashboard", "panels": panels, "rows": rows}])
    lines = text.split("\n")
    found, problems = resolved_all(text, {"env": {}}, "prod")
    for problem in problems:
        assert problem.location is not None
        assert inside(problem.location.span, lines)
        assert problem.hint
    for one in found:
        for path in paths(one.data):
            origin = one.origin(path)
            assert inside(origin.location().span, lines)
            assert all(inside(note.location.span, lines) for note in origin.related())


@SETTINGS
@given(projects())
def test_resolving_twice_gives_the_same(documents_: list[Any]) -> None:
    for document in load_text("x.yaml", as_yaml(documents_)).documents:
        if isinstance(document.data, dict):
            first, second = (resolve(document, Scope()) for _ in range(2))
            assert [one.data for one in first[0]] == [one.data for one in second[0]]
            assert first[1] == second[1]

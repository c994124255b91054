"""JSON with positions."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.check.json_source import read_json

_TEXT = '{\n\t"a": [1, {"b é": "x\\"]"}],\n  "c" : -1.5e3 ,\r\n  "long": [\n    1\n  ]\n}'


@pytest.mark.parametrize(
    ("path", "key", "place"),
    [
        ((), False, (1, 1, 2)),
        (("a",), False, (2, 7, 27)),
        (("a",), True, (2, 2, 5)),
        (("a", 0), False, (2, 8, 9)),
        (("a", 1, "b é"), False, (2, 19, 25)),
        (("a", 1, "b é"), True, (2, 12, 17)),
        (("c",), False, (3, 9, 15)),
        (("long",), False, (4, 11, 12)),
        (("long", 0), False, (5, 5, 6)),
        (("a", 7), False, (2, 7, 27)),
        (("a", 1, "absent"), True, (2, 11, 26)),
    ],
)
def test_values_and_keys_have_places(path: Any, key: bool, place: tuple[int, int, int]) -> None:
    document, problems = read_json("f.json", _TEXT)
    assert document is not None
    assert problems == []
    span = document.location(path, key=key).span
    assert span is not None
    assert (span.line, span.column, span.end_column) == place


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:
    items: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [(path, value)] + [found for step, item in items for found in _paths(item, (*path, step))]


@pytest.mark.property
@given(value=JSON, indent=st.sampled_from([None, 0, 2, "\t"]), ascii_only=st.booleans())
def test_every_value_is_found_where_it_stands(value: Any, indent: Any, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    document, problems = read_json("f.json", text)
    assert document is not None
    assert problems == []
    lines = text.split("\n")
    for path, item in _paths(value):
        span = document.location(path).span
        assert span is not None
        if not isinstance(item, (dict, list)):
            found = lines[span.line - 1][span.column - 1 : span.end_column - 1]
            assert json.loads(found) == item


@pytest.mark.parametrize(
    ("text", "fragment", "place"),
    [
        ('{"a": 1', "unexpected end of the file", "f.json:1:8"),
        ('{"a": 1 2}', "not valid JSON", "f.json:1:9"),
        ("{'a': 1}", "property name", "f.json:1:2"),
        ('{"a": 1}\n{"b": 2}', "extra data", "f.json:2:1"),
        ("", "unexpected end of the file", "f.json:1:1"),
        ('{"a": "x\ny"}', "invalid control character", "f.json:1:9"),
    ],
)
def test_broken_json_says_where(text: str, fragment: str, place: str) -> None:
    document, (problem,) = read_json("f.json", text)
    assert document is None
    assert fragment in problem.message
    assert str(problem.location) == place


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ('{"a": {"b": 1,\n"b": 2}}', "json/duplicate-key", "f.json:2:1"),
        ('{"s": "NaN", "a": NaN}', "json/constant", "f.json:1:19"),
        ("[-Infinity]", "json/constant", "f.json:1:2"),
        ('\ufeff{"a": 1}', "json/byte-order-mark", "f.json:1:1"),
    ],
)
def test_what_grafana_reads_otherwise_is_reported(text: str, rule: str, place: str) -> None:
    document, (problem,) = read_json("f.json", text)
    assert document is not None
    assert (problem.rule, str(problem.location)) == (rule, place)


def test_half_a_surrogate_pair_is_read_as_go_reads_it() -> None:
    document, problems = read_json("f.json", r'{"a\ud800": ["\uD83D", "\uD83D\uDE80"]}')
    assert problems == []
    assert document is not None
    assert document.data == {"a\ufffd": ["\ufffd", "\U0001f680"]}


def test_deep_nesting_is_refused() -> None:
    document, (problem,) = read_json("f.json", "[" * 200_000)
    assert document is None
    assert problem.rule in ("json/depth", "json/syntax")


def test_large_files_are_read_and_searched_in_little_time() -> None:
    panels = [{"id": i, "title": "x" * 1000, "targets": [{"expr": "up"}]} for i in range(10_000)]
    text = json.dumps({"panels": panels, "uid": "last"}, indent=1)
    assert len(text) > 10_000_000
    begin = time.process_time()
    document, problems = read_json("f.json", text)
    assert document is not None
    assert problems == []
    span = document.location(("uid",)).span
    places = {document.location(("panels", i, "targets", 0, "expr")) for i in range(0, 10_000, 10)}
    assert span is not None
    assert span.line == text.count("\n")
    assert len(places) == 1000
    assert time.process_time() - begin < 20

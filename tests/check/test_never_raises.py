"""Whatever stands in a file, the check answers with findings."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.check.check_tree import validate_paths

from .samples import TREE

ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**12) | st.floats(allow_nan=False) | st.text(max_size=6)
    | st.sampled_from(["$A", "{{ $x", "1m", "timeseries", "${DS_X}", "A", "", "monday:friday", "="]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "type", "uid", "name", "panels", "x"]) | st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [path] + [found for step, item in items for found in _places(item, (*path, step))]


PLACES = [(name, path) for name, content in TREE.items() for path in _places(content)]


def _replaced(content: Any, path: tuple[Any, ...], odd: Any) -> Any:
    if not path:
        return odd
    content = copy.deepcopy(content)
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = odd
    return content


@pytest.mark.property
@settings(max_examples=150)
@given(places=st.lists(st.tuples(st.sampled_from(PLACES), ODD), min_size=1, max_size=3))
def test_odd_values_anywhere_are_findings_or_fine(tmp_path: Path, places: list[Any]) -> None:
    tree = dict(TREE)
    for (name, path), odd in places:
        if path in _places(tree[name]):
            tree[name] = _replaced(tree[name], path, odd)
    for name, content in tree.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content, indent=1), encoding="utf-8")
    for found in validate_paths([tmp_path], show=lambda path: path.name):
        assert found.location is not None
        assert found.message
        assert found.rule.count("/") == 1

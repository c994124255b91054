"""JSON values: paths, differences, and merge patches after RFC 7386."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.core.json_values import (
    ABSENT,
    apply_patch,
    at,
    differences,
    differing_parts,
    dotted,
    make_patch,
    same,
    scalar_text,
    text,
    walk,
    without_nulls,
)

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([0.0, 1.0, 0.5])
    | st.text("ab", max_size=2)
)
_VALUES = st.recursive(
    _SCALARS,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text("abc", max_size=2), part, max_size=3),
)
_OBJECTS = st.dictionaries(st.text("abc", max_size=2), _VALUES, max_size=4)


@pytest.mark.property
@given(_OBJECTS, _OBJECTS.map(without_nulls))
def test_a_patch_made_of_two_values_turns_one_into_the_other(source: Any, target: Any) -> None:
    before = deepcopy(source)
    patch = make_patch(source, target)
    assert same(apply_patch(deepcopy(source), patch), target)
    assert source == before
    assert bool(patch) is not same(source, target)


@pytest.mark.property
@given(_OBJECTS, _OBJECTS)
def test_what_differs_is_where_the_values_differ(first: Any, second: Any) -> None:
    for find in (differences, differing_parts):
        found = list(find(first, second))
        assert bool(found) is not same(first, second)
        assert all(at(first, path) == old and at(second, path) == new for path, old, new in found)


@pytest.mark.property
@given(_OBJECTS)
def test_every_value_is_at_the_path_that_a_walk_names(value: Any) -> None:
    assert all(at(value, path) == leaf for path, leaf in walk(value))


@pytest.mark.property
@given(_OBJECTS, _OBJECTS)
def test_parts_that_values_share_are_left_as_they_are(shared: Any, patch: Any) -> None:
    before = deepcopy(shared)
    apply_patch({"a": shared}, {"a": patch})
    assert shared == before


# The examples of RFC 7386, appendix A, whose target and patch are objects.
@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_patch_is_applied_as_rfc_7386_has_it(
    target: dict[str, Any], patch: dict[str, Any], result: dict[str, Any]
) -> None:
    assert apply_patch(target, patch) == result


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), {"a": [1, {"b": None}]}),
        (("a", 0), 1),
        (("a", 1, "b"), None),
        (("a", -1), ABSENT),
        (("a", 2), ABSENT),
        (("a", "0"), ABSENT),
        ((0,), ABSENT),
        (("b",), ABSENT),
    ],
)
def test_a_path_leads_to_a_value_or_nowhere(path: tuple[str | int, ...], value: Any) -> None:
    assert at({"a": [1, {"b": None}]}, path) == value
    assert at({}, ("a",), None) is None


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [(1, 1.0, True), (1, True, False), (0, False, False), ([1], [True], False), ({"a": 1}, {"a": 1.0}, True)],
)
def test_numbers_are_the_same_in_any_spelling_but_no_booleans(
    first: Any, second: Any, is_same: object
) -> None:
    assert same(first, second) is is_same


def test_numbers_are_text_only_where_it_is_asked_for() -> None:
    assert (text(7), scalar_text(7), scalar_text(True), scalar_text(None)) == ("", "7", "", "")


def test_a_path_is_written_as_people_do() -> None:
    assert dotted(("targets", 0, "expr")) == "targets[0].expr"

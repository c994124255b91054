from typing import Any

import pytest

from dashgen.servers.grafana import ConflictError, ConflictKind
from dashgen.servers.grafana.preconditions import is_unchanged, require_unchanged


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ({"a": 1, "id": 1}, {"a": 1, "id": 2}, True),
        ({"a": 1}, {"a": 1, "b": None}, True),
        ({"a": {"b": []}}, {"a": {}}, True),
        ({"a": [1, 2]}, {"a": [2, 1]}, False),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 0}, {"a": None}, False),
        ("x", "y", False),
    ],
)
def test_things_are_the_same_apart_from_what_the_server_sets(one: Any, other: Any, equal: bool) -> None:
    assert is_unchanged(one, other) is equal
    assert is_unchanged(other, one) is equal


@pytest.mark.parametrize(
    ("expected", "found", "kind"),
    [
        (None, {"a": 1}, ConflictKind.EXISTS),
        ({"a": 1}, None, ConflictKind.VERSION),
        ({"a": 1}, {"a": 2}, ConflictKind.VERSION),
    ],
)
def test_what_changed_since_it_was_read_is_a_conflict(expected: Any, found: Any, kind: ConflictKind) -> None:
    with pytest.raises(ConflictError) as caught:
        require_unchanged("the thing", expected, found)
    assert caught.value.kind is kind


def test_what_did_not_change_is_fine() -> None:
    require_unchanged("the thing", None, None)
    require_unchanged("the thing", {"a": 1}, {"a": 1, "version": 7})

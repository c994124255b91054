"""What has an anchor can be changed once for all its aliases."""

import pytest

from dashgen.source.edit import EditError, InsertItem, Remove, SetValue, edited, repeats, users_of

TEXT = """\
a: &t {green: 0, red: 5}   # shared
b:
  - &base
    unit: s   # seconds
    limits: *t
  - <<: *base   # as above
    title: X
  - <<: [*base]
    unit: m
c: &n 5
d: *n
"""


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (SetValue(("a", "red"), 7), "red: 5", "red: 7"),
        (SetValue(("b", 0, "limits", "red"), 7), "red: 5", "red: 7"),
        (SetValue(("b", 1, "limits", "red"), 7), "red: 5", "red: 7"),
        (SetValue(("b", 1, "unit"), "h"), "unit: s   #", "unit: h   #"),
        (SetValue(("b", 0, "unit"), "h"), "unit: s   #", "unit: h   #"),
        (SetValue(("b", 2, "unit"), "h"), "unit: m", "unit: h"),
        (SetValue(("d",), 6), "&n 5", "&n 6"),
        (SetValue(("b", 0, "more"), 1), "limits: *t", "limits: *t\n    more: 1"),
        (Remove(("b", 1, "limits", "red")), ", red: 5", ""),
        (SetValue(("b", 1, "title"), "Y"), "title: X", "title: Y"),
    ],
)
def test_a_change_is_made_where_the_anchor_is(edit, old, new):
    assert edited("x.yaml", TEXT, 0, [edit], shared=True) == TEXT.replace(old, new)


def test_an_item_is_put_in_once():
    assert (
        edited("x.yaml", "a: &l [1]\nb: *l\n", 0, [InsertItem(("b",), 1, 2)], shared=True)
        == "a: &l [1, 2]\nb: *l\n"
    )


def test_every_place_that_shows_a_value_is_known():
    shown = [("a", "red"), ("b", 0, "limits", "red"), ("b", 1, "limits", "red"), ("b", 2, "limits", "red")]
    assert repeats("x.yaml", TEXT, 0, ("b", 1, "limits", "red")) == shown
    assert repeats("x.yaml", TEXT, 0, ("b", 0, "unit")) == [("b", 0, "unit"), ("b", 1, "unit")]
    assert repeats("x.yaml", TEXT, 0, ("b", 0, "new")) == [("b", number, "new") for number in range(3)]
    assert repeats("x.yaml", TEXT, 0, ("b", 2, "unit")) == [("b", 2, "unit")]


def test_those_that_share_a_value_are_known_from_the_last_on():
    assert users_of("x.yaml", TEXT, 0, ("a", "red")) == [("b", 2), ("b", 1), ("b", 0, "limits")]
    assert users_of("x.yaml", TEXT, 0, ("b", 0, "more")) == [("b", 2), ("b", 1)]
    assert users_of("x.yaml", TEXT, 0, ("b", 2, "unit")) == []


def test_without_asking_for_it_nothing_shared_changes():
    with pytest.raises(EditError):
        edited("x.yaml", TEXT, 0, [SetValue(("a", "red"), 7)])

"""The normal form of a dashboard is kept while a push asks for it in turn: it is that of this item and of no other."""

from copy import deepcopy

from msgspec.structs import replace

from dashgen.formats import resources as kinds
from dashgen.sync.push.item import Item
from dashgen.sync.push.normal_items import differences, digest, normal

_CONTENT = {"title": "Shop", "panels": [{"id": 1, "type": "stat", "title": "Up", "gridPos": {"x": 0, "y": 0, "w": 4, "h": 4}}]}  # fmt: skip
_ITEM = Item(kinds.DASHBOARD, "shop", "Shop", _CONTENT, "sales")


def test_one_content_has_the_uid_and_the_folder_of_each_item_that_it_is_in() -> None:
    other = replace(_ITEM, uid="again", folder_uid="")
    forms = [normal(one, lambda uid: f"<{uid}>")[0] for one in (_ITEM, other, _ITEM)]
    assert [(one.uid, one.folder) for one in forms] == [
        ("shop", "<sales>"),
        ("again", "<>"),
        ("shop", "<sales>"),
    ]
    assert digest(_ITEM) == digest(_ITEM) != digest(other)


def test_equal_contents_say_the_same_and_another_one_does_not() -> None:
    equal = replace(_ITEM, content=deepcopy(_CONTENT))
    assert digest(equal) == digest(_ITEM)
    assert differences(_ITEM, equal) == []
    changed = replace(_ITEM, content={**_CONTENT, "description": "of the shop"})
    assert digest(changed) != digest(_ITEM)
    assert differences(_ITEM, changed) != []


def test_comparing_changes_nothing_in_the_form_that_is_kept() -> None:
    variable = {"name": "tier", "type": "query", "current": {"text": "free", "value": "free"}}
    live = replace(_ITEM, content={**_CONTENT, "templating": {"list": [variable]}})
    expected = replace(
        _ITEM, content={**_CONTENT, "templating": {"list": [{"name": "tier", "type": "query"}]}}
    )
    before = deepcopy(normal(live))
    assert differences(live, expected, filled_in=True) == []
    assert normal(live) == before
    assert differences(live, expected) != []

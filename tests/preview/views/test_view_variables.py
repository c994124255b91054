"""Variables as a page shows them, and the values that they get."""

from typing import Any

import pytest

from dashgen.preview.views.view import View
from tests.preview.views.dashboards import custom, dashboard, panel, viewed

QUERY = {"type": "query", "name": "v", "query": "label_values(up, job)"}


def _variable(variable: dict[str, Any], view: View | None = None, **options: list[str]) -> Any:
    return viewed(dashboard(variables=(variable,)), view, **options).variables[0]


@pytest.mark.parametrize(
    ("variable", "options", "values", "texts"),
    [
        (custom("v", "a,b"), ["a", "b"], ("a",), ("a",)),
        (custom("v", "Free : 0, Pro : 1", "1"), ["0", "1"], ("1",), ("Pro",)),
        (custom("v", r"a\,b,c"), ["a,b", "c"], ("a,b",), ("a,b",)),
        (
            custom("v", '[{"text": "A", "value": "a"}, {"value": "b"}, 7]', valuesFormat="json"),
            ["a", "b", "7"],
            ("a",),
            ("A",),
        ),
        (custom("v", "a,b", includeAll=True), ["$__all", "a", "b"], ("$__all",), ("All",)),
        (custom("v", "a,b", ["a", "b"], multi=True), ["a", "b"], ("a", "b"), ("a", "b")),
        (
            {"type": "interval", "name": "v", "query": "1m,1h", "auto": True},
            ["$__auto", "1m", "1h"], ("$__auto",), ("Auto",),
        ),
        ({"type": "interval", "name": "v", "query": '"1m","1h"'}, ["1m", "1h"], ("1m",), ("1m",)),
        ({"type": "textbox", "name": "v", "query": "err"}, [], ("err",), ("err",)),
        ({"type": "constant", "name": "v", "query": "7"}, [], ("7",), ("7",)),
        (
            {
                "type": "switch",
                "name": "v",
                "options": [{"value": "true"}, {"value": "false"}],
                "current": {"value": "false", "text": "false"},
            },
            ["true", "false"],
            ("false",),
            ("false",),
        ),
        (
            {"type": "datasource", "name": "v", "query": "prometheus"},
            ["prometheus"], ("prometheus",), ("prometheus",),
        ),
        (
            {
                "type": "adhoc",
                "name": "v",
                "filters": [{"key": "job", "operator": "=~", "value": "a.*"}],
            },
            [],
            ("job|=~|a.*",),
            ("job|=~|a.*",),
        ),
        (QUERY, [], (), ()),
        ({**QUERY, "includeAll": True}, ["$__all"], ("$__all",), ("All",)),
    ],
)  # fmt: skip
def test_a_variable_has_options_and_what_is_chosen(
    variable: dict[str, Any], options: list[str], values: tuple[str, ...], texts: tuple[str, ...]
) -> None:
    shown = _variable(variable)
    assert [option.value for option in shown.options] == options
    assert (shown.values, shown.texts) == (values, texts)


@pytest.mark.parametrize(
    ("current", "expected"),
    [(None, "a"), ("b", "b"), ("gone", "a"), (["gone", "b"], "b")],
)
def test_a_value_that_the_server_does_not_have_is_replaced_by_its_first_one(
    current: Any, expected: str
) -> None:
    chosen = {} if current is None else {"current": {"value": current, "text": current}}
    assert _variable({**QUERY, **chosen, "multi": True}, v=["a", "b"]).values == (expected,)


@pytest.mark.parametrize(
    ("chosen", "values"),
    [
        (("b",), ("b",)),
        (("$__all",), ("$__all",)),
        (("All",), ("$__all",)),
        (("elsewhere",), ("elsewhere",)),
    ],
)
def test_a_choice_is_kept_also_when_no_option_has_it(
    chosen: tuple[str, ...], values: tuple[str, ...]
) -> None:
    variable = {**QUERY, "includeAll": True}
    assert _variable(variable, View(variables={"v": chosen}), v=["a", "b"]).values == values


def test_a_choice_by_its_text_is_its_value() -> None:
    view = View(variables={"v": ("Pro",)})
    assert _variable(custom("v", "Free : 0, Pro : 1"), view).values == ("1",)


def test_a_view_says_what_is_chosen_of_everything() -> None:
    board = dashboard(variables=(custom("a", "1,2"), custom("b", "3,4", includeAll=True)))
    complete = viewed(board, View(time_from="now-1h", variables={"a": ("2",)})).view
    assert complete == View("now-1h", "now", {"a": ("2",), "b": ("$__all",)})


def test_variables_stand_in_every_text_of_a_panel_but_its_queries() -> None:
    several = custom("v", "A : a&b, B : c", ["a&b", "c"], multi=True)
    one = panel(
        1,
        title="$v at $__interval",
        description="of [[v]]",
        links=[{"title": "to ${v:csv}", "url": "/d/x?${v:queryparam}&${__url_time_range}"}],
        fieldConfig={"defaults": {"displayName": "$v ${__field.name}", "unit": "short"}},
        transformations=[{"id": "filterByValue", "options": {"value": "${v:pipe}"}}],
        targets=[{"expr": 'up{v=~"$v"}'}],
    )
    filled = next(viewed(dashboard(one, variables=(several,))).panels).panel
    assert filled["title"] == "A + B at 1m"
    assert filled["description"] == "of {a&b,c}"
    assert filled["links"][0]["title"] == "to a&b,c"
    assert filled["links"][0]["url"].startswith("/d/x?var-v=a%26b&var-v=c&from=17960")
    assert filled["fieldConfig"]["defaults"] == {"displayName": "{a&b,c} ${__field.name}", "unit": "short"}
    assert filled["transformations"][0]["options"]["value"] == "a&b|c"
    assert filled["targets"] == one["targets"]


def test_values_in_markdown_are_no_markup() -> None:
    text_panel = {**panel(1), "type": "text", "options": {"content": "# $v", "mode": "markdown"}}
    hostile = custom("v", "<script>alert(1)</script>")
    filled = next(viewed(dashboard(text_panel, variables=(hostile,))).panels).panel
    assert filled["options"]["content"] == "# &lt;script&gt;alert(1)&lt;/script&gt;"


def test_an_automatic_interval_is_the_length_of_a_step() -> None:
    auto = {"type": "interval", "name": "v", "query": "1m", "auto": True, "auto_count": 10, "auto_min": "1m"}
    board = dashboard(panel(1, description="$v", fieldConfig={"defaults": {}}), variables=(auto,))
    assert next(viewed(board).panels).panel["description"] == "30m"
    short = View(time_from="now-1m")
    assert next(viewed(board, short).panels).panel["description"] == "1m"

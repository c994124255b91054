"""Loops, environments, overlays and constants, and where their values were written."""

from typing import Any

import pytest

from dashgen.source.bookkeeping import Scope
from dashgen.source.provenance import Origin
from dashgen.source.resolve import resolve_values
from tests.source.helpers import document, resolved, resolved_all, told, under


def data(text: str, environment: str | None = None, **variables: Any) -> Any:
    return resolved(text, variables, environment).data


LOOPS = [
    ("for_each: [a, b]", "${{ item }}", ["a", "b"]),
    ("for_each: {t: [a, b]}", "${{ t }}", ["a", "b"]),
    ("for_each: {t: [a, b], n: [1, 2]}", "${{ t }}${{ n }}", ["a1", "a2", "b1", "b2"]),
    ("for_each: {t: {free: 10, pro: 100}}", "${{ t.key }}=${{ t.value }}", ["free=10", "pro=100"]),
    ("for_each: {t: [{name: x, cost: 1}]}", "${{ t.name }}${{ t.cost }}", ["x1"]),
    ("for_each: {t: '${{ tiers }}'}", "${{ t }}", ["free", "pro"]),
    ("for_each: '${{ tiers }}'", "${{ item }}", ["free", "pro"]),
    ("for_each: {n: '${{ range(3) }}'}", "n${{ n }}", ["n0", "n1", "n2"]),
    ("for_each: {t: []}", "${{ t }}", []),
    ("for_each: {t: [a], n: []}", "${{ t }}", []),
]


@pytest.mark.parametrize(("loop", "title", "titles"), LOOPS)
@pytest.mark.parametrize("items", ["panels", "rows", "queries", "rules", "variables", "links"])
def test_an_item_with_for_each_is_made_once_for_every_turn(
    loop: str, title: str, titles: list[str], items: str
) -> None:
    text = f"kind: Any\n{items}:\n  - {{title: first}}\n  - {{{loop}, title: '{title}'}}\n"
    assert [one["title"] for one in data(text, tiers=["free", "pro"])[items]] == ["first", *titles]


def test_loops_nest_and_inner_ones_see_outer_variables() -> None:
    text = """\
kind: Dashboard
rows:
  - for_each: {r: [x, y]}
    title: "${{ r }}"
    panels:
      - for_each: {p: [1, 2]}
        title: "${{ r }}${{ p }}"
"""
    assert data(text)["rows"] == [
        {"title": "x", "panels": [{"title": "x1"}, {"title": "x2"}]},
        {"title": "y", "panels": [{"title": "y1"}, {"title": "y2"}]},
    ]


def test_a_document_with_for_each_is_several_documents() -> None:
    result, problems = resolved_all(
        "kind: Dashboard\nfor_each: {t: [free, pro]}\nuid: d-${{ t }}\ntitle: T ${{ t }}\n"
    )
    assert problems == []
    assert [one.data for one in result] == [
        {"kind": "Dashboard", "uid": "d-free", "title": "T free"},
        {"kind": "Dashboard", "uid": "d-pro", "title": "T pro"},
    ]


JOINS = [
    ("{for_each: {q: [1, 2]}, title: T, query: 'a${{ q }}'}", [{"title": "T", "queries": [{"query": "a1"}, {"query": "a2"}]}]),
    (
        "{for_each: {q: [1, 2]}, title: T, query: 'a${{ q }}', legend: 'L${{ q }}'}",
        [{"title": "T", "queries": [{"query": "a1", "legend": "L1"}, {"query": "a2", "legend": "L2"}]}],
    ),
    ("{for_each: {q: [1, 2]}, title: 'T${{ q }}', query: a}", [{"title": "T1", "query": "a"}, {"title": "T2", "query": "a"}]),
    ("{for_each: {q: [1, 2]}, query: 'a${{ q }}'}", [{"queries": [{"query": "a1"}, {"query": "a2"}]}]),
    ("{for_each: {q: [1, 2]}, title: T, type: text}", [{"title": "T", "type": "text"}, {"title": "T", "type": "text"}]),
    (
        "{for_each: {q: [1, 2]}, title: T, queries: {x: 'a${{ q }}', y: b}}",
        [{"title": "T", "queries": [{"legend": "x", "query": "a1"}, {"legend": "y", "query": "b"}, {"legend": "x", "query": "a2"}, {"legend": "y", "query": "b"}]}],
    ),
    ("{for_each: {q: [1]}, title: T, query: a}", [{"title": "T", "query": "a"}]),
    (
        "{for_each: {q: [1, 2], t: [x, y]}, title: '${{ t }}', query: 'a${{ q }}'}",
        [{"title": "x", "queries": [{"query": "a1"}, {"query": "a2"}]}, {"title": "y", "queries": [{"query": "a1"}, {"query": "a2"}]}],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("panel", "panels"), JOINS)
def test_turns_with_one_title_are_one_panel_with_a_query_for_each(panel: str, panels: list[Any]) -> None:
    assert data(f"kind: Dashboard\npanels:\n  - {panel}\n")["panels"] == panels


def test_queries_of_a_joined_panel_are_found_where_they_were_written() -> None:
    text = "kind: Dashboard\npanels:\n  - title: first\n  - for_each: {t: [x, y], q: [1, 2]}\n    title: ${{ t }}\n    query: a${{ q }}\n  - title: last\n"
    result = resolved(text)
    for path in (("panels", 1, "queries", 1, "query"), ("panels", 2, "queries", 0, "query")):
        assert under(text, result.origin(path).location()) == "a${{ q }}"
    assert under(text, result.origin(("panels", 2, "title")).location()) == "${{ t }}"
    assert under(text, result.origin(("panels", 3, "title")).location()) == "last"


@pytest.mark.parametrize(
    "loop", ["3", "text", "{t: 3}", "{t: text}", "{}", "true", "{t: null}", "'${{ 3 }}'", "{a: [1], b: x}"]
)
def test_a_loop_over_anything_else_is_a_finding(loop: str) -> None:
    result, problems = resolved_all(f"kind: Dashboard\npanels:\n  - {{for_each: {loop}, title: T}}\n")
    assert [one.rule for one in problems] == ["for_each/type"]
    assert result[0].data["panels"] == []


@pytest.mark.parametrize(
    "text",
    [
        "kind: Dashboard\nfor_each: {a: '${{ range(1000) }}', b: '${{ range(1000) }}'}\n",
        "kind: Dashboard\npanels: [{for_each: {a: '${{ range(1000) }}', b: '${{ range(1000) }}'}}]\n",
        "kind: Dashboard\nrows: [{for_each: '${{ range(9000) }}', panels: [{for_each: '${{ range(9000) }}', title: x}]}]\n",
    ],
)
def test_loops_that_multiply_are_refused(text: str) -> None:
    result, problems = resolved_all(text)
    assert [one.rule for one in problems] == ["spec/size"]
    assert result == []


def test_loops_over_long_texts_are_refused_for_their_work() -> None:
    text = "kind: Dashboard\nrows: [{for_each: '${{ range(5000) }}', title: \"${{ 'x' * 100000 }}\"}]\n"
    _, problems = resolved_all(text)
    assert {(one.rule, one.message) for one in problems} == {
        ("expression/error", "the expressions do too much together")
    }


def test_a_mistake_in_a_loop_is_told_once_for_every_way_it_fails() -> None:
    _, problems = resolved_all("kind: Dashboard\npanels: [{for_each: [a, b], title: '${{ nope }}'}]\n")
    assert len({(one.message, one.location) for one in problems}) == 1


@pytest.mark.parametrize("loop", ["'${{ nope }}'", "{t: '${{ nope }}'}"])
def test_a_loop_whose_expression_fails_is_told_only_that(loop: str) -> None:
    _, problems = resolved_all(f"kind: Dashboard\npanels: [{{for_each: {loop}, title: x}}]\n")
    assert problems[0].message == "in `nope`: there is no `nope` here"
    assert len(problems) <= 2


ENVIRONMENTS = [
    ("when_env: prod", "prod", True), ("when_env: prod", "dev", False), ("when_env: prod", None, False),
    ("when_env: [dev, prod]", "dev", True), ("when_env: [dev]", "prod", False), ("when_env: []", "prod", False),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "environment", "there"), ENVIRONMENTS)
def test_when_env_keeps_documents_and_items_to_their_environments(
    condition: str, environment: str | None, there: bool
) -> None:
    result, problems = resolved_all(f"kind: Dashboard\n{condition}\ntitle: T\n", environment=environment)
    assert (problems, len(result)) == ([], int(there))
    panels = data(f"kind: Dashboard\npanels:\n  - {{title: A, {condition}}}\n  - title: B\n", environment)[
        "panels"
    ]
    assert panels == ([{"title": "A"}] if there else []) + [{"title": "B"}]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("kind: D\nwhen_env: prdo\n", "2:11 environment/unknown: there is no environment `prdo`"),
        ("kind: D\nwhen_env: [dev, 3]\n", "2:11 environment/unknown: there is no environment `3`"),
        (
            "kind: D\nwhen_env: {a: b}\n",
            "2:11 spec/type: `when_env` has to be an environment or a list of them",
        ),
        (
            "kind: D\nwhen_env: true\n",
            "2:11 spec/type: `when_env` has to be an environment or a list of them",
        ),
        ("kind: D\noverlays: {prdo: {a: b}}\n", "2:12 environment/unknown: there is no environment `prdo`"),
        (
            "kind: D\noverlays: [prod]\n",
            "2:11 spec/type: `overlays` has to be a mapping of environments to keys",
        ),
        (
            "kind: D\noverlays: {prod: 3}\n",
            "2:11 spec/type: `overlays` has to be a mapping of environments to keys",
        ),
        (
            "kind: D\na: {'${{ [1] }}': 1}\n",
            "2:5 expression/key: this expression gives no text, which a key has to be",
        ),
        ("kind: D\na: {b: 1, '${{ \"b\" }}': 2}\n", "2:11 expression/key: the key `b` is there already"),
        (
            "kind: D\na: {'${{ \"b\" }}': 1, 'b${{ \"\" }}': 2}\n",
            "2:22 expression/key: the key `b` is there already",
        ),
    ],
)
def test_wrong_environments_overlays_and_keys_are_findings(text: str, finding: str) -> None:
    assert told(resolved_all(text)[1]) == [finding]


def test_expressions_in_keys_give_text_and_know_their_lines() -> None:
    text = "kind: D\nfor_each: {n: [1, 2]}\nseries:\n  'up{n=\"${{ n }}\"}': '${{ n }}x5'\n  ${{ n }}: a\n"
    several, problems = resolved_all(text)
    assert problems == []
    assert [one.data["series"] for one in several] == [
        {'up{n="1"}': "1x5", "1": "a"},
        {'up{n="2"}': "2x5", "2": "a"},
    ]
    for one, number in zip(several, ("1", "2"), strict=True):
        assert str(one.origin(("series", f'up{{n="{number}"}}')).location(key=True)).endswith(":4:3")
        assert str(one.origin(("series", number)).location(key=True)).endswith(":5:3")


def test_an_unknown_name_in_a_key_is_found_at_the_key() -> None:
    assert told(resolved_all("kind: D\na: {'${{ nosuch }}': 1}\n")[1])[0].startswith("2:5 expression/error")


OVERLAY = """\
kind: Dashboard
vars: {window: 5m}
refresh: 30s
time_picker: {hidden: false, now_delay: 1m}
tags: [a]
panels: [{title: "${{ window }}"}]
overlays:
  prod:
    vars: {window: 1h}
    refresh: 1m
    time_picker: {now_delay: 2m}
    tags: [b, "${{ window }}"]
  dev: {panels: []}
"""


def test_an_overlay_is_merged_over_its_environment_only() -> None:
    assert data(OVERLAY)["refresh"] == "30s"
    assert data(OVERLAY, "dev")["panels"] == []
    prod = data(OVERLAY, "prod")
    assert prod["refresh"] == "1m"
    assert prod["time_picker"] == {"hidden": False, "now_delay": "2m"}
    assert prod["tags"] == ["b", "1h"]


def test_constants_of_an_overlay_hold_in_the_whole_document() -> None:
    assert data(OVERLAY, "prod")["panels"] == [{"title": "1h"}]


def test_values_of_an_overlay_are_found_in_the_overlay() -> None:
    result = resolved(OVERLAY, environment="prod")
    assert under(OVERLAY, result.origin(("refresh",)).location()) == "1m"
    assert under(OVERLAY, result.origin(("time_picker", "now_delay")).location()) == "2m"
    assert under(OVERLAY, result.origin(("time_picker", "hidden")).location()) == "false"
    assert under(OVERLAY, result.origin(("tags", 1)).location()) == '"${{ window }}"'


def test_a_component_used_in_an_overlay_is_found_at_its_own_line() -> None:
    text = "kind: Components\ncomponents: {c: {panel: {title: Inside}}}\n---\nkind: Dashboard\npanels: [{title: x}]\noverlays: {prod: {panels: [{use: c}]}}\n"
    result = resolved(text, environment="prod")
    assert under(text, result.origin(("panels", 0, "title")).location()) == "Inside"


def test_constants_see_the_project_and_those_above_them() -> None:
    result = data("kind: D\nvars: {a: '${{ app }}1', b: '${{ a }}2'}\ntitle: ${{ b }}\n", app="bot")
    assert result["title"] == "bot12"
    assert result["vars"] == {"a": "bot1", "b": "bot12"}


def test_a_failing_expression_leaves_its_key_or_item_out_and_the_rest_alone() -> None:
    result, problems = resolved_all(
        "kind: D\na: '${{ nope }}'\nb: ['${{ nope }}', 1]\nc: '${{ none }}'\nd: null\n"
    )
    assert len(problems) == 2
    assert result[0].data == {"kind": "D", "b": [1], "d": None}


def test_raw_lists_are_left_alone_but_their_expressions_are_evaluated() -> None:
    text = "kind: D\nraw: {list: [{use: x, for_each: [1]}], text: '${{ 1 + 1 }}'}\n"
    assert data(text)["raw"] == {"list": [{"use": "x", "for_each": [1]}], "text": 2}


def test_a_document_without_anything_to_resolve_is_the_data_itself() -> None:
    result = document("kind: D\ntitle: T\npanels: [{title: because: x}]\n".replace("because: x", "because"))
    assert resolved("kind: D\ntitle: T\n").data == {"kind": "D", "title": "T"}
    assert result.data["panels"] == [{"title": "because"}]


def test_values_outside_documents_resolve_too_and_stay_bounded() -> None:
    written = Origin(document("a: {b: '${{ n }}'}"), ("a",))
    assert resolve_values(written, {"b": "${{ n }}"}, Scope({"n": 3})) == ({"b": 3}, [])
    value, problems = resolve_values(
        written, [{"for_each": {"a": list(range(9000)), "b": list(range(9000))}}], Scope()
    )
    assert (value, [one.rule for one in problems]) == (None, ["spec/size"])


def test_values_of_a_map_may_be_for_some_environments_only() -> None:
    text = "kind: DataSources\ndatasources:\n  a: {type: loki, when_env: dev}\n  b: {type: loki, when_env: [prod, dev]}\n  c: {json_data: {x: {when_env: y}}}\n"
    kept = {"b": {"type": "loki"}, "c": {"json_data": {"x": {"when_env": "y"}}}}
    assert resolved(text, environment="prod").data["datasources"] == kept
    assert resolved(text, environment="dev").data["datasources"] == {"a": {"type": "loki"}, **kept}

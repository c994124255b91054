"""Components: parts with typed parameters, used by name, that never hide where they were written."""

from typing import Any

import pytest

from tests.source.helpers import load, resolved, resolved_all, told, under

KPI = """\
kind: Components
components:
  kpi:
    params:
      title: string
      query: {type: string, default: up}
      limit: {type: integer, default: 3}
      size: {type: string, default: small, one_of: [small, large]}
    panel:
      type: stat
      title: "${{ title }} (${{ size }})"
      query: topk(${{ limit }}, ${{ query }})
"""


def panels(text: str, **variables: Any) -> Any:
    return resolved(text, variables).data["panels"]


def test_a_use_becomes_the_body_with_its_arguments_and_defaults() -> None:
    text = KPI + "---\nkind: Dashboard\npanels:\n  - {use: kpi, with: {title: Cost, limit: 5}}\n"
    assert panels(text) == [{"type": "stat", "title": "Cost (small)", "query": "topk(5, up)"}]


def test_a_use_overrides_keys_of_the_body_and_merges_mappings() -> None:
    text = "kind: Components\ncomponents: {c: {panel: {title: A, legend: {show: true, calcs: [max]}}}}\n---\nkind: Dashboard\npanels:\n  - {use: c, width: 6, title: B, legend: {calcs: [min]}}\n"
    assert panels(text) == [{"title": "B", "width": 6, "legend": {"show": True, "calcs": ["min"]}}]


def test_a_component_of_several_panels_becomes_several_and_each_gets_the_overrides() -> None:
    text = "kind: Components\ncomponents: {c: {panels: [{title: A}, {title: B}]}}\n---\nkind: Dashboard\npanels: [{title: first}, {use: c, width: 6}, {title: last}]\n"
    assert panels(text) == [
        {"title": "first"},
        {"title": "A", "width": 6},
        {"title": "B", "width": 6},
        {"title": "last"},
    ]


def test_overrides_reach_every_turn_of_a_body_with_a_loop() -> None:
    text = "kind: Components\ncomponents: {c: {panel: {for_each: {t: [x, y]}, title: '${{ t }}'}}}\n---\nkind: Dashboard\npanels: [{use: c, width: 6}]\n"
    assert panels(text) == [{"title": "x", "width": 6}, {"title": "y", "width": 6}]


def test_components_use_components_and_pass_arguments_on() -> None:
    text = """\
kind: Components
components:
  inner: {params: {name: string}, panel: {title: "inner ${{ name }}"}}
  outer: {params: {name: string}, panel: {use: inner, with: {name: "of ${{ name }}"}, width: 3}}
---
kind: Dashboard
panels: [{use: outer, with: {name: x}}]
"""
    assert panels(text) == [{"title": "inner of x", "width": 3}]


def test_a_body_sees_its_parameters_and_the_project_but_not_the_loops_around_its_use() -> None:
    text = "kind: Components\ncomponents: {c: {panel: {title: '${{ app }} ${{ tier }}'}}}\n---\nkind: Dashboard\nvars: {tier: pro}\npanels:\n  - {use: c, for_each: {tier: [free]}}\n"
    _, problems = resolved_all(text, {"app": "bot"})
    assert [one.message for one in problems] == ["in `tier`: there is no `tier` here"]


def test_the_name_of_a_component_may_be_an_expression() -> None:
    text = "kind: Components\ncomponents: {a: {panel: {title: A}}, b: {panel: {title: B}}}\n---\nkind: Dashboard\npanels: [{use: '${{ n }}', for_each: {n: [b, a]}}]\n"
    assert panels(text) == [{"title": "B"}, {"title": "A"}]


def test_a_loop_around_a_use_passes_its_variables_as_arguments() -> None:
    text = (
        KPI
        + "---\nkind: Dashboard\npanels:\n  - {use: kpi, for_each: {t: [free, pro]}, with: {title: 'T ${{ t }}'}}\n"
    )
    assert [one["title"] for one in panels(text)] == ["T free (small)", "T pro (small)"]


@pytest.mark.parametrize("kind", ["row", "query", "rule", "variable", "annotation", "link"])
def test_every_kind_of_list_has_its_components(kind: str) -> None:
    plural = {"query": "queries"}.get(kind, kind + "s")
    text = f"kind: Components\ncomponents: {{one: {{{kind}: {{a: 1}}}}, two: {{{plural}: [{{a: 2}}, {{a: 3}}]}}}}\n---\nkind: Any\n{plural}: [{{use: one}}, {{use: two}}]\n"
    assert resolved(text).data[plural] == [{"a": 1}, {"a": 2}, {"a": 3}]


USES = [
    ("{use: kpy}", ["component/unknown: there is no component `kpy`"]),
    ("{use: kpi}", ["component/parameter: `kpi` needs the parameter `title`"]),
    ("{use: kpi, with: {titel: x, title: y}}", ["component/parameter: `kpi` has no parameter `titel`"]),
    ("{use: kpi, with: {title: 3}}", ["component/argument: the parameter `title` of `kpi`: expected string"]),
    (
        "{use: kpi, with: {title: x, limit: true}}",
        ["component/argument: the parameter `limit` of `kpi`: expected integer"],
    ),
    (
        "{use: kpi, with: {title: x, limit: 1.5}}",
        ["component/argument: the parameter `limit` of `kpi`: expected integer"],
    ),
    (
        "{use: kpi, with: {title: x, size: huge}}",
        ["component/argument: the parameter `size` of `kpi`: expected one of `small`, `large`"],
    ),
    ("{use: kpi, with: [x]}", ["spec/type: `with` has to be a mapping of parameters to values"]),
    ("{use: kpi, with: 0}", ["spec/type: `with` has to be a mapping of parameters to values"]),
    ("{use: kpi, with: {title: '${{ nope }}'}}", ["expression/error: in `nope`: there is no `nope` here"]),
    ("{use: '${{ nope }}'}", ["expression/error: in `nope`: there is no `nope` here"]),
    ("{use: [kpi]}", ["component/unknown: there is no component `['kpi']`"]),
]


@pytest.mark.parametrize(("use", "findings"), USES)
def test_a_wrong_use_is_one_finding_at_the_use(use: str, findings: list[str]) -> None:
    text = KPI + f"---\nkind: Dashboard\npanels:\n  - {use}\n"
    _, problems = resolved_all(text)
    assert [f"{one.rule}: {one.message}" for one in problems] == findings
    assert all(
        one.location is not None and one.location.span is not None and one.location.span.line == 16
        for one in problems
    )


def test_an_unknown_parameter_is_shown_at_its_name_and_a_wrong_argument_at_its_value() -> None:
    text = KPI + "---\nkind: Dashboard\npanels:\n  - {use: kpi, with: {titel: 1, title: 2}}\n"
    _, problems = resolved_all(text)
    assert [under(text, one.location) for one in problems] == ["titel", "2"]
    assert problems[0].hint == "did you mean `title`?"


def test_a_component_of_another_kind_is_refused() -> None:
    text = (
        "kind: Components\ncomponents: {v: {variable: {name: x}}}\n---\nkind: Dashboard\npanels: [{use: v}]\n"
    )
    _, problems = resolved_all(text)
    assert told(problems) == ["5:16 component/kind: `v` is a variable, and a panel is needed here"]


CYCLES = [
    "{a: {panel: {use: a}}}",
    "{a: {panel: {use: b}}, b: {panel: {use: a}}}",
    "{a: {panels: [{use: b}]}, b: {panels: [{use: c}, {use: c}]}, c: {panels: [{use: a}]}}",
    "{a: {row: {panels: [{use: p}]}}, p: {panel: {queries: [{use: q}]}}, q: {query: {use: q}}}",
]


@pytest.mark.parametrize("components", CYCLES)
def test_a_component_that_uses_itself_is_refused_and_points_at_every_use(components: str) -> None:
    location = "rows" if "row:" in components else "panels"
    text = f"kind: Components\ncomponents: {components}\n---\nkind: Dashboard\n{location}: [{{use: a}}]\n"
    _, problems = resolved_all(text)
    assert problems
    assert {one.rule for one in problems} == {"component/cycle"}
    assert all(
        one.related[-1].location.span is not None and one.related[-1].location.span.line == 5
        for one in problems
    )


def test_a_long_chain_of_components_is_refused() -> None:
    chain = (
        "".join(f"  c{n}: {{panel: {{use: c{n + 1}}}}}\n" for n in range(1500))
        + "  c1500: {panel: {title: x}}\n"
    )
    _, problems = resolved_all(
        f"kind: Components\ncomponents:\n{chain}---\nkind: Dashboard\npanels: [{{use: c0}}]\n"
    )
    assert [one.rule for one in problems] == ["component/depth"]


def test_components_that_multiply_are_refused() -> None:
    chain = (
        "".join(
            f"  c{n}: {{panels: [{{use: c{n + 1}}}, {{use: c{n + 1}}}, {{use: c{n + 1}}}]}}\n"
            for n in range(25)
        )
        + "  c25: {panel: {}}\n"
    )
    _, problems = resolved_all(
        f"kind: Components\ncomponents:\n{chain}---\nkind: Dashboard\npanels: [{{use: c0}}]\n"
    )
    assert [one.rule for one in problems] == ["spec/size"]


def test_a_mistake_inside_a_body_points_at_its_line_and_at_the_lines_that_used_it() -> None:
    text = """\
kind: Components
components:
  inner: {panel: {title: "${{ nope }}"}}
  outer: {panel: {use: inner}}
---
kind: Dashboard
panels:
  - use: outer
"""
    _, [result] = resolved_all(text)
    assert under(text, result.location) == '"${{ nope }}"'
    assert [(note.message, str(note.location)) for note in result.related] == [
        ("used here", "spec.yaml:4:18"),
        ("used here", "spec.yaml:8:5"),
    ]


def test_values_of_a_used_component_remember_where_they_were_written() -> None:
    text = (
        KPI
        + "---\nkind: Dashboard\npanels:\n  - {title: first}\n  - {use: kpi, with: {title: Cost}, width: 6}\n  - {title: last}\n"
    )
    result = resolved(text)
    places = {
        ("panels", 0, "title"): "first",
        ("panels", 1, "query"): "topk(${{ limit }}, ${{ query }})",
        ("panels", 1, "width"): "6",
        ("panels", 2, "title"): "last",
    }
    assert {path: under(text, result.origin(path).location()) for path in places} == places
    assert [str(note.location) for note in result.origin(("panels", 1, "query")).related()] == [
        "spec.yaml:17:5"
    ]
    assert result.origin(("panels", 1, "width")).related() == ()


def test_a_list_that_replaces_the_one_of_the_body_is_found_where_it_was_written() -> None:
    text = "kind: Components\ncomponents: {c: {panel: {queries: [{for_each: {n: [1, 2]}, query: 'a${{ n }}'}]}}}\n---\nkind: Dashboard\npanels:\n  - use: c\n    queries: [{query: own}]\n"
    result = resolved(text)
    assert result.data["panels"] == [{"queries": [{"query": "own"}]}]
    assert under(text, result.origin(("panels", 0, "queries", 0, "query")).location()) == "own"


DEFINITIONS = [
    ("components: []", "spec/type: `components` has to be a mapping of names to components"),
    ("{}", "spec/type: `components` has to be a mapping of names to components"),
    ("components: {c: x}", "spec/type: the component `c` has to be a mapping"),
    ("components: {c: {}}", "component/body: the component `c` needs exactly one body"),
    ("components: {c: {panel: {}, row: {}}}", "component/body: the component `c` needs exactly one body"),
    ("components: {c: {panel: {}, parms: {}}}", "spec/unknown-key: unknown key `parms` in a component"),
    (
        "components: {c: {panel: {}, params: [a]}}",
        "spec/type: `params` has to be a mapping of names to types",
    ),
    ("components: {c: {panel: {}, params: {a: text}}}", "component/type: unknown parameter type `text`"),
    (
        "components: {c: {panel: {}, params: {a: {type: [x]}}}}",
        "component/type: unknown parameter type `['x']`",
    ),
    (
        "components: {c: {panel: {}, params: {a: 3}}}",
        "spec/type: a parameter is a type name or a mapping with `type`",
    ),
    (
        "components: {c: {panel: {}, params: {a: {defualt: 1}}}}",
        "spec/unknown-key: unknown key `defualt` in a parameter",
    ),
    (
        "components: {c: {panel: {}, params: {a: {type: integer, default: x}}}}",
        "component/default: the default does not fit: expected integer",
    ),
    (
        "components: {c: {panel: {}, params: {a: {default: x, one_of: [y]}}}}",
        "component/default: the default does not fit: expected one of `y`",
    ),
    ("compnents: {}", "spec/unknown-key: unknown key `compnents`"),
]


@pytest.mark.parametrize(("body", "finding"), DEFINITIONS)
def test_a_wrong_definition_is_a_finding_even_when_nobody_uses_it(body: str, finding: str) -> None:
    text = "{kind: Components, " + body + "}" if body != "{}" else "{kind: Components}"
    _, problems = resolved_all(text)
    assert finding in [f"{one.rule}: {one.message}" for one in problems]


def test_a_component_defined_twice_is_a_finding() -> None:
    _, problems = resolved_all(
        "kind: Components\ncomponents: {c: {panel: {}}}\n---\nkind: Components\ncomponents: {c: {panel: {}}}\n"
    )
    assert told(problems) == ["5:14 component/duplicate: the component `c` is defined twice"]


@pytest.mark.parametrize("body", ["[a, b]", "text", "3", "null", "true"])
def test_a_body_that_is_no_mapping_is_a_finding_where_it_is_used(body: str) -> None:
    _, problems = resolved_all(
        f"kind: Components\ncomponents: {{c: {{panel: {body}}}}}\n---\nkind: Dashboard\npanels: [{{use: c}}]\n"
    )
    assert [one.rule for one in problems] == ["component/body"]


def test_a_use_is_seen_however_its_key_is_written() -> None:
    text = 'kind: Components\ncomponents: {c: {panel: {title: A}}}\n---\n{"kind": "Dashboard", "panels": [{"use" : "c"}]}\n'
    assert panels(text) == [{"title": "A"}]


def test_loading_helpers_keep_documents_apart() -> None:
    assert len(load(KPI + "---\nkind: Dashboard\n").documents) == 2


def test_what_a_component_computes_from_its_parameters_is_known_in_its_body() -> None:
    text = "kind: Components\ncomponents: {c: {params: {days: integer}, vars: {hours: '${{ days * 24 }}', twice: '${{ hours * 2 }}'}, panel: {title: '${{ days }} ${{ hours }} ${{ twice }}'}}}\n---\nkind: Dashboard\npanels: [{use: c, with: {days: 2}}]\n"
    assert panels(text) == [{"title": "2 48 96"}]


@pytest.mark.parametrize(
    ("constants", "finding"),
    [("[a]", "spec/type: `vars` has to be a mapping of names to values"), ("{a: '${{ nothing }}'}", "expression/error: in `nothing`: there is no `nothing` here")],
)  # fmt: skip
def test_what_cannot_be_computed_is_told(constants: str, finding: str) -> None:
    text = f"kind: Components\ncomponents: {{c: {{vars: {constants}, panel: {{title: x}}}}}}\n---\nkind: Dashboard\npanels: [{{use: c}}]\n"
    _, problems = resolved_all(text)
    assert [one.partition(" ")[2] for one in told(problems)] == [finding]

"""What a change touches is found wherever it is written, and each use at its line."""

import pytest

from dashgen.core.errors import DashgenError
from dashgen.project.impact.impact import impact_of, subjects
from dashgen.project.inspection import Inspection, inspect_project

SPECS = """\
kind: DataSources
datasources:
  metrics: {type: prometheus, name: Main, uid: main-uid, url: "http://p:9090", default: true}
  other: {type: prometheus, url: "http://p:9090"}
  loki: {url: "http://l:3100", derived_fields: [{name: T, label: trace, to: Main}]}
---
kind: Components
components:
  errors: {query: {query: "sum(errors_total)"}}
  wiki: {link: {title: Wiki, url: "https://wiki.example.com"}}
  slow: {rule: {alert: Slow, query: "sum(slow_total)", when: above 1, summary: S}}
  both: {panel: {title: Both, queries: [{use: errors}]}}
---
kind: AlertRules
group: loop
folder: F
datasource: metrics
rules:
  - {record: "a:x", query: "sum(b:x)"}
  - {record: "b:x", query: "sum(a:x)"}
  - {record: "c:x", query: "sum(y)", grafana: true, target: other}
  - {use: slow}
  - {alert: Named, query: 'ALERTS{team="x"}', when: above 1, labels: {team: "{{ $labels.team }}"}, summary: "{{ $labels.team }}"}
---
kind: Dashboard
uid: one
title: One
links: [{use: wiki}]
variables:
  - {name: shop, type: custom, values: [a]}
  - {name: step, type: interval}
  - {name: filters, type: adhoc, datasource: main-uid}
panels:
  - {title: Raw, raw: {targets: [{refId: A, expr: 'x{shop="$shop"}'}]}}
  - {title: Step, query: "sum(y)", interval: "$step"}
  - {title: Own, queries: [{use: errors}, {query: "sum(z)", datasource: other}]}
  - {use: both}
  - {title: Text, type: text, content: "For [[shop]]"}
---
kind: Dashboard
uid: two
title: Two
variables:
  - {name: shop, type: custom, values: [a]}
panels:
  - {title: Link, query: "sum(y)", links: [{title: L, url: "/d/one?from=now&var-shop=a"}]}
  - {title: Logs, type: logs, datasource: loki, query: '{shop="a"} |= "b" | logfmt | shop="c" | line_format "{{.shop}}"'}
"""


@pytest.fixture(scope="module")
def inspection(tmp_path_factory: pytest.TempPathFactory) -> Inspection:
    folder = tmp_path_factory.mktemp("impact")
    (folder / "dashgen.yaml").write_text("specs: [specs]\n", encoding="utf-8")
    (folder / "specs").mkdir()
    (folder / "specs/all.yaml").write_text(SPECS, encoding="utf-8")
    return inspect_project(folder)


@pytest.mark.parametrize(
    ("subject", "uses"),
    [
        ("metric:a:x", ["recording-rule a:x query via b:x", "recording-rule b:x query"]),
        ("metric:y", ["panel one/step query A", "panel two/link query A", "recording-rule c:x query"]),
        ("metric:errors_total", ["panel one/both query A", "panel one/own query A"]),
        (
            "datasource:main",
            [
                "alert-rule Named query A", "alert-rule Slow query A", "datasource loki derived_fields[0].to",
                "panel one/both query A", "panel one/own query A", "panel one/raw data source",
                "panel one/step query A", "panel two/link query A", "recording-rule a:x query",
                "recording-rule b:x query", "recording-rule c:x query", "variable one/filters data source",
            ],
        ),
        ("datasource:other", ["panel one/own query B", "recording-rule c:x target"]),
        ("datasource:loki", ["panel two/logs query A"]),
        (
            "variable:shop",
            ["panel one/raw raw.targets[0].expr", "panel one/text content", "panel two/link links[0].url"],
        ),
        ("variable:two/shop", []),
        ("variable:step", ["panel one/step interval"]),
        ("component:errors", ["component both panel", "panel one/both query via both", "panel one/own query"]),
        ("component:wiki", ["link one/Wiki link"]),
        ("component:slow", ["alert-rule Slow alert-rule"]),
        ("component:both", ["panel one/both panel"]),
        (
            "label:team",
            ["alert-rule Named label", "alert-rule Named labels.team", "alert-rule Named query A",
             "alert-rule Named summary"],
        ),
        ("label:shop", ["panel two/logs query A", "panel two/logs query A"]),
        ("label:trace", ["datasource loki derived_fields[0].label"]),
    ],
)  # fmt: skip
def test_every_use_is_listed(inspection: Inspection, subject: str, uses: list[str]) -> None:
    touched = impact_of(inspection, subject.replace("datasource:main", "datasource:metrics"))
    assert sorted(
        f"{use.kind} {use.name} {use.part}" + (f" via {' '.join(use.via)}" if use.via else "")
        for use in touched.uses
    ) == sorted(uses)


@pytest.mark.parametrize("name", ["metrics", "main", "main-uid"])
def test_a_data_source_has_several_names(inspection: Inspection, name: str) -> None:
    touched = impact_of(inspection, f"datasource:{name}")
    assert len(touched.uses) == 12
    assert [place.span.line for place in touched.definitions if place.span] == [3]


def test_a_use_stands_at_its_character(inspection: Inspection) -> None:
    lines = SPECS.split("\n")
    for use in impact_of(inspection, "label:shop").uses + impact_of(inspection, "metric:y").uses:
        assert use.location.span is not None
        text = lines[use.location.span.line - 1][use.location.span.column - 1 :]
        assert text.startswith(("shop=", "y)"))


@pytest.mark.parametrize(
    ("subject", "message"),
    [
        ("metric:z_total", "there is no metric `z_total`"),
        ("metric:erors_total", "there is no metric `erors_total`; did you mean `errors_total`?"),
        ("datasource:metric", "there is no data source `metric`; did you mean `metrics`?"),
        ("variable:three/shop", "there is no variable `three/shop`; did you mean `two/shop`?"),
        ("contact_point:x", "there is no contact point `x`; use one of: `grafana-default-email`"),
        ("errors", "`errors` has no kind; write `component:errors`"),
        ("nothing", "there is no kind `nothing`"),
        ("metrik:y", "there is no kind `metrik`; did you mean `metric`?"),
        ("", "there is no kind ``"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is_meant(
    inspection: Inspection, subject: str, message: str
) -> None:
    with pytest.raises(DashgenError) as refused:
        impact_of(inspection, subject)
    assert str(refused.value).startswith(message)


def test_every_subject_that_is_offered_is_taken(inspection: Inspection) -> None:
    offered = list(subjects(inspection))
    assert {"metric:a:x", "datasource:loki", "variable:one/shop", "component:both", "label:team"} <= {
        *offered
    }
    for subject in offered:
        impact_of(inspection, subject)


SECTIONS = """\
kind: DataSources
datasources:
  metrics: {type: prometheus, name: Main, uid: main-uid, url: "http://p:9090", default: true}
---
kind: Dashboard
uid: tabs
title: Tabs
variables:
  - {name: tier, type: custom, values: [free, pro]}
tabs:
  - title: A
    variables: [{name: quantile, type: custom, values: ["0.5"]}]
    rows:
      - title: R
        hide_when: {any: [{time_range: 7d}, {variable: tier, equals: free}]}
        panels: [{title: P, query: "up * $quantile", thresholds: {green: 0, red: {value: $quantile, fallback: 1}}}]
"""


def test_conditions_thresholds_and_queries_in_sections_use_variables(tmp_path) -> None:
    (tmp_path / "dashgen.yaml").write_text("format: v2\n", encoding="utf-8")
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/a.yaml").write_text(SECTIONS, encoding="utf-8")
    inspection = inspect_project(tmp_path)
    assert [(use.kind, use.name, use.part) for use in impact_of(inspection, "variable:tier").uses] == [
        ("row", "tabs/R", "hide_when.any[1].variable")
    ]
    assert [(use.kind, use.name, use.part) for use in impact_of(inspection, "variable:quantile").uses] == [
        ("panel", "tabs/p", "query"),
        ("panel", "tabs/p", "thresholds.red.value"),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "sum(${{ 'paid_total' if tier == 'gold' else 'all_total' }})",
        "${{ 'sum(paid_total)' if number > 3 else '0' }}",
    ],
)
def test_a_query_of_an_expression_that_has_nothing_of_its_value_is_found(tmp_path, query) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "dashgen.yaml").write_text("specs: [specs]\nvars: {tier: gold, number: 7}\n")
    source = 'kind: DataSources\ndatasources: {prometheus: {url: "http://p:9090", default: true}}\n---\n'
    panel = f'kind: Dashboard\nuid: d\ntitle: D\npanels:\n  - title: Paid\n    query: "{query}"\n'
    (tmp_path / "specs/d.yaml").write_text(source + panel)
    (use,) = impact_of(inspect_project(tmp_path), "metric:paid_total").uses
    assert (use.name, use.location.span.line) == ("d/paid", 9)

"""Rules that components bring are rules of the project like any other."""

from pathlib import Path

import pytest
import yaml

from dashgen.compile.rule_users import used_names
from tests.project.project import Project, new_project

COMPONENTS = """\
kind: Components
components:
  slo:
    params: {name: string, goal: {type: number, default: 99}}
    row:
      title: ${{ name }}
      panels: [{title: "${{ name }} errors", query: "slo:errors:${{ name }}_rate5m"}]
    rule_groups:
      - group: slo-${{ name }}
        rules:
          - {record: "slo:errors:${{ name }}_rate5m", query: "avg_over_time(errors_of_${{ name }}[5m])"}
          - {alert: "Burn ${{ name }}", query: "slo:errors:${{ name }}_rate5m", when: "above ${{ goal }}"}
  shared:
    params: {part: string, interval: {type: string, default: 1m}, folder: {type: string, default: null}}
    rule_groups:
      - group: all
        interval: ${{ interval }}
        folder: ${{ folder }}
        rules:
          - {record: "all:up:sum", query: sum(up)}
          - {record: "all:${{ part }}:sum", query: "sum(${{ part }})"}
  outer: {row: {title: Outer, panels: [{use: inner}]}}
  inner: {rule_groups: [{group: inner, folder: F, rules: [{record: "inner:up:sum", query: sum(up)}]}]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = new_project(tmp_path)
    project.write("specs/components.yaml", COMPONENTS)
    return project


def dashboard(uid: str, *uses: str, folder: str = "Shop") -> str:
    rows = "".join(f"  - {{{use}}}\n" for use in uses)
    return f"kind: Dashboard\nuid: {uid}\ntitle: The {uid}\nfolder: {folder}\nrows:\n{rows}"


def groups(project: Project) -> dict[str, list[str]]:
    """The names of rules by group, as Prometheus reads them."""
    result = {}
    for path in sorted((project.output / "rules/prometheus").glob("*.yaml")):
        for group in yaml.safe_load(path.read_text())["groups"]:
            result[group["name"]] = [rule.get("record") or rule["alert"] for rule in group["rules"]]
    return result


def folders(project: Project) -> dict[str, str]:
    rules = yaml.safe_load((project.output / "provisioning/alerting/rules.yaml").read_text())
    return {group["name"]: group["folder"] for group in rules["groups"]}


API = ["slo:errors:api_rate5m", "Burn api"]


def test_a_use_in_a_dashboard_gives_a_group_in_its_folder(project: Project) -> None:
    project.write("specs/shop.yaml", dashboard("shop", "use: slo, with: {name: api}"))
    assert project.build().diagnostics == []
    assert groups(project) == {"slo-api": API}
    assert folders(project) == {"slo-api": "Shop"}


def test_a_dashboard_without_a_folder_takes_that_of_the_project(project: Project) -> None:
    project.write("dashgen.yaml", "specs: [specs]\ndefaults: {dashboard: {folder: All}}\n")
    text = dashboard("shop", "use: slo, with: {name: api}").replace("folder: Shop\n", "")
    project.write("specs/shop.yaml", text)
    assert project.build().diagnostics == []
    assert folders(project) == {"slo-api": "All"}


def test_equal_uses_give_one_group_and_others_are_joined(project: Project) -> None:
    project.write(
        "specs/a.yaml", dashboard("a", "use: slo, with: {name: api}", "use: shared, with: {part: x}")
    )
    project.write(
        "specs/b.yaml",
        dashboard("b", "use: slo, with: {name: api}", "use: shared, with: {part: y}", folder="Other"),
    )
    assert project.build().diagnostics == []
    assert groups(project) == {"slo-api": API, "all": ["all:up:sum", "all:x:sum", "all:y:sum"]}
    assert folders(project) == {"slo-api": "Shop"}


@pytest.mark.parametrize(
    ("first", "second", "finding"),
    [
        (
            "use: slo, with: {name: api}",
            "use: slo, with: {name: api, goal: 50}",
            "specs/components.yaml:12:13 component/rule-conflict the rule `Burn api` has another meaning here than in an earlier use",
        ),
        (
            "use: shared, with: {part: x}",
            "use: shared, with: {part: x, interval: 5m}",
            "specs/b.yaml:6:45 component/rule-conflict the group `all` has another `interval` here than in an earlier use",
        ),
        (
            "use: shared, with: {part: x, folder: A}",
            "use: shared, with: {part: x, folder: B}",
            "specs/b.yaml:6:43 component/rule-conflict the group `all` has another `folder` here than in an earlier use",
        ),
    ],
)  # fmt: skip
def test_two_meanings_are_told_at_the_second_use(
    project: Project, first: str, second: str, finding: str
) -> None:
    project.write("specs/a.yaml", dashboard("a", first))
    project.write("specs/b.yaml", dashboard("b", second))
    [found] = project.build().diagnostics
    assert finding == f"{found.location} {found.rule} {found.own_message}"
    # What differs may be an argument: then the line of the component that takes it is named, too.
    by_argument = ["specs/components.yaml"] if found.brought_by else []
    assert [one.location.file for one in found.related] == [
        *by_argument, "specs/b.yaml", "specs/components.yaml", "specs/a.yaml",
    ]  # fmt: skip


def test_a_group_of_the_project_with_that_name_is_told(project: Project) -> None:
    project.write("specs/a.yaml", dashboard("a", "use: slo, with: {name: api}"))
    project.write(
        "specs/r.yaml",
        "kind: AlertRules\ngroup: slo-api\nfolder: F\nrules: [{record: 'a:b', query: sum(up)}]\n",
    )
    [found] = project.build().diagnostics
    assert (found.rule, found.related[0].location.file) == ("alert/duplicate-group", "specs/r.yaml")


@pytest.mark.parametrize("use", ["use: outer", '"use": "outer"', "use:\n      outer", "use: &x outer"])
def test_rules_come_through_components_however_the_use_is_written(project: Project, use: str) -> None:
    text = dashboard("a").replace("rows:\n", f"rows:\n  - {use}\n")
    project.write("specs/a.yaml", text)
    assert project.build().diagnostics == []
    assert groups(project) == {"inner": ["inner:up:sum"]}


def test_a_computed_name_brings_rules_too(project: Project) -> None:
    project.write("specs/a.yaml", dashboard("a", "for_each: {c: [outer]}, use: '${{ c }}'"))
    assert project.build().diagnostics == []
    assert groups(project) == {"inner": ["inner:up:sum"]}


def everything(project: Project, **options: object) -> dict[str, bytes]:
    report = project.build(**options)
    assert report.diagnostics == []
    return project.files()


def test_cold_cached_and_parallel_builds_are_the_same(project: Project) -> None:
    for number in range(4):
        project.write(
            f"specs/d{number}.yaml", dashboard(f"d{number}", f"use: slo, with: {{name: n{number}}}")
        )
        project.dashboard(f"plain{number}")
    cold = everything(project, use_cache=False)
    assert everything(project, use_cache=False, processes=3) == cold
    assert everything(project) == cold
    project.dashboard("plain1", "Changed")
    project.write("specs/d1.yaml", dashboard("d1", "use: slo, with: {name: n1, goal: 5}"))
    changed = everything(project)
    assert changed != cold
    assert everything(project, use_cache=False) == changed


def test_a_component_that_gets_rules_later_brings_them_to_files_in_the_cache(project: Project) -> None:
    plain = "kind: Components\ncomponents:\n  kpi: {row: {title: K, panels: [{title: P, query: up}]}}\n"
    project.write("specs/components.yaml", plain)
    project.write("specs/a.yaml", dashboard("a", "use: kpi"))
    everything(project)
    assert groups(project) == {}
    project.write(
        "specs/components.yaml",
        plain.replace(
            "}}\n", "}, rule_groups: [{group: g, rules: [{record: 'a:b:sum', query: sum(up)}]}]}\n"
        ),
    )
    cached = everything(project)
    assert groups(project) == {"g": ["a:b:sum"]}
    assert everything(project, use_cache=False) == cached
    project.write("specs/components.yaml", plain)
    everything(project)
    assert groups(project) == {}


def test_recorded_names_are_known_to_the_contract(project: Project) -> None:
    project.write("specs/metrics.yaml", "kind: Metrics\nmetrics:\n  errors_of_api: {type: gauge, help: E.}\n")
    project.write("specs/a.yaml", dashboard("a", "use: slo, with: {name: api}"))
    project.write(
        "specs/b.yaml",
        dashboard("b").replace("rows:\n", "panels: [{title: T, query: 'slo:errors:api_rate5m'}]\n"),
    )
    messages = [one.message for one in project.build().diagnostics]
    assert messages == ["the metric `http_requests_total` is in no `Metrics` spec"] * 2


def test_an_environment_has_rules_of_its_own(project: Project) -> None:
    project.write(
        "dashgen.yaml", "specs: [specs]\nenvironments: {prod: {vars: {goal: 5}}}\nvars: {goal: 7}\n"
    )
    project.write("specs/a.yaml", dashboard("a", "use: slo, with: {name: api, goal: '${{ goal }}'}"))
    assert project.build(environment="prod").diagnostics == []
    assert "> 5" in (project.output / "rules/prometheus/slo-api.yaml").read_text()
    assert project.build().diagnostics == []
    assert "> 7" in (project.output / "rules/prometheus/slo-api.yaml").read_text()


def test_commands_that_list_and_explain_know_the_rules(project: Project) -> None:
    project.write("specs/a.yaml", dashboard("a", "use: slo, with: {name: api}"))
    project.build()
    listed = project.run("list", "alert-rule").out
    assert "burn-api" in listed
    assert "specs/components.yaml:12" in listed
    impact = project.run("impact", "component:slo").out
    assert "Burn api" in impact
    assert "slo:errors:api_rate5m" in impact
    assert "specs/a.yaml:6" in impact


def test_faults_in_the_rules_of_a_component_that_nobody_uses_are_told(project: Project) -> None:
    text = "kind: Components\ncomponents: {c: {rule_groups: [{group: g, intervall: 5m, rules: [{alert: A, wen: above 5}]}]}}\n"
    project.write("specs/components.yaml", text)
    found = [one.message for one in project.build().diagnostics]
    assert found == ["unknown key `intervall`", "unknown key `wen`"]


def test_a_fault_behind_a_shipped_component_is_in_its_argument(project: Project) -> None:
    use = "use: std/red, with: {requests: 'up{', errors: up, duration: up}"
    project.write("specs/a.yaml", dashboard("a", use))
    found = project.build().diagnostics
    assert {(str(one.location), one.brought_by) for one in found} == {
        ("specs/a.yaml:6:40", "the argument `requests` of `std/red`"),
    }
    assert {one.related[0].message.partition(" of ")[2] for one in found} == {"the component `std/red`"}


def test_a_name_that_only_the_project_file_has_is_told(project: Project) -> None:
    # Which files bring rules is told by their texts, and this one has no name in it.
    project.write("dashgen.yaml", "specs: [specs]\nvars: {c: std/slo}\n")
    project.write(
        "specs/components.yaml", "kind: Components\ncomponents: {c: {panel: {title: A, query: up}}}\n"
    )
    use = "use: '${{ c }}', with: {name: a, errors: 'sum(rate(e_total[$window]))', total: 'sum(rate(t_total[$window]))'}"
    project.write("specs/a.yaml", dashboard("a", use))
    assert {one.rule for one in project.build().diagnostics} == {"component/hidden-name"}


def test_the_impact_of_a_shipped_component_is_listed(project: Project) -> None:
    use = "use: std/slo, with: {name: a, errors: 'sum(rate(e_total[$window]))', total: 'sum(rate(t_total[$window]))'}"
    project.write("specs/a.yaml", dashboard("a", use))
    project.build()
    finished = project.run("impact", "component:std/slo")
    assert finished.code == 0
    assert "slo:error_ratio:a_rate30d" in finished.out
    assert "1 dashboard and 14 rules" in finished.out


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("panels: [{title: user: x}]", ()),
        ("- use: std/slo\n- use: kpi\n- {use: kpi, with: {a: b}}", ("kpi", "std/slo")),
        ("- \"use\" : 'a-b.c_d'", ("a-b.c_d",)),
        ("- use:\n    kpi", ("kpi",)),
        ("because: x\nreuse: y", ()),
        ("- use: ${{ item }}", ("",)),
        ("- use: kpi-${{ item }}", ("",)),
        ("- use: *name", ("",)),
        ("- use: &name kpi", ("",)),
        ("- use: ${{ item }}\n- for_each: [std/slo]", ("", "std/")),
        ('- use: "std/${{ item }}"', ("", "std/")),
        ("- use: >-\n    kpi", ("",)),
    ],
)
def test_a_text_tells_which_components_it_uses(text: str, names: tuple[str, ...]) -> None:
    assert used_names(text) == names

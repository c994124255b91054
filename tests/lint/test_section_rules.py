"""What lint rules find in tabs, in rows in them and in arranged panels, and what they leave alone."""

from pathlib import Path

import pytest

from tests.project.project import SOURCES, Project

HEAD = "kind: Dashboard\nuid: d\ntitle: D\nrefresh: 1m\n"
P = "panels: [{title: P, query: up}]"
MANY = "[" + ", ".join(f"{{title: P{number}, query: 'up == {number}'}}" for number in range(41)) + "]"


def found(tmp_path: Path, body: str, rule: str) -> list[str]:
    """The messages of a rule about a dashboard."""
    project = Project(tmp_path)
    project.write(
        "dashgen.yaml", f"format: v2\ngrafana: '13.3'\nlint: {{preset: strict, select: ['{rule}']}}\n"
    )
    project.write("specs/sources.yaml", SOURCES)
    project.write("specs/d.yaml", HEAD + body)
    lines = project.run("lint").out + project.run("lint").err
    return [line.partition(": ")[2] for line in lines.splitlines() if f"[{rule}]" in line][:1]


@pytest.mark.parametrize(
    ("rule", "body", "message"),
    [
        ("row/empty", f"tabs: [{{title: A, rows: [{{title: R, {P}}}]}}]\n", None),
        ("row/empty", f"tabs: [{{title: A, {P}}}, {{title: B, rows: [{{title: R}}]}}]\n", "the row `R` has no panels"),
        ("row/same-title", f"tabs: [{{title: A, rows: [{{title: R, {P}}}]}}, {{title: B, rows: [{{title: R, {P}}}]}}]\n", None),
        ("row/same-title", f"tabs: [{{title: A, rows: [{{title: R, {P}}}, {{title: R, {P}}}]}}]\n", "another row is called `R` too"),
        ("row/same-title", f"tabs: [{{title: A, {P}}}, {{title: A, {P}}}]\n", "another tab is called `A` too"),
        ("row/gap", "tabs: [{title: A, layout: {columns: 5}, panels: [{title: P, query: up}, {title: Q, query: up}, {title: S, query: up}, {title: T, query: up}, {title: U, query: up}, {title: V, query: up}]}]\n", None),
        ("dashboard/too-many-panels", f"tabs: [{{title: A, {P}}}, {{title: B, panels: {MANY}}}]\n", None),
        ("dashboard/too-many-panels", f"tabs: [{{title: A, panels: {MANY}}}, {{title: B, {P}}}]\n", "41 panels are open at first, more than"),
        ("panel/too-small", "layout: {columns: 12, row_height: 60}\npanels: [{title: P, query: up}]\n", None),
        ("variable/unused", f"variables: [{{name: tier, type: textbox}}]\ntabs: [{{title: A, show_when: {{variable: tier, equals: x}}, {P}}}]\n", None),
        ("variable/unused", f"tabs: [{{title: A, variables: [{{name: tier, type: textbox}}], {P}}}]\n", "nothing on the dashboard uses the variable `tier`"),
        ("variable/unused", "variables: [{name: limit, type: constant, value: '5'}]\npanels: [{title: P, query: up, thresholds: {green: 0, red: $limit}}]\n", None),
    ],
)  # fmt: skip
def test_rules_know_what_stands_together(tmp_path: Path, rule: str, body: str, message: str | None) -> None:
    messages = found(tmp_path, body, rule)
    assert len(messages) == (message is not None)
    assert all(message is not None and one.startswith(message) for one in messages)

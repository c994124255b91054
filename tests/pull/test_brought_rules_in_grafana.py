"""Edits of rules that components bring are written into the component or its use, or are left."""

import pytest

from tests.pull.rule_support import edit, pull, pushed, spec_of

BROUGHT = """\
kind: Components
components:
  slo:
    params: {name: string, goal: {type: number, default: 5}}
    row: {title: "${{ name }}", panels: [{title: "${{ name }} up", query: up}]}
    rule_groups:
      - group: slo-${{ name }}
        interval: 1m
        rules:
          - alert: Burn-${{ name }}
            query: sum(rate(shop_errors_total[5m]))
            when: above ${{ goal }}
            for: 5m
---
kind: Dashboard
uid: slos
title: SLOs
folder: Sales
rows:
  - use: slo
    with: {name: api}
"""


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        ({"for": "9m"}, "            for: 5m", "            for: 9m"),
        ({"isPaused": True}, "            for: 5m\n", "            for: 5m\n            paused: true\n"),
    ],
)
def test_an_edit_of_a_brought_rule_is_written_into_its_component(fake, tmp_path, changes, old, new):
    project = pushed(tmp_path, fake, BROUGHT)
    edit(fake, "burn-api", **changes)
    done = pull(project)
    assert done.code == 0, done
    assert spec_of(project) == BROUGHT.replace(old, new)
    fake.log.clear()
    assert project.push().code == 0
    assert fake.log.writes == []


SHIPPED = """\
kind: Dashboard
uid: slos
title: SLOs
folder: Sales
rows:
  - use: std/slo
    with:
      name: api
      errors: sum(rate(shop_errors_total[$window]))
      total: sum(rate(shop_orders_total[$window]))
"""


def test_an_edit_of_what_dashgen_ships_is_left_and_named(fake, tmp_path):
    project = pushed(tmp_path, fake, SHIPPED)
    edit(fake, "api-burns-budget-fast", **{"for": "9m"})
    done = pull(project)
    assert spec_of(project) == SHIPPED
    assert "alert rule ApiBurnsBudgetFast: fires after 2m → 9m" in done.stdout
    assert "Traceback" not in done.stderr

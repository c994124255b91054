"""Edits of rules that loops, expressions and components make are written where the values come from."""

import pytest

from tests.pull.rule_support import edit, expr, pull, pushed, spec_of

INDIRECT = """\
kind: AlertRules
group: indirect
folder: Sales/Alerts
rules:
  - for_each: {tier: [free, pro]}
    alert: Slow-${{ tier }}
    query: sum(rate(shop_errors_total{tier="${{ tier }}"}[5m]))
    when: above 5
    for: 5m
    labels: {tier: "${{ tier }}"}
  - use: quiet
    with: {name: Quiet, metric: shop_orders_total}
  - record: shop:errors:rate5m
    grafana: true
    query: sum(rate(shop_errors_total[5m]))
---
kind: Components
components:
  quiet:
    params: {name: {type: string}, metric: {type: string}, limit: {type: number, default: 1}}
    rule:
      alert: ${{ name }}
      query: sum(rate(${{ metric }}[5m]))
      when: below ${{ limit }}
      for: 5m
"""
INDIRECTLY = [
    ("a query around expressions", lambda f: expr(f, "slow-free", "A", 'avg(rate(shop_errors_total{tier="free"}[5m]))'),
     lambda f: expr(f, "slow-pro", "A", 'avg(rate(shop_errors_total{tier="pro"}[5m]))'),
     [("query: sum(rate(shop_errors_total{", "query: avg(rate(shop_errors_total{")]),
    ("every turn of a loop", lambda f: edit(f, "slow-free", **{"for": "9m"}), lambda f: edit(f, "slow-pro", **{"for": "9m"}),
     [("for: 5m\n    labels", "for: 9m\n    labels")]),
    ("one turn of a loop", lambda f: edit(f, "slow-pro", **{"for": "9m"}), None,
     [("for: 5m\n    labels", "for: ${{ '9m' if tier == 'pro' else '5m' }}\n    labels")]),
    ("what a component's only user says", lambda f: edit(f, "quiet", **{"for": "9m"}), None,
     [("when: below ${{ limit }}\n      for: 5m", "when: below ${{ limit }}\n      for: 9m")]),
    ("a recording rule's query", lambda f: expr(f, "shop-errors-rate5m", "A", "sum(rate(shop_errors_total[9m]))"), None,
     [("query: sum(rate(shop_errors_total[5m]))", "query: sum(rate(shop_errors_total[9m]))")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "another", "wanted"), [case[1:] for case in INDIRECTLY], ids=[case[0] for case in INDIRECTLY]
)
def test_an_edit_is_written_where_the_value_comes_from(fake, tmp_path, change, another, wanted):
    project = pushed(tmp_path, fake, INDIRECT)
    change(fake)
    if another is not None:
        another(fake)
    done = pull(project)
    assert done.code == 0, done
    expected = INDIRECT
    for old, new in wanted:
        assert old in expected
        expected = expected.replace(old, new)
    assert spec_of(project) == expected
    fake.log.clear()
    assert project.push().code == 0
    assert fake.log.writes == []


OTHER = """\
kind: AlertRules
group: other
folder: Sales/Alerts
rules:
  - use: quiet
    with: {name: Calm, metric: shop_errors_total}
"""


def test_a_component_that_others_use_too_is_overridden(fake, tmp_path):
    project = pushed(tmp_path, fake, INDIRECT, **{"specs/other.yaml": OTHER})
    edit(fake, "quiet", **{"for": "9m"})
    done = pull(project)
    assert done.code == 0, done
    old = "with: {name: Quiet, metric: shop_orders_total}\n"
    assert spec_of(project) == INDIRECT.replace(old, f"{old}    for: 9m\n")
    assert spec_of(project, "specs/other.yaml") == OTHER

"""A project with alert rules that was pushed, and edits of them as the UI makes them."""

from copy import deepcopy

from tests.sync.support import FILES, Project

RATIO = "sum(rate(shop_errors_total[5m])) / sum(rate(shop_orders_total[5m]))"
SPEC = """\
# Is the shop well?
kind: AlertRules
group: shop-health
folder: Sales/Alerts
interval: 1m
labels: {team: shop}   # everybody's
rules:
  # Errors wake people up.
  - alert: ManyErrors   # the one that matters
    query: sum(rate(shop_errors_total[5m])) / sum(rate(shop_orders_total[5m]))
    when: above 10%     # of orders
    for: 5m
    severity: warning
    summary: "{{ $value | humanizePercentage }} of orders fail"
    panel: shop/orders

  - alert: FewOrders
    queries:
      now: sum(rate(shop_orders_total[5m]))
      before: sum(rate(shop_orders_total[5m] offset 1d))
      share: {math: $now / $before}
    when: below 0.5
    for: 10m
    outputs: [grafana]
    labels: {tier: free}
    contact_point: ops
"""


def pushed(folder, fake, alerts=SPEC, **more) -> Project:
    project = Project(folder, fake, {**FILES, "specs/alerts.yaml": alerts, **more})
    done = project.push()
    assert done.code == 0, done
    return project


def edit(fake, uid, **changes):
    """An edit in the UI, which saves the whole rule."""
    rule = fake.store.rules[uid]
    rule |= {**deepcopy(changes), "updated": "2026-02-01T00:00:00Z"}


def entry(fake, uid, ref):
    return next(entry for entry in fake.store.rules[uid]["data"] if entry["refId"] == ref)


def threshold(fake, uid, **evaluator):
    rule = fake.store.rules[uid]
    entry(fake, uid, rule["condition"])["model"]["conditions"][0]["evaluator"] |= evaluator


def pull(project, *arguments):
    return project.run("pull", "--url", project.fake.url, *arguments)


def spec_of(project, name="specs/alerts.yaml"):
    return (project.folder / name).read_text(encoding="utf-8")


def expr(fake, uid, ref, text):
    entry(fake, uid, ref)["model"]["expr"] = text


def summary(fake, text):
    fake.store.rules["many-errors"]["annotations"]["summary"] = text


def annotations(fake, uid, **texts):
    fake.store.rules[uid]["annotations"] |= texts


def labels(fake, uid, **texts):
    fake.store.rules[uid]["labels"] |= texts


def interval(fake, seconds):
    for key in fake.store.intervals:
        fake.store.intervals[key] = seconds

"""Every edit of a panel, wherever the spec says what it changes: in the panel, a component, a loop, defaults, an anchor.

The patches are in `patches/`. A line with ``! lost`` there names a comment that went with what it was about: a query that
became a list of queries, a loop or an alias that was written out.
"""

from pathlib import Path

import pytest

from tests.golden import check
from tests.pull.edits import PANEL
from tests.pull.support import Pulled, open_specs, panel

PATCHES = Path(__file__).parent / "patches"
HEAD = """\
# The shop.
kind: Dashboard
uid: shop
title: Shop
variables:
  - {name: tier, query: "label_values(up, tier)"}
"""
BODY = """\
query: sum by (status) (rate(orders_total[5m]))  # all of them
unit: reqps
description: How many.
thresholds: {green: 0, red: 80}
"""


def _indented(text: str, depth: int) -> str:
    return "".join(f"{' ' * depth}{line}\n" for line in text.splitlines())


def _component(body: str) -> str:
    return f"kind: Components\ncomponents:\n  orders:\n    params: {{title: string}}\n    # the body\n    panel:\n      title: ${{{{ title }}}}\n{_indented(body, 6)}"


PLAIN = f"{HEAD}panels:\n  # first\n  - title: Orders\n{_indented(BODY, 4)}  - {{title: Up, query: up}}\n"
ONE_USE = (
    f"{HEAD}panels:\n  - use: orders   # here\n    with: {{title: Orders}}\n  - {{title: Up, query: up}}\n"
)
TWO_USES = f"{HEAD}panels:\n  - use: orders   # here\n    with: {{title: Orders}}\n  - use: orders\n    with: {{title: Others}}\n"
LOOP = f"{HEAD}panels:\n  - title: ${{{{ name }}}}   # looped\n    for_each: {{name: [Orders, Others]}}\n{_indented(BODY, 4)}"
LOOP_OF_USES = f"{HEAD}panels:\n  - use: orders   # looped\n    for_each: {{name: [Orders, Others]}}\n    with: {{title: '${{{{ name }}}}'}}\n"
DEFAULTS = "specs: [specs]\ndefaults:\n  panel:\n    unit: reqps   # for all\n    description: How many.\n    thresholds: {green: 0, red: 80}\n"
DEFAULTED = f"{HEAD}panels:\n  - title: Orders\n    query: sum by (status) (rate(orders_total[5m]))\n  - {{title: Up, query: up}}\n"
ANCHORS = f"{HEAD}panels:\n  - &orders\n    title: Orders\n{_indented(BODY, 4)}  - <<: *orders   # the same again\n    title: Others\n"
ALIAS = f"{HEAD}panels:\n  - <<: *orders   # the same again\n    title: Orders\n  - {{title: Up, query: up}}\n".replace(
    "variables:", f"vars:\n  orders: &orders\n    title: x\n{_indented(BODY, 4)}variables:"
)
VARS = f"{HEAD}vars: {{window: 5m, unit: reqps, top: 80}}\npanels:\n  - title: Orders\n    query: sum by (status) (rate(orders_total[${{{{ window }}}}]))\n    unit: ${{{{ unit }}}}\n    description: How many.\n    thresholds: {{green: 0, red: '${{{{ top }}}}'}}\n  - {{title: Up, query: up}}\n"
ORIGINS = {
    "plain": {"specs/shop.yaml": PLAIN},
    "component-one-use": {"specs/shop.yaml": ONE_USE, "specs/parts.yaml": _component(BODY)},
    "component-two-uses": {"specs/shop.yaml": TWO_USES, "specs/parts.yaml": _component(BODY)},
    "loop": {"specs/shop.yaml": LOOP},
    "loop-of-uses": {"specs/shop.yaml": LOOP_OF_USES, "specs/parts.yaml": _component(BODY)},
    "defaults": {"specs/shop.yaml": DEFAULTED, "dashgen.yaml": DEFAULTS},
    "anchor": {"specs/shop.yaml": ANCHORS},
    "alias": {"specs/shop.yaml": ALIAS},
    "vars": {"specs/shop.yaml": VARS},
}


@pytest.mark.parametrize("origin", ORIGINS)
def test_every_edit_comes_back_as_the_smallest_patch(origin, tmp_path):
    project = open_specs(tmp_path, ORIGINS[origin])
    shown = []
    for name, edit in PANEL.items():
        result = Pulled(project, "shop", lambda data, edit=edit: edit(panel(data, "Orders")))
        rest = [f"! {scope}: {sorted(paths, key=str)}" for scope, paths in result.rest.items()]
        lost = [f"! lost {comment}" for comment in result.lost_comments]
        shown.append("\n".join(part for part in (f"== {name}", result.changed, *rest, *lost) if part))
    text = "\n".join(shown) + "\n"
    check(PATCHES / f"{origin}.txt", text)
    assert "\n! panel" not in text

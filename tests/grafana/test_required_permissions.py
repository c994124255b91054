"""Which permissions an account lacks, by scope."""

import pytest

from dashgen.servers.grafana.permission_table import TABLE, ResourceAccess, find_row
from dashgen.servers.grafana.required_permissions import Need, missing_permissions
from dashgen.sync.push.command_permissions import PUSHED
from dashgen.sync.push.kinds import resource_kinds

_UPDATE = Need("dashboard", ResourceAccess.UPDATE, "shop", ("alerts", "sales"), "dashboard `shop`")
_CREATE = Need("dashboard", ResourceAccess.CREATE, "shop", ("general",), "dashboard `shop`")
_GROUP = Need(
    "rule-group",
    ResourceAccess.UPDATE,
    "x/y",
    ("alerts", "sales"),
    "rule group `y`",
    queried=("prom", "loki"),
)
_RULES = {
    "alert.rules:read": ("folders:*",),
    "folders:read": ("folders:*",),
    "alert.rules:write": ("folders:uid:sales",),
    "alert.provisioning.provenance:write": ("",),
}
CASES: dict[str, tuple[Need, dict[str, tuple[str, ...]], list[str]]] = {
    "on the dashboard": (_UPDATE, {"dashboards:write": ("dashboards:uid:shop",)}, []),
    "on its folder": (_UPDATE, {"dashboards:write": ("folders:uid:alerts",)}, []),
    "on a folder above": (_UPDATE, {"dashboards:write": ("folders:uid:other", "folders:uid:sales")}, []),
    "on all folders": (_UPDATE, {"dashboards:write": ("folders:*",)}, []),
    "on all folders by uid": (_UPDATE, {"dashboards:write": ("folders:uid:*",)}, []),
    "on all dashboards": (_UPDATE, {"dashboards:write": ("dashboards:*",)}, []),
    "on everything": (_UPDATE, {"dashboards:write": ("*",)}, []),
    "on another folder only": (
        _UPDATE,
        {"dashboards:write": ("folders:uid:other",)},
        ["dashboards:write folders:uid:alerts"],
    ),
    "on a folder whose uid begins alike": (
        _UPDATE,
        {"dashboards:write": ("folders:uid:alerts-2",)},
        ["dashboards:write folders:uid:alerts"],
    ),
    "on another dashboard only": (
        _UPDATE,
        {"dashboards:write": ("dashboards:uid:other",)},
        ["dashboards:write folders:uid:alerts"],
    ),
    "not at all": (_UPDATE, {}, ["dashboards:write folders:uid:alerts"]),
    "as a set of actions": (_UPDATE, {"folders:edit": ("folders:uid:sales",)}, []),
    "as a set that only reads": (
        _UPDATE,
        {"folders:view": ("folders:uid:sales",)},
        ["dashboards:write folders:uid:alerts"],
    ),
    "at the root": (_CREATE, {"dashboards:create": ("folders:uid:general",)}, []),
    "in a folder, for the root": (
        _CREATE,
        {"dashboards:create": ("folders:uid:sales",)},
        ["dashboards:create folders:uid:general"],
    ),
    "rules by their folder": (_GROUP, {**_RULES, "datasources:query": ("*",)}, []),
    "rules without a data source": (
        _GROUP,
        {**_RULES, "datasources:query": ("datasources:uid:prom",)},
        ["datasources:query datasources:uid:loki"],
    ),
    "rules by provisioning": (_GROUP, {"alert.provisioning:write": ("",)}, []),
    "rules by provisioning of rules": (_GROUP, {"alert.rules.provisioning:write": ("",)}, []),
    "rules without the mark": (
        _GROUP,
        {
            **{key: value for key, value in _RULES.items() if "provenance" not in key},
            "datasources:query": ("*",),
        },
        ["alert.provisioning.provenance:write "],
    ),
    "any of a kind": (Need("folder", ResourceAccess.READ), {"folders:read": ("folders:uid:x",)}, []),
}


@pytest.mark.parametrize("case", CASES)
def test_a_permission_counts_for_what_its_scope_covers(case: str) -> None:
    need, held, expected = CASES[case]
    lacking = missing_permissions([need], held)
    assert [f"{one.permission.action} {one.permission.scope}" for one in lacking] == expected


def test_nothing_is_missing_where_grafana_hides_permissions() -> None:
    assert missing_permissions([_UPDATE], None) == []


def test_each_permission_is_named_once_with_all_that_need_it() -> None:
    needs = [
        Need("dashboard", ResourceAccess.UPDATE, f"d{n}", ("sales",), f"dashboard `d{n}`") for n in range(5)
    ]
    (lacking,) = missing_permissions(needs, {})
    assert lacking.message == (
        "`dashboards:write` for `folders:uid:sales`, for dashboard `d0`, dashboard `d1`, dashboard `d2` and 2 more "
        "(role `fixed:dashboards:writer`, or Editor in an open source Grafana)"
    )


def test_the_table_has_every_kind_that_is_pushed_and_every_operation() -> None:
    assert set(resource_kinds()) <= set(PUSHED)
    for kind in PUSHED:
        for operation in (
            ResourceAccess.READ,
            ResourceAccess.CREATE,
            ResourceAccess.UPDATE,
            ResourceAccess.DELETE,
        ):
            assert find_row(kind, operation, apis=kind == "inhibition-rule").least


def test_no_two_rows_are_about_the_same() -> None:
    keys = [(entry.kind, entry.operation, entry.api) for entry in TABLE]
    assert len(keys) == len(set(keys))


def test_a_kind_that_the_table_does_not_have_is_left_to_grafana():
    needs = [Need("playlist", ResourceAccess.CREATE, subject="playlist `Wall`"), _UPDATE]
    assert [one.permission.action for one in missing_permissions(needs, {})] == ["dashboards:write"]
